"""The shell scripts of an instruction.

Facts from BuildKit: dispatchRun and withShell of frontend/dockerfile/dockerfile2llb,
heredocs of frontend/dockerfile/parser/parser.go.
"""

from __future__ import annotations

from tightship.commands.program import program_name, shell_kind
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.read import exec_form, pieces_of, read
from tightship.syntax.shell.text import Text
from tightship.text import Span

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator
    from typing import Literal

    from tightship.syntax.dockerfile.nodes import Heredoc, Instruction, Joined
    from tightship.syntax.shell.nodes import Script
    from tightship.syntax.shell.text import Piece

    Kind = Literal["sh", "powershell", "cmd", ""]

_KINDS: dict[str, Kind] = {"sh": "sh", "powershell": "powershell", "cmd": "cmd"}
_RUNNING = frozenset(("RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"))

_STRING = regex(r'"((?:[^"\\]|\\.)*+)"')
_ESCAPE = regex(r"\\(?:u[dD][89abAB]..\\u[dD][c-fC-F]..|u....|.)")
_SHEBANG = regex(r"#![ \t]*+(\S++)[ \t]*+(.*+)")


class Shell:
    """The value of SHELL: the words before a command in shell form.

    ``kind`` is the language of such a command: ``sh`` (bash and others included),
    ``powershell``, ``cmd``, or nothing if it is unknown. ``instruction`` is the SHELL, and ``span``
    its place: ``None`` for the default.
    """

    __slots__ = ("instruction", "kind", "span", "words")

    def __init__(self, words: tuple[str, ...], instruction: Instruction | None = None) -> None:
        self.words = words
        self.instruction = instruction
        self.span = instruction.span if instruction is not None else None
        self.kind = _kind(words)


def _kind(words: tuple[str, ...]) -> Kind:
    """Return the language of a shell, which others may start, as ``conda run`` does.

    The last of ``cmd /S /C powershell -Command`` counts.
    """
    for word in reversed(words):
        kind = _KINDS.get(shell_kind(word))
        if kind is not None:
            return kind
    return ""


DEFAULT_SHELL = Shell(("/bin/sh", "-c"))
"""The shell of the shell form on Linux, unless the base image sets another."""

SHELL_OF_WINDOWS = Shell(("cmd", "/S", "/C"))
"""The shell of the shell form on Windows (Dockerfile reference, SHELL)."""


def scripts(instruction: Instruction, shell: Shell) -> tuple[Script, ...]:
    """Return the scripts of RUN, CMD, ENTRYPOINT, HEALTHCHECK: one or none, and that of SHELL.

    A command in exec form is a script of one command. There is none if another shell
    than sh or a similar one reads it, or if nothing is run. ``shell`` is the one that
    applies at the instruction; for HEALTHCHECK it is the last one of the stage, because
    Docker looks it up when the check runs. For ONBUILD, pass the trigger.
    """
    if instruction.name not in _RUNNING:
        return ()
    if instruction.json:
        words = _strings(instruction)
        source = instruction.span.source
        return (exec_form(source, words),) if words else ()
    text = shell_form(instruction, shell)
    return () if text is None else (read(text), *_of_shell(shell))


def _of_shell(shell: Shell) -> Iterator[Script]:
    """Yield the command of a SHELL that has a whole script, to which each RUN is an argument."""
    made = shell.instruction
    if made is not None and made.json and _has_script(shell.words):
        yield exec_form(made.span.source, _strings(made))


def _has_script(words: tuple[str, ...]) -> bool:
    """Return whether a shell gets more than options: a script, or the file of one."""
    at = next(n for n, one in reversed([*enumerate(words)]) if shell_kind(one) == "sh")
    rest = iter(words[at + 1 :])
    for word in rest:
        if word[:1] not in ("-", "+"):
            return True
        if word[-1:] in ("o", "O") or word in ("--rcfile", "--init-file"):
            next(rest, None)
    return False


def interpreter(instruction: Instruction, shell: Shell) -> tuple[str, ...]:
    """Return the words that start the shell of an instruction's script.

    These are the first line of a heredoc, if it is a script with such a line. A command
    in exec form starts without a shell: its first word is none of a script.
    """
    command = instruction.command
    if instruction.json:
        return DEFAULT_SHELL.words
    if not instruction.heredocs or command is None:
        return shell.words
    from tightship.syntax.dockerfile.heredoc import is_opener

    if not is_opener(command.text):
        return shell.words
    found = _SHEBANG.match(instruction.heredocs[0].body.text)
    return (found[1], *found[2].split()) if found else shell.words


def shell_form(instruction: Instruction, shell: Shell) -> Text | None:
    """Return the text of the script in shell form of an instruction, if it has one.

    There is none under the same conditions as in :func:`scripts`.
    """
    command = instruction.command
    if instruction.name not in _RUNNING or shell.kind != "sh" or command is None:
        return None
    if not _is_command(instruction):
        return None
    if not instruction.heredocs:
        return Text(command.source, command.pieces())
    return _run(command, instruction.heredocs)


def _is_command(instruction: Instruction) -> bool:
    """Return whether a HEALTHCHECK has a command; ``NONE`` and errors have none."""
    return instruction.name != "HEALTHCHECK" or instruction.arguments[0].value.upper() == "CMD"


def _strings(instruction: Instruction) -> list[list[Piece]]:
    """Return the pieces of each string of a JSON array, with escapes undone."""
    if not _is_command(instruction):
        return []
    words = instruction.arguments
    if instruction.name == "HEALTHCHECK":
        words = words[1:]
    if all(len(w.value) + 2 == w.span.end - w.span.start for w in words):
        # Nothing is escaped, and no line goes on within quotes.
        return [[(w.value, w.span.start + 1, w.span.end - 1)] for w in words]
    body = Text(instruction.body.source, instruction.body.pieces())
    found = zip(_STRING.finditer(body.value), words, strict=False)
    texts = (body.replaced(*string.span(1), _decoded(string, word.value)) for string, word in found)
    return [pieces_of(text) for text in texts]


def _decoded(string: re.Match[str], value: str) -> Iterator[tuple[str | None, int, int]]:
    """Yield the parts of a string: each escape is one character of its value."""
    start, end = string.span(1)
    at = 0
    for escape in _ESCAPE.finditer(string.string, start, end):
        yield None, start, escape.start()
        at += escape.start() - start
        yield value[at : at + 1], *escape.span()
        at += 1
        start = escape.end()
    yield None, start, end


def _run(command: Joined, heredocs: list[Heredoc]) -> Text | None:
    """Return the script of a RUN with heredocs.

    A heredoc that is the whole command is the script itself, or a program with a
    shebang. Else the shell reads the line and the bodies, with the heredocs.
    """
    from tightship.syntax.dockerfile.heredoc import is_opener

    if not is_opener(command.text):
        return _reconstituted(command, heredocs)
    heredoc = heredocs[0]
    if not _is_for_shell(heredoc):
        return None
    text = Text.of(heredoc.body)
    return text.without_leading_tabs(0, len(text.value)) if heredoc.chomp else text


def _is_for_shell(heredoc: Heredoc) -> bool:
    """Return whether a body has no shebang, or that of a shell.

    BuildKit looks for it before it removes the tabs of ``<<-``.
    """
    found = _SHEBANG.match(heredoc.body.text)
    if found is None:
        return True
    name = program_name(found[1])
    if name == "env":
        words = found[2].split()
        named = [word for word in words if word[0] != "-" and "=" not in word]
        name = program_name(named[0]) if named else ""
    return shell_kind(name) == "sh"


def _reconstituted(command: Joined, heredocs: list[Heredoc]) -> Text:
    """Return a line with the heredocs that follow it, as the shell reads them.

    One without an end, which BuildKit rejects, ends where its body does.
    """
    pieces = list(command.pieces())
    before = command.whole().end
    for heredoc in heredocs:
        body, name = heredoc.body, heredoc.name
        end = heredoc.end or Span(body.source, body.end, body.end)
        if heredoc.end is None and body.text and not body.text.endswith("\n"):
            name = f"\n{name}"
        pieces.append(("\n", before, max(before, body.start)))
        pieces.append((body.text, body.start, body.end))
        pieces.append((name, end.start, end.end))
        before = end.end
    return Text(command.source, pieces)
