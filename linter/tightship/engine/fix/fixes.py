"""Applies fixes round by round, each proved, until nothing changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort

from tightship.engine.fix.proof import (
    ProofFailed,
    check_dockerfile,
    check_findings,
    check_yaml,
    read_by_another,
)
from tightship.findings import Applicability
from tightship.text import Edit, OverlapError, Source, apply_edits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from tightship.engine.disk.files import Files
    from tightship.engine.fix.proof import Reader
    from tightship.engine.verdict import Judged, Verdict

    Judge = Callable[[Files], list[Verdict]]

# Each round applies a fix or refuses one, so this only guards against a mistake.
_MOST_ROUNDS = 500


class FixSelection:
    """The fixes to apply.

    With ``unsafe``, that includes fixes that may break something; ``names``, if there
    are any, limit it to the fixes of these rules.
    """

    def __init__(self, *, unsafe: bool = False, names: Collection[str] = ()) -> None:
        self.unsafe = unsafe
        self.names = frozenset(names)

    def takes(self, judged: Judged) -> bool:
        """Return whether a finding has a fix to apply."""
        fix = judged.finding.fix
        if fix is None or (self.names and judged.rule.name not in self.names):
            return False
        return self.unsafe or fix.applicability is Applicability.SAFE


class UnappliedFix:
    """A selected fix that was not applied, with the reason, a sentence."""

    def __init__(self, judged: Judged, reason: str) -> None:
        self.judged = judged
        self.reason = reason


class Fixed:
    """The result of fixing one project, before anything is written.

    ``verdicts`` hold the findings that remain. ``texts`` holds the new text of each file
    that changes, by name, with the source that was read.
    """

    def __init__(self) -> None:
        self.applied: list[Judged] = []
        self.left: list[UnappliedFix] = []
        self.texts: dict[str, tuple[Source, str]] = {}
        self.verdicts: list[Verdict] = []


def fixed(
    files: Files,
    judge: Judge,
    prove: Judge,
    wanted: FixSelection,
    witness: Reader = read_by_another,
) -> Fixed:
    """Apply the selected fixes to the texts of a project, in memory.

    Args:
        files: the files as they are.
        judge: judges the project, with the rules of the run.
        prove: judges it with all rules: a fix must not cause a finding of any rule.
        wanted: selects the fixes.
        witness: reads a text with another library, which is slow.

    """
    rounds = _Rounds(files, prove, witness)
    result = rounds.result
    result.verdicts = judge(files)
    for _ in range(_MOST_ROUNDS):
        chosen = rounds.chosen(wanted)
        if not chosen:
            break
        rounds.apply_some(chosen)
        result.verdicts = judge(rounds.files)
    result.left = [
        UnappliedFix(judged, rounds.refused[_key(judged)])
        for verdict in result.verdicts
        for judged in verdict.findings
        if _key(judged) in rounds.refused
    ]
    return result


class _Rounds:
    """The state of fixing: the files as they are now, and the refused fixes."""

    def __init__(self, files: Files, prove: Judge, witness: Reader) -> None:
        self._prove = prove
        self._witness = witness
        self.files = files
        self.result = Fixed()
        self.refused: dict[tuple[str, str], str] = {}

    def chosen(self, wanted: FixSelection) -> list[Judged]:
        """Return the findings to fix next: those whose edits do not conflict.

        The others come in the next round, when the text is read again. Safe fixes come
        first: a misspelt key has to be corrected before another is added beside it.
        """
        selected = [
            (judged, judged.finding.fix)
            for verdict in self.result.verdicts
            for judged in verdict.findings
            if judged.finding.fix is not None
            and wanted.takes(judged)
            and _key(judged) not in self.refused
        ]
        safe = [one for one in selected if one[1].applicability is Applicability.SAFE]
        claims = _Claims()
        return [judged for judged, fix in safe or selected if claims.add(fix.edits)]

    def apply_some(self, chosen: list[Judged]) -> bool:
        """Apply fixes together, or some of them; return whether any was applied.

        If they cannot be proved together, the first half is tried, then the second; the
        rest comes in the next round. A fix that is not proved alone is refused.
        """
        try:
            self._apply(chosen, self._prove(self.files))
        except ProofFailed as error:
            if len(chosen) == 1:
                self.refused[_key(chosen[0])] = str(error)
                return False
            middle = len(chosen) // 2
            return self.apply_some(chosen[:middle]) or self.apply_some(chosen[middle:])
        return True

    def _apply(self, chosen: list[Judged], before: Iterable[Verdict]) -> None:
        """Apply fixes if all of them are proved.

        Raises:
            ProofFailed: if they are not; then nothing has changed.

        """
        edits = [e for one in chosen if one.finding.fix for e in one.finding.fix.edits]
        texts = self._edited(edits)
        files = self.files.over(
            {
                name: ("\ufeff" if source.bom else "") + text
                for name, (source, text) in texts.items()
            }
        )
        check_findings(before, self._prove(files), chosen)
        # A fix that was refused may be possible now.
        self.refused.clear()
        self.files = files
        self.result.texts |= texts
        self.result.applied += chosen

    def _edited(self, edits: list[Edit]) -> dict[str, tuple[Source, str]]:
        """Return the new text of each file that edits change; each is checked by itself."""
        texts = dict[str, tuple[Source, str]]()
        dockerfiles = {name for v in self.result.verdicts for name in v.builders}
        for source in dict.fromkeys(edit.span.source for edit in edits):
            mine = [edit for edit in edits if edit.span.source is source]
            try:
                text = apply_edits(source, mine)
            except OverlapError:
                raise ProofFailed("two of its edits want the same characters") from None
            if source.name in dockerfiles:
                check_dockerfile(source, text, mine)
            else:
                check_yaml(source, text, mine, self._witness)
            first, _ = self.result.texts.get(source.name, (source, ""))
            texts[source.name] = (first, text)
        return texts


class _Claims:
    """The characters that edits change, in each file."""

    def __init__(self) -> None:
        self._edits = set[Edit]()
        # The claims in each source so far, in order; they do not overlap.
        self._starts: dict[Source, list[int]] = {}
        self._ends: dict[Source, list[int]] = {}
        self._points: dict[Source, list[int]] = {}
        # Where the innermost collection begins to which something is added at a point.
        self._added: dict[tuple[Source, int], int] = {}
        self._keys = set[tuple[Source, int, str]]()

    def add(self, edits: Iterable[Edit]) -> bool:
        """Claim the characters of edits; return False if other edits claim them."""
        new = [edit for edit in edits if edit not in self._edits]
        if not all(map(self._is_free, new)):
            return False
        for edit in new:
            span = edit.span
            self._edits.add(edit)
            self._keys.add(_first_word(edit))
            if span.start < span.end:
                insort(self._starts.setdefault(span.source, []), span.start)
                insort(self._ends.setdefault(span.source, []), span.end)
            else:
                insort(self._points.setdefault(span.source, []), span.start)
            if edit.adds_to is not None:
                place, begin = (span.source, span.end), edit.adds_to.start
                self._added[place] = max(begin, self._added.get(place, 0))
        return True

    def _is_free(self, edit: Edit) -> bool:
        span = edit.span
        starts = self._starts.get(span.source, ())
        ended = bisect_right(self._ends.get(span.source, ()), span.start)
        if span.start == span.end:
            # Two edits that add the same key at one place would make a duplicate.
            is_new = _first_word(edit) not in self._keys
            if not is_new or bisect_left(starts, span.start) != ended:
                return False
            last = self._ends[span.source][ended - 1] if ended else None
            added = edit.adds_to
            return not added or last != span.start or starts[ended - 1] > added.start
        if span.start <= self._added.get((span.source, span.end), -1):
            return False
        points = self._points.get(span.source, ())
        inside = bisect_left(points, span.end) > bisect_right(points, span.start)
        return not inside and bisect_left(starts, span.end) == ended


def _first_word(edit: Edit) -> tuple[Source, int, str]:
    word = edit.text.strip(" \t\r\n,{[").partition(":")[0]
    return edit.span.source, edit.span.start, word


def _key(judged: Judged) -> tuple[str, str]:
    return judged.rule.name, judged.fingerprint
