"""Code frames: the line of a span, and the lines that edits turn it into."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.report.terminal import HIDDEN, MARK, columns, visible
from tightship.text import joined

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.report.terminal import Paint
    from tightship.text import Edit, Source, Span

    Change = tuple[str, str, str, str]  # line number or arrow, sign, style, text
    Patch = tuple[str, tuple[Change, ...]]  # with the path of the file

_TAB = "    "
_CUT = "..."
_MOST_REMOVED, _MOST_ADDED = 12, 60  # A reader needs all lines to write.
_MOST_TEXT = 20_000
_MARKS = regex(f"{MARK}+")


def code_line(span: Span, width: int) -> tuple[str, str]:
    """Return the first line of a span for display, and the carets below it."""
    before, marked, after = code_parts(span, width)
    carets = " " * columns(before) + "^" * max(1, columns(marked.rstrip()))
    return (before + marked + after).rstrip(), carets


def code_parts(span: Span, width: int) -> tuple[str, str, str]:
    """Return the first line of a span for display: before it, in it, and after it.

    A long line is cut around the span; only ``width`` characters of it are read.
    """
    source = span.source
    start, stop = _line(source, source.point(span.start)[0])
    begin, end = min(span.start, stop), min(span.end, stop)
    low, high = start, stop
    if stop - start > width:
        if end - start > width:
            low = max(start, begin - width // 4)
        high = min(stop, low + width)
    before = (_CUT if low > start else "") + source.text[low:begin]
    marked = source.text[begin : min(end, high)]
    after = source.text[min(end, high) : high] + (_CUT if high < stop else "")
    return _shown(before), _shown(marked), _shown(after)


class Hunk(Record):
    """Lines that edits remove and add, for display, from a 0-based line."""

    line: int
    removed: list[str]
    added: list[str]


def hunks(source: Source, edits: Iterable[Edit], width: int) -> list[Hunk] | None:
    """Return the lines that edits change in a source.

    The result is None if edits overlap, or if the lines are too long to show.
    """
    mine = dict.fromkeys(joined(tuple(edit for edit in edits if edit.span.source is source)))
    found: list[Hunk] = []
    for first, last, cluster in _clusters(source, mine):
        start, stop = _line(source, first)[0], _line(source, last)[1]
        if stop - start > _MOST_TEXT:
            return None
        done = start
        pieces: list[str] = []
        for edit in cluster:
            if edit.span.start < done:
                return None
            pieces += source.text[done : edit.span.start], edit.text
            done = edit.span.end
        new = _lines("".join(pieces) + source.text[done:stop])
        old = _lines(source.text[start:stop])
        while old and new and old[0] == new[0]:
            old, new, first = old[1:], new[1:], first + 1
        while old and new and old[-1] == new[-1]:
            old, new = old[:-1], new[:-1]
        if any(len(line) > 2 * width for line in (*old, *new)):
            return None
        if old or new:
            found.append(Hunk(first, _cut(old, _MOST_REMOVED), _cut(new, _MOST_ADDED)))
    return found


def _clusters(source: Source, edits: Iterable[Edit]) -> Iterator[tuple[int, int, list[Edit]]]:
    """Join the edits that touch the same lines."""
    first = last = -1
    cluster: list[Edit] = []
    for edit in sorted(edits, key=lambda edit: (edit.span.start, edit.span.end)):
        begin = source.point(edit.span.start)[0]
        if cluster and begin > last:
            yield first, last, cluster
            cluster = []
        if not cluster:
            first = last = begin
        last = max(last, source.point(edit.span.end)[0])
        cluster.append(edit)
    if cluster:
        yield first, last, cluster


def _line(source: Source, number: int) -> tuple[int, int]:
    """Return the start and end of a 0-based line, without reading its text."""
    starts, text = source.line_starts, source.text
    start = starts[number]
    if number + 1 == len(starts):
        return start, len(text)
    stop = starts[number + 1] - 1
    return start, stop - (text[stop] == "\n" and text[stop - 1 : stop] == "\r")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _cut(lines: list[str], most: int) -> list[str]:
    if len(lines) <= most + 1:
        return [_shown(line) for line in lines]
    rest = f"{_CUT} ({len(lines) - most} more lines)"
    return [*(_shown(line) for line in lines[:most]), rest]


def _shown(text: str) -> str:
    if MARK in text:
        text = _MARKS.sub(HIDDEN, text)
    return visible(text.replace("\t", _TAB))


class Frame:
    """The lines of code of a finding, in one margin with the lines that fixes write.

    ``place`` is shown above the code, where it is given; ``name`` returns the path of a
    file as the reader sees it. ``changes`` are empty if the fixes cannot be shown, and
    left out of the lines if they are in ``known``, the changes that the reader has seen;
    else they are added to it.
    """

    def __init__(
        self,
        judged: JudgedFinding,
        fixes: Sequence[Fix],
        paint: Paint,
        width: int,
        name: Callable[[Source], str],
        known: set[Patch],
    ) -> None:
        self._judged = judged
        self._paint = paint
        self._width = width
        self._name = name
        self._number = judged.span.line
        self.changes = self._changed(fixes)
        patch = name(judged.span.source), (*self.changes,)
        self._is_known = patch in known
        known.add(patch)
        labels = (len(label) for label, *_ in self._shown)
        self._gutter = max([len(str(self._number)), *labels])

    def lines(self, place: str = "") -> Iterator[str]:
        """Yield the frame, and the lines to remove and to write."""
        span, gutter = self._judged.span, self._gutter
        if span.source.text:  # A missing file has no line to show.
            code, carets = code_line(span, self._width)
            if place:
                yield self._margin("-->".rjust(gutter + 2)) + f" {place}"
            yield f"{self._margin(f'{self._number:>{gutter}} |')} {code}"
            caret = self._paint(self._judged.severity.word, carets.lstrip())
            blank = " " * (len(carets) - len(carets.lstrip()))
            yield f"{self._margin(' ' * gutter + ' |')} {blank}{caret}"
        for label, sign, style, line in self._shown:
            text = self._paint(style, f"{sign} {line}".rstrip())
            yield f"{self._margin(label.rjust(gutter))} {text}"

    def note(self, lines: Iterator[str]) -> Iterator[str]:
        """Yield the lines of a note below the frame."""
        sign = " ="
        for line in lines:
            yield f"{self._margin(' ' * self._gutter + sign)} {line}"
            sign = "  "

    @property
    def _shown(self) -> list[Change]:
        return [] if self._is_known else self.changes

    def _margin(self, text: str) -> str:
        return self._paint("gutter", text)

    def _changed(self, fixes: Sequence[Fix]) -> list[Change]:
        edits = [edit for fix in fixes for edit in fix.edits]
        changes: list[tuple[str, str, str, str]] = []
        for source in dict.fromkeys(edit.span.source for edit in edits):
            found = hunks(source, edits, self._width)
            if found is None:
                return []
            if source is not self._judged.span.source:
                changes.append(("", "-->", "gutter", self._name(source)))
            for hunk in found:
                for offset, line in enumerate(hunk.removed, hunk.line + 1):
                    changes.append((str(offset), "-", "removed", line))
                changes += (("", "+", "added", line) for line in hunk.added)
        return changes
