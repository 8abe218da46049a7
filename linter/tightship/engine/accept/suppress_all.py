"""Comments for many findings of a file at once.

The comments are planned on the text as it is, and tried together: the file is read a few
times, however many they are. What cannot be planned like that is left, to be tried alone.
"""

from __future__ import annotations

from bisect import bisect_right

from tightship.engine.accept.commented_file import file_of
from tightship.engine.accept.suppress import comment_above, is_at
from tightship.lazy import Record
from tightship.text import OverlapError, Source, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tightship.engine.accept.commented_file import CommentedFile, Edits, Kind
    from tightship.findings import Suppression
    from tightship.rules.definition import Rule
    from tightship.text import Edit

    Places = Mapping[int, Sequence[Rule]]

_MOST_TRIALS = 60


class _Comment(Record):
    """A comment for the findings of a line, at some places with their rules."""

    line: int
    edits: Edits
    places: Places


def suppress_all(
    source: Source, places: Places, reason: str, kind: Kind
) -> tuple[list[Edit], set[int]]:
    """Return the edits that accept rules at places, and the places that they accept.

    What YAML or BuildKit reads does not change. Findings of one line share a comment.
    """
    file = file_of(source, kind)
    by_line: dict[int, dict[int, Sequence[Rule]]] = {}
    # The last finding of a line is the first in its comment.
    for place in sorted(places, reverse=True):
        line = next((one for one in file.lines(place) if file.takes(one)), None)
        if line is not None:
            by_line.setdefault(line, {})[place] = places[place]
    known: dict[int, Suppression] = {}
    for one in file.suppressions:
        line = source.line_start(one.start)
        if is_at(one, line):
            known[line] = one
    planned = list[_Comment]()
    for line, at in sorted(by_line.items()):
        rules = [*dict.fromkeys(rule for some in at.values() for rule in some)]
        edits = comment_above(file, line, known.get(line), rules, reason)
        planned.append(_Comment(line, edits, at))
    comments = _Trials(file).holding(planned)
    return (
        [edit for one in comments for edit in one.edits],
        {place for one in comments for place in one.places},
    )


class _Trials:
    """Tries comments together, and in halves if they change what the file says."""

    def __init__(self, file: CommentedFile) -> None:
        self._file = file
        self._left = _MOST_TRIALS

    def holding(self, comments: Sequence[_Comment]) -> Sequence[_Comment]:
        """Return those that hold where they should, and change nothing else."""
        if not comments or not self._left:
            return ()
        failed = self._failing(comments)
        if failed is None:
            if len(comments) == 1:
                return ()
            half = len(comments) // 2
            return self.holding([*self.holding(comments[:half]), *self.holding(comments[half:])])
        if not failed:
            return comments
        return self.holding([one for one in comments if one not in failed])

    def _failing(self, comments: Sequence[_Comment]) -> set[_Comment] | None:
        """Return the comments that do not hold; None if all of them cannot be there."""
        self._left -= 1
        file, edits = self._file, [edit for one in comments for edit in one.edits]
        try:
            new = Source(file.source.name, apply_edits(file.source, edits))
        except OverlapError:
            return None
        meaning, suppressions = file.read(new)
        moved = _Moved(edits)
        starts = {one.start for one in suppressions} | {moved.place(0)}
        if (
            meaning != file.meaning
            or len(suppressions) < len(file.suppressions)
            or any(moved.place(one.start) not in starts for one in file.suppressions)
        ):
            return None
        at: dict[int, list[Suppression]] = {}
        for one in suppressions:
            if not one.is_foreign:
                at.setdefault(new.line_start(one.start), []).append(one)
        return {
            comment
            for comment in comments
            if not _holds(
                at.get(moved.place(comment.line), ()),
                {moved.place(place): rules for place, rules in comment.places.items()},
            )
        }


def _holds(suppressions: Iterable[Suppression], places: Places) -> bool:
    """Return whether comments of a line accept rules at places."""
    return all(
        any(
            one.start <= place <= one.end and any(rule.name in word.rules for word in one.words)
            for one in suppressions
        )
        for place, rules in places.items()
        for rule in rules
    )


class _Moved:
    """Where places of a text are after edits."""

    def __init__(self, edits: Iterable[Edit]) -> None:
        self._ends, self._sums = list[int](), [0]
        for edit in sorted(edits, key=lambda one: one.span.end):
            self._ends.append(edit.span.end)
            change = len(edit.text) - (edit.span.end - edit.span.start)
            self._sums.append(self._sums[-1] + change)

    def place(self, offset: int) -> int:
        """Return where a place is, after what is added at it."""
        return offset + self._sums[bisect_right(self._ends, offset)]
