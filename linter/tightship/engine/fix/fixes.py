"""Fixes applied: round by round, each proved, until nothing changes any more."""

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
    """Which fixes are asked for.

    ``unsafe`` takes those in too that may break something; ``names`` are those of the
    rules whose fixes alone are wanted, where there are any.
    """

    __slots__ = ("names", "unsafe")

    def __init__(self, *, unsafe: bool = False, names: Collection[str] = ()) -> None:
        self.unsafe = unsafe
        self.names = frozenset(names)

    def takes(self, judged: Judged) -> bool:
        """Tell whether the fix of a finding is asked for."""
        fix = judged.finding.fix
        if fix is None or (self.names and judged.rule.name not in self.names):
            return False
        return self.unsafe or fix.applicability is Applicability.SAFE


class UnappliedFix:
    """A fix that was asked for and not applied, and why."""

    __slots__ = ("judged", "reason")

    def __init__(self, judged: Judged, reason: str) -> None:
        """Hold a finding whose fix was left; ``reason`` is a sentence."""
        self.judged = judged
        self.reason = reason


class Fixed:
    """What fixing one project comes to, before anything is written.

    ``verdicts`` tell of what remains. ``texts`` holds the new text of each file that
    changes, by name, with the source that was read.
    """

    __slots__ = ("applied", "left", "texts", "verdicts")

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
    """Apply the fixes that are asked for to the texts of a project, in memory.

    Args:
        files: the files as they are.
        judge: judges the project, with the rules of the run.
        prove: judges it with all rules: a fix must not bring what another finds.
        wanted: which fixes are asked for.
        witness: reads a text by another library, which takes long.

    """
    return _Fixing(files, judge, prove, wanted, witness).run()


class _Fixing:
    __slots__ = (
        "_files",
        "_judge",
        "_made",
        "_prove",
        "_refused",
        "_wanted",
        "_witness",
    )

    def __init__(
        self,
        files: Files,
        judge: Judge,
        prove: Judge,
        wanted: FixSelection,
        witness: Reader,
    ) -> None:
        self._files = files
        self._judge = judge
        self._prove = prove
        self._wanted = wanted
        self._witness = witness
        self._made = Fixed()
        self._refused: dict[tuple[str, str], str] = {}

    def run(self) -> Fixed:
        made = self._made
        made.verdicts = self._judge(self._files)
        for _ in range(_MOST_ROUNDS):
            chosen = self._chosen()
            if not chosen:
                break
            self._round(chosen)
            made.verdicts = self._judge(self._files)
        for verdict in made.verdicts:
            for judged in verdict.findings:
                reason = self._refused.get(_key(judged))
                if reason is not None:
                    made.left.append(UnappliedFix(judged, reason))
        return made

    def _chosen(self) -> list[Judged]:
        """Return the findings to fix next: those whose edits do not want the same.

        The others come in the next round, when the text is read again. Safe ones come
        first: a misspelt key has to be mended before another is put beside it.
        """
        sought = [
            (judged, judged.finding.fix)
            for verdict in self._made.verdicts
            for judged in verdict.findings
            if judged.finding.fix is not None
            and self._wanted.takes(judged)
            and _key(judged) not in self._refused
        ]
        safe = [one for one in sought if one[1].applicability is Applicability.SAFE]
        claims = _Claims()
        return [judged for judged, fix in safe or sought if claims.take(fix.edits)]

    def _round(self, chosen: list[Judged]) -> bool:
        """Apply fixes together, or some of them; tell whether any was applied.

        Where they are not proved together, one half of them is tried, and then the
        other: what is left comes again. One that is not proved alone is refused.
        """
        try:
            self._apply(chosen, self._prove(self._files))
        except ProofFailed as doubt:
            if len(chosen) == 1:
                self._refused[_key(chosen[0])] = str(doubt)
                return False
            middle = len(chosen) // 2
            return self._round(chosen[:middle]) or self._round(chosen[middle:])
        return True

    def _apply(self, chosen: list[Judged], before: Iterable[Verdict]) -> None:
        """Apply fixes if all of them are proved.

        Raises:
            Doubt: if they are not; then nothing has changed.

        """
        edits = [e for one in chosen if one.finding.fix for e in one.finding.fix.edits]
        texts = self._edited(edits)
        files = self._files.over(
            {
                name: ("\ufeff" if source.bom else "") + text
                for name, (source, text) in texts.items()
            }
        )
        check_findings(before, self._prove(files), chosen)
        # What was refused before may be fine now.
        self._refused.clear()
        self._files = files
        self._made.texts |= texts
        self._made.applied += chosen

    def _edited(self, edits: list[Edit]) -> dict[str, tuple[Source, str]]:
        """Return the new text of each file that edits change, checked by itself."""
        texts = dict[str, tuple[Source, str]]()
        dockerfiles = {name for v in self._made.verdicts for name in v.builders}
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
            first, _ = self._made.texts.get(source.name, (source, ""))
            texts[source.name] = (first, text)
        return texts


class _Claims:
    """The characters that edits want, in each file."""

    __slots__ = ("_edits", "_ends", "_keys", "_points", "_starts")

    def __init__(self) -> None:
        self._edits = set[Edit]()
        # Of each source, what is wanted so far, in order; no two overlap.
        self._starts: dict[Source, list[int]] = {}
        self._ends: dict[Source, list[int]] = {}
        self._points: dict[Source, list[int]] = {}
        self._keys = set[tuple[Source, int, str]]()

    def take(self, edits: Iterable[Edit]) -> bool:
        """Take what edits want, unless another edit wants it, too."""
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
        return True

    def _is_free(self, edit: Edit) -> bool:
        span = edit.span
        starts = self._starts.get(span.source, ())
        ended = bisect_right(self._ends.get(span.source, ()), span.start)
        if span.start == span.end:
            # Two that add the same key at one place would make it a duplicate.
            is_new = _first_word(edit) not in self._keys
            return is_new and bisect_left(starts, span.start) == ended
        points = self._points.get(span.source, ())
        inside = bisect_left(points, span.end) > bisect_right(points, span.start)
        return not inside and bisect_left(starts, span.end) == ended


def _first_word(edit: Edit) -> tuple[Source, int, str]:
    word = edit.text.strip(" \t\r\n,{[").partition(":")[0]
    return edit.span.source, edit.span.start, word


def _key(judged: Judged) -> tuple[str, str]:
    return judged.rule.name, judged.fingerprint
