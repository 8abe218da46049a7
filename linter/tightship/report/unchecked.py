"""What was not checked, in words: parts that could not be checked, and skipped files."""

from __future__ import annotations

from tightship.report.place import seen_from
from tightship.report.terminal import brief, visible_path
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.report.summary import RootedGap, Summary

_MOST_GAPS = 3


def gap_lines(gaps: Sequence[RootedGap], here: str, *, is_whole: bool) -> Iterator[str]:
    """Yield a line for each part that could not be checked, unless ``is_whole`` the first.

    ``here`` is the folder from which the reader sees paths.
    """
    shown = gaps if is_whole else gaps[:_MOST_GAPS]
    for root, gap in shown:
        source = gap.span.source
        place = visible_path(seen_from(here, root, source.name))
        if source.text:  # a missing file has no lines
            place += f":{source.point(gap.span.start)[0] + 1}"
        yield f"{place} was not checked: {brief(gap.reason)}"
    left = len(gaps) - len(shown)
    if left:
        yield f"{counted(left, 'more part')} could not be checked; `-v` lists them."


def skipped_lines(summary: Summary, here: str, *, is_whole: bool) -> Iterator[str]:
    """Yield a line for each file that was seen and not judged, or their number."""
    skipped = summary.skipped
    if is_whole:
        for one in skipped:
            place = visible_path(seen_from(here, one.root, one.name))
            yield f"{place} was not checked: {brief(one.message)}"
    elif skipped:
        files = counted(len(skipped), "file")
        yield f"{files} not checked; `-v` lists {'it' if files[:2] == '1 ' else 'them'}."
