"""The commands of a container, as words and as flags."""

from __future__ import annotations

from itertools import pairwise

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.model.value import ScalarValue, SequenceValue

if TYPE_CHECKING:
    import re
    from collections.abc import Iterable, Iterator, Sequence
    from typing import TypeAlias

    from tightship.model.reading import Step
    from tightship.model.value import Value
    from tightship.syntax.shell import nodes as shell
    from tightship.text import Span

    Written: TypeAlias = "CommandWord | ScriptWord"

LONGEST_SHARED = 4_000
"""The longest text of an anchor that is read, for each service reads it again."""

_WORD = regex(
    r"""(?s)(?:[^\s"'\\;&|<>()]|\\.|"(?:[^"\\]|\\.)*+"|'[^']*+'|["'\\])++"""
    r"|(?:[;&|<>()])++"
)
# The word before a script: that of ``sh -ec``, or the mark of a health check.
_SCRIPT_NEXT = regex(r"-[a-z]{0,8}c|CMD-SHELL")
_QUOTED = regex(r"""(?s)\\(.)|"((?:[^"\\]|\\.)*+)"|'([^']*+)'""")


class CommandWord(Record):
    """A word of a command, as it is written in a scalar (``raw``), and unquoted."""

    text: str
    leaf: ScalarValue
    raw: str

    @property
    def span(self) -> Span:
        """Return the place of the word, or of the text that it is part of."""
        return self.leaf.span if self.raw == self.leaf.text else self.leaf.span.part(self.raw)

    @property
    def whole(self) -> Span:
        """Return the place of the text that it is part of."""
        return self.leaf.span

    @property
    def provenance(self) -> tuple[Step, ...]:
        """Return the provenance of its text."""
        return self.leaf.provenance


class ScriptWord(Record):
    """A word of a script of a Dockerfile, with the same attributes."""

    _word: shell.Word

    @property
    def text(self) -> str:
        """Return the word: its value, or as it is written if it has none."""
        return self._word.raw if self._word.value is None else self._word.value

    provenance: tuple[Step, ...] = ()

    @property
    def span(self) -> Span:
        """Return the place of the word."""
        return self._word.span

    @property
    def whole(self) -> Span:
        """Return the place of the script, or of the command that is a list."""
        return self._word.text.span(0, len(self._word.text.value))


class Flag:
    """A flag of a command, with its value: after ``=``, or in the next word.

    ``name`` has its dashes. ``source`` is the word that holds the value.
    """

    __slots__ = ("name", "source", "value", "word")

    def __init__(
        self, name: str, value: str | None, word: Written, source: Written | None = None
    ) -> None:
        self.name = name
        self.value = value
        self.word = word
        self.source = word if source is None else source

    @property
    def span(self) -> Span:
        """Return the place of the flag."""
        return self.word.span

    @property
    def provenance(self) -> tuple[Step, ...]:
        """Return the provenance of its text."""
        return self.word.provenance


def commands_in(value: Value | None) -> Iterator[list[CommandWord]]:
    """Yield the words of each command in a value, be it a text or a list.

    A script for a shell is its own command, of all its words, and so is a script within
    it. Quotes are removed, variables of the shell are not expanded.
    """
    line = _line(value)
    if line is None:
        return
    yield line
    scripts = _first_scripts(line)
    for word in scripts:  # A script within a script is shorter by its quotes.
        line = _split(word.text, word.leaf)
        yield line
        scripts += _scripts(line)


def unread_script(value: Value | None) -> ScalarValue | None:
    """Return the text of a command, or the script in it, that is too long to be read."""
    if isinstance(value, ScalarValue):
        return value if _is_too_long(value) else None
    words = _first_scripts(_line(value) or [])
    return next((word.leaf for word in words if _is_too_long(word.leaf)), None)


def script_flags(scripts: Iterable[shell.Script]) -> Iterator[Flag]:
    """Yield the flags of every command of scripts, those of ``sh -c`` included."""
    from tightship.commands.calls import calls

    for script in scripts:
        for call in calls(script):
            yield from flags([ScriptWord(word) for word in call.command.words])


def flags(command: Sequence[Written]) -> Iterator[Flag]:
    """Yield the flags of a command."""
    for word, after in zip(command, [*command[1:], None], strict=False):
        if not word.text.startswith("-"):
            continue
        name, equals, value = word.text.partition("=")
        if equals:
            yield Flag(name, value.strip("\"'"), word)
        elif after is not None and not after.text.startswith("-"):
            yield Flag(name, after.text, word, after)
        else:
            yield Flag(name, None, word)


def _line(value: Value | None) -> list[CommandWord] | None:
    if isinstance(value, ScalarValue):
        return _split(value.text, value)
    if not isinstance(value, SequenceValue):
        return None
    leaves = [item for item in value.items if isinstance(item, ScalarValue)]
    return [CommandWord(leaf.text, leaf, leaf.text) for leaf in leaves]


def _first_scripts(line: list[CommandWord]) -> list[CommandWord]:
    return [word for word in line[:1] if _has_words(word)] + _scripts(line)


def _scripts(line: list[CommandWord]) -> list[CommandWord]:
    return [
        word
        for before, word in pairwise(line)
        if _has_words(word) and _SCRIPT_NEXT.fullmatch(before.text)
    ]


def _has_words(word: CommandWord) -> bool:
    return " " in word.text or "\n" in word.text


def _is_too_long(leaf: ScalarValue) -> bool:
    return len(leaf.text) > LONGEST_SHARED and not leaf.is_own


def _split(text: str, leaf: ScalarValue) -> list[CommandWord]:
    if _is_too_long(leaf):
        return []
    return [
        CommandWord(_QUOTED.sub(_undone, found[0]), leaf, found[0])
        for found in _WORD.finditer(text)
    ]


def _undone(found: re.Match[str]) -> str:
    return next((group for group in found.groups() if group is not None), "")
