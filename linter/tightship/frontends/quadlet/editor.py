"""Edits of a unit of Podman: lines with new keys below that of the image, and lines that go."""

from __future__ import annotations

from tightship.frontends.flags.editor import FlagEditor, end_of
from tightship.frontends.quadlet.unit import keys
from tightship.lazy import TYPE_CHECKING, cache, regex
from tightship.text import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.model.editor import Edits

_ARGUMENTS = regex(r"[ \t]*PodmanArgs[ \t]*=[ \t]*")
_EQUALS = regex(r"[ \t]*=[ \t]*")
_LINE_END = regex(r"\r?\n")


class UnitEditor(FlagEditor):
    """Edits of one unit, whose image is at ``place``."""

    __slots__ = ("_place",)

    ends_with_flags = True

    def __init__(self, arguments: Arguments, place: Span) -> None:
        super().__init__(arguments)
        self._place = place

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds a line for each flag."""
        source = self._place.source
        end = source.line_end(self._place.start)
        lines = "".join(
            f"{source.newline}{line_of(*flag.removeprefix('--').split(' ', 1))}" for flag in flags
        )
        return (Edit(Span(source, end, end), lines),)

    def _removal(self, given: Given) -> Edits:
        """Return the edit that removes a flag; a line that has nothing else goes with it."""
        source, word = given.word.span.source, given.word.span
        start, end = source.line_start(word.start), source.line_end(end_of(given))
        text, value = source.text, given.value.span.start if given.value is not None else word.end
        is_key = start == word.start and _EQUALS.fullmatch(text, word.end, value) is not None
        is_only = is_key or _ARGUMENTS.fullmatch(text, start, word.start) is not None
        if text[:start].rstrip("\r\n").endswith("\\") or "\n" in text[start:end]:
            return ()  # it is on a line that another one continues
        if not is_only or text[end_of(given) : end].strip():
            return super()._removal(given)
        after = _LINE_END.match(text, end)
        return (Edit(Span(source, start, after.end() if after else end), ""),)


def key_of(flag: str) -> str | None:
    """Return the key that stands for a flag, or None."""
    return _keys().get(flag)


def line_of(flag: str, value: str = "") -> str:
    """Return the line that stands for a flag with its value, or else gives Podman the flag."""
    option = value.removesuffix(":true") if flag == "security-opt" else ""
    key = key_of(f"security-opt {option}") if option else None
    if key is not None:
        return f"{key}=true"
    key = key_of(flag)
    if key is not None:
        return f"{key}={value or 'true'}"
    return f"PodmanArgs=--{flag}{' ' * bool(value)}{value}"


@cache
def _keys() -> dict[str, str]:
    return {meaning.partition(" ")[2]: key for key, meaning in keys("container").items()}
