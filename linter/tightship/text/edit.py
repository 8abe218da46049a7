"""Edits: the only way in which Tightship changes text."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.text.source import Source, Span


class Edit:
    """Replace what a span covers with other text.

    ``adds_to`` is what an insertion continues, such as a list. It has no place once
    another edit replaces all of that.
    """

    __slots__ = ("adds_to", "span", "text")

    def __init__(self, span: Span, text: str, *, adds_to: Span | None = None) -> None:
        self.span = span
        self.text = text
        self.adds_to = adds_to

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Edit) and self.span == other.span and self.text == other.text

    def __hash__(self) -> int:
        return hash((self.span, self.text))

    def __repr__(self) -> str:
        return f"Edit({self.span!r} -> {self.text!r})"


class OverlapError(ValueError):
    """Two edits exclude each other: neither can be applied.

    Both replace the same characters, or one replaces what the other adds to.
    """


def apply_edits(source: Source, edits: Iterable[Edit]) -> str:
    """Return the text of a source after the edits that belong to it.

    Edits of other sources are skipped, so that a fix that spans files can be
    applied file by file. Two insertions at one place keep their order, but lines
    indented deeper come first, since they belong to what ends there; equal edits,
    which several findings may share, count once.

    Raises:
        OverlapError: if two different edits change the same characters, or one adds to
            what another one replaces.

    """
    mine = dict.fromkeys(edit for edit in edits if edit.span.source is source)
    text, pieces, done = source.text, list[str](), 0
    gone: Span | None = None
    for edit in sorted(mine, key=_place):
        if edit.span.start < done:
            raise OverlapError(f"{edit!r} overlaps the edit before it")
        added = edit.adds_to
        if gone and added and gone.end == edit.span.start and gone.start <= added.start:
            raise OverlapError(f"{edit!r} adds to what the edit before it replaces")
        if edit.span.start < edit.span.end:
            gone = edit.span
        pieces += text[done : edit.span.start], edit.text
        done = edit.span.end
    return "".join(pieces) + text[done:]


def _place(edit: Edit) -> tuple[int, int, int]:
    """Return the sort key of an edit; a list's dash is deeper than its key."""
    line = edit.text.lstrip("\r\n")
    new_line = len(line) < len(edit.text)
    depth = len(line) - len(line.lstrip(" ")) if new_line else 0
    deeper = 2 * depth + line.lstrip(" ").startswith("- ")
    return edit.span.start, edit.span.end, -deeper
