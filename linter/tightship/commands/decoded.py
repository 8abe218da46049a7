"""Scripts that a shell gets of a text in another script, as it is or decoded: `echo … | base64 -d | sh`."""

from __future__ import annotations

from tightship.commands.download import VALUED
from tightship.commands.program import Program, code, programs, substitutions
from tightship.lazy import regex
from tightship.syntax.shell.nodes import Simple
from tightship.syntax.shell.quote import content, joined_content, undo
from tightship.syntax.shell.text import UNKNOWN, Text

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections.abc import Iterator, Sequence

    from tightship.commands.calls import Call
    from tightship.syntax.shell.nodes import Command

_BASES = frozenset(("base32", "base64", "openssl", "xxd"))
_DECODERS = frozenset((
    *_BASES, "basenc", "bzcat", "gpg", "gunzip", "rev", "unxz", "uudecode", "xzcat", "zcat",
))  # fmt: skip
_DECODES = regex(r"-[a-zA-Z]*[dDr][a-zA-Z]*|--(?:decode|decrypt)")
_RANGE = regex(r"(?s)(.)-(.)")
_ALWAYS = _DECODERS - _BASES - {"basenc", "gpg"}
_INPUTS = ("<<", "<<-", "<<<")
_MOST_WORDS, _MOST_COMMANDS = 1_000, 8


def scripts(calls: Sequence[Call]) -> Iterator[tuple[Call, Text]]:
    """Yield the texts that shells get from a command before them, or as its output."""
    for call in calls:
        for commands in _sources(call):
            text = printed(commands)
            if text is not None:
                yield call, text


def is_opaque(call: Call) -> bool:
    """Return whether a shell runs what a program decodes, and that is unknown."""
    for commands in _sources(call):
        every = list[Program]()
        for one in reversed(commands):
            every += _last(one)
            if every and every[-1].kind == "sh":  # what it runs is asked of itself
                break
        is_download = any(one.name in VALUED for one in every)
        if not is_download and any(map(_decodes, every)) and printed(commands) is None:
            return True
    return False


def _sources(call: Call) -> Iterator[Sequence[Command]]:
    """Yield the commands whose output a shell runs."""
    found = code(call)
    if found is not None and found.stdin and call.position:
        yield call.pipeline.commands[: call.position]
    for part in substitutions(call):
        if len(part.body.items) == 1:
            yield part.body.items[0][0].commands


def printed(commands: Sequence[Command]) -> Text | None:
    """Return what the last of some commands in a pipeline prints, if that is known."""
    if len(commands) > _MOST_COMMANDS:
        return None
    text: Text | None = None
    for number, command in enumerate(commands):
        found = [*_last(command)]
        if not found or not isinstance(command, Simple):
            return None
        given = text if number else _given(command, found[0])
        text = _changed(given, found[0]) if given is not None else None
    return text if text is not None and UNKNOWN not in text.value else None


def _last(command: Command) -> list[Program]:
    return programs(command)[-1:] if isinstance(command, Simple) else []


def _given(command: Simple, program: Program) -> Text | None:
    """Return the text that a command prints, or gets as its input."""
    if program.name in ("echo", "printf"):
        words = [
            one
            for one in program.words[:_MOST_WORDS]
            if one.head not in ("-e", "-n", "-en", "-ne", "%s", "%b")
        ]
        text = joined_content(words) if words else None
        is_escaped = text is not None and "\\" in text.value
        return _of(text, undo(text.value, "$'")) if text is not None and is_escaped else text
    for one in reversed(command.redirections):
        if one.operator in _INPUTS and (word := one.body or one.target) is not None:
            return content(word)
    return None


def _changed(text: Text, program: Program) -> Text | None:
    """Return what a program makes of a text, if that is known."""
    name = program.name
    if name in ("cat", "echo", "printf", "tee"):
        return text
    if name == "tr":
        sets = [_RANGE.sub(_ranged, one.value or "") for one in program.words]
        is_plain = len(sets) == 2 and 0 < len(sets[0]) <= len(sets[1])
        table = str.maketrans(sets[0], sets[1][: len(sets[0])]) if is_plain else {}
        return _of(text, text.value.translate(table)) if is_plain else None
    if name == "rev":
        return _of(text, "\n".join(one[::-1] for one in text.value.split("\n")))
    if name not in _BASES or not _decodes(program):
        return None
    import base64

    signs = "".join(text.value.split())
    decode = {"base32": base64.b32decode, "xxd": bytes.fromhex}.get(name, base64.b64decode)
    try:
        return _of(text, decode(signs).decode("utf-8"))
    except ValueError:
        return None


def _ranged(found: re.Match[str]) -> str:
    return "".join(map(chr, range(ord(found[1]), min(ord(found[2]), 0x7F) + 1)))


def _decodes(program: Program) -> bool:
    return program.name in _ALWAYS or (
        program.name in _DECODERS and any(_DECODES.fullmatch(one.head) for one in program.words)
    )


def _of(text: Text, value: str) -> Text:
    """Return another text, all of it at the place of one."""
    place = text.span(0, len(text.value))
    return Text(text.source, [(value, place.start, place.end)])
