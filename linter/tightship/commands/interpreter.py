"""Programs that execute their input or arguments as code: shells and interpreters."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.syntax.shell.nodes import Substitution, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.calls import Call
    from tightship.commands.program import Arguments, Program
    from tightship.syntax.shell.nodes import Word

_STDIN = frozenset(("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"))
_SHELL = frozenset(("-o", "+o", "-O", "+O", "--rcfile", "--init-file"))
_OTHER_SHELLS = frozenset(("fish", "csh", "tcsh"))
_SOURCES = frozenset((".", "source"))

# The flags of interpreters by what they do with the next word: run it as code, or
# something else. Versions are no part of the names.
_CODE = {
    "python": ("-c",),
    "pypy": ("-c",),
    "perl": ("-e", "-E"),
    "ruby": ("-e",),
    "node": ("-e", "-p", "--eval", "--print"),
    "nodejs": ("-e", "-p", "--eval", "--print"),
    "php": ("-r", "-B", "-R", "-E"),
    "lua": ("-e",),
}
_VALUED = {
    "python": ("-m", "-W", "-X"),
    "pypy": ("-m", "-W", "-X"),
    "ruby": ("-r", "-I"),
    "node": ("-r", "--require", "--import", "--loader"),
    "nodejs": ("-r", "--require"),
    "php": ("-c", "-d", "-f", "--file"),
    "lua": ("-l",),
}


class Code(Record):
    """The code that a program executes: a file, a text, or its input; at most one."""

    file: Word | None = None
    text: Word | None = None
    stdin: bool = False


def unversioned(name: str) -> str:
    """Return the name of a program without a version, as in ``python3.12``."""
    return name.rstrip("0123456789.") or name


def code(call: Call) -> Code | None:
    """Return the code that a command executes; ``None`` if that is not certain.

    A command that is a path executes the file of that path.
    """
    program = call.program
    if program is None:
        words = call.command.words
        return Code(file=words[0]) if words and _is_path(words[0]) else None
    if any(outer.name == "xargs" for outer in call.programs):
        return None
    return _code(program) or (Code(file=program.word) if _is_path(program.word) else None)


def substitutions(call: Call) -> Iterator[Substitution]:
    """Yield the command substitutions whose output a command executes as code.

    Only a substitution at the start of the code counts: in ``sh -c "v=$(…)"`` the
    output is a value.
    """
    found = code(call)
    if found is None:
        return
    words = [found.file, found.text]
    if found.stdin:
        words += [
            redirection.target
            for redirection in call.command.redirections
            if redirection.operator in ("<", "<<<")
        ]
    for word in words:
        first = next(flat(word.parts), None) if word is not None else None
        if isinstance(first, Substitution):
            yield first


def _code(program: Program) -> Code | None:
    if program.kind == "sh" or program.name in _OTHER_SHELLS:
        arguments = program.arguments(_SHELL, mixed=False, signs="-+")
        if arguments.flag("-c"):
            text = arguments.operands[0] if arguments.operands else None
            return Code(text=text)
        return Code(stdin=True) if arguments.flag("-s") else _first(arguments)
    if program.name == "eval":
        return Code(text=program.words[0]) if program.words else None
    if program.name in _SOURCES:
        return _first(program.arguments(mixed=False)) if program.words else None
    return _interpreted(program)


def _interpreted(program: Program) -> Code | None:
    name = unversioned(program.name)
    inline = _CODE.get(name)
    if inline is None:
        return None
    arguments = program.arguments((*inline, *_VALUED.get(name, ())), mixed=False)
    for flag in arguments.flags:
        if flag.name in inline:
            return Code(text=flag.source)
        if flag.name == "-m" or flag.name in ("-v", "-V", "--version"):
            return Code()
        if name == "php" and flag.name in ("-f", "--file"):
            return Code(file=flag.source)
    # `php -- --option` passes options to the script that comes in.
    if name == "php" and any(word.value == "--" for word in program.words):
        return Code(stdin=True)
    return _first(arguments)


def _first(arguments: Arguments) -> Code:
    """Return the first operand as the file, or the input without one."""
    operands = arguments.operands
    if not operands or operands[0].value in _STDIN:
        return Code(stdin=True)
    return Code(file=operands[0])


def _is_path(word: Word) -> bool:
    return "/" in word.raw
