"""Text that a command itself writes into files, such as lines of a configuration."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.syntax.shell.quote import content, joined_content

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Redirection, Word
    from tightship.syntax.shell.text import Text

_MOST_WORDS = 1_000
_MOST_COMMANDS = 8
_MOST_FILES = 20
_WRITES = (">", ">>", ">|", "&>", "&>>")
_PRINTERS = frozenset(("echo", "printf"))
WRITERS = frozenset((*_PRINTERS, "cat", "sed", "tee"))
"""The programs whose output is known."""

# The new text of sed's `s/old/new/`; the delimiter may be any character.
_REPLACED = regex(
    r"(?s)s(?P<mark>[/|#,@!:;~%])(?:(?!(?P=mark))[^\\]|\\.){0,500}+(?P=mark)"
    r"(?P<new>(?:(?!(?P=mark))[^\\]|\\.){0,500}+)(?P=mark)"
)
# The new text of sed's `a text`, `i text` and `c text`.
_ADDED = regex(r"(?:\A|[;\n/$0-9])[ \t]*+[aic](?:\\\n|\\|[ \t])[ \t]*+(?P<new>[^\n]++)")


def file_writes(call: Call) -> Iterator[tuple[str, Text]]:
    """Yield the texts that a command surely writes into files, with their paths.

    These are the output of ``echo`` and ``printf``, or a heredoc, that ``>`` or ``tee``
    sends to a file, and the text that ``sed -i`` inserts. Path and text may hold
    ``UNKNOWN`` characters. Escapes that ``echo`` or ``printf`` undo are as written.
    """
    program = call.program
    if program is None:
        return
    if program.name == "sed":
        yield from _by_sed(call)
        return
    texts: list[Text] = []
    files: list[Word] = []
    if program.name in _PRINTERS:
        texts = [joined_content(program.words[:_MOST_WORDS])] if program.words else []
        files = [*output_files(call.command.redirections), *teed(call)]
    elif program.name in ("cat", "tee"):
        texts = [
            content(one.body or one.target)
            for one in call.command.redirections
            if one.operator in ("<<", "<<-", "<<<") and one.target is not None
        ]
        files = [*output_files(call.command.redirections), *teed(call)]
        if program.name == "tee":
            files += program.arguments().operands[:_MOST_FILES]
    elif call.position and (given := output_files(call.command.redirections)):
        from tightship.commands.decoded import printed  # few commands write what another prints

        text = printed(call.pipeline.commands[: call.position + 1])
        texts, files = [text] if text is not None else [], given
    for file in files:
        path = content(file).value
        for text in texts:
            yield path, text


def output_files(redirections: list[Redirection]) -> list[Word]:
    """Return the files that redirections send the standard output to."""
    return [
        one.target
        for one in redirections
        if one.operator in _WRITES and one.descriptor in ("", "1") and one.target is not None
    ]


def teed(call: Call) -> list[Word]:
    """Return the files of a ``tee`` that follows in the pipeline."""
    from tightship.commands.program import programs
    from tightship.syntax.shell.nodes import Simple

    after = call.position + 1
    for command in call.pipeline.commands[after : after + _MOST_COMMANDS]:
        found = programs(command) if isinstance(command, Simple) else []
        if found and found[-1].name == "tee":
            return found[-1].arguments().operands[:_MOST_FILES]
    return []


def _by_sed(call: Call) -> Iterator[tuple[str, Text]]:
    program = call.program
    if program is None:
        return
    arguments = program.arguments(("-e", "-f", "-l", "--expression", "--file"))
    if not any(flag.name in ("-i", "--in-place") for flag in arguments.flags) or arguments.flag(
        "-f", "--file"
    ):
        return
    scripts = [
        flag.source
        for flag in arguments.flags
        if flag.name in ("-e", "--expression") and flag.source is not None
    ]
    files = arguments.operands
    if not scripts:
        scripts, files = files[:1], files[1:]
    for file in files[:_MOST_FILES]:
        path = content(file).value
        for script in scripts[:_MOST_FILES]:
            yield from ((path, text) for text in _put_in(content(script)))


def _put_in(script: Text) -> Iterator[Text]:
    for pattern in (_REPLACED, _ADDED):
        for found in pattern.finditer(script.value):
            start, end = found.span("new")
            if start < end:
                yield script.replaced(start, end, [(None, start, end)])
