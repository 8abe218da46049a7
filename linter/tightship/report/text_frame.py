"""A finding in its lines: the code, carets below it, and what a fix would change."""

from __future__ import annotations

from tightship.report.frame import code_line, hunks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Fix
    from tightship.report.terminal import Paint
    from tightship.text import Source

    Change = tuple[str, str, str, str]  # line number or arrow, sign, style, text
    Patch = tuple[str, tuple[Change, ...]]  # with the path of the file


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
        self._number = judged.span.source.point(judged.span.start)[0] + 1
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
        changes = list[tuple[str, str, str, str]]()
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
