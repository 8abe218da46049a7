"""Applies fixes round by round, each proved, until nothing changes."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from contextlib import suppress

from tightship.engine.fix.proof import (
    ProofFailed,
    check_dockerfile,
    check_findings,
    check_isolation,
    check_yaml,
    read_by_another,
    subject_of,
)
from tightship.findings import Severity
from tightship.lazy import TYPE_CHECKING, Record
from tightship.rules.definition import rule_of
from tightship.text import Edit, OverlapError, Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from tightship.engine.disk.files import Files
    from tightship.engine.fix.proof import Reader
    from tightship.engine.verdict import JudgedFinding, Verdict

    Judge = Callable[[Files], list[Verdict]]

# Each round applies a fix or refuses one, so this only guards against a mistake.
_MOST_ROUNDS = 500
# A proof judges the project with all rules, and another library reads the file. A few
# dozen do for any real project, but many fixes that fail may ask for one or more each.
_MOST_PROOFS = 150
_FEWEST_PROOFS = 16
_MOST_PROVED = 250_000  # characters, in the proofs of one run
# How often refused fixes are tried again, as other fixes may have made them possible.
_MOST_RETRIES = 2
_OVERLAP = "two of its edits change the same characters"
_NO_MORE = "too many fixes were tried; run it again to try the rest"


class FixSelection:
    """The fixes to apply.

    With ``all_effects``, that includes fixes that tighten or change behaviour; ``names``,
    if there are any, limit it to the fixes of these rules. Without ``infos``, such fixes
    of infos are left out, unless their rules are named: the report does not show them.
    """

    def __init__(
        self, *, all_effects: bool = False, names: Collection[str] = (), infos: bool = True
    ) -> None:
        self.all_effects = all_effects
        self.names = names
        self.infos = infos

    def takes(self, judged: JudgedFinding) -> bool:
        """Return whether a finding has a fix to apply."""
        fix = judged.finding.fix
        name = judged.rule.name
        if fix is None or (self.names and {name, rule_of(name)}.isdisjoint(self.names)):
            return False
        if fix.keeps_behaviour:
            return True
        is_shown = self.infos or bool(self.names) or judged.severity > Severity.INFO
        return self.all_effects and is_shown

    def showing(self, fail_on: str) -> FixSelection:
        """Return the fixes of a run that fails on a severity, and shows what it fails on."""
        if self.infos or fail_on != "info":
            return self
        return FixSelection(all_effects=self.all_effects, names=self.names)


class UnresolvedFinding(Record):
    """A finding whose fix or comment was not written, with the reason."""

    judged: JudgedFinding
    reason: str


class Fixed:
    """The result of fixing one project, before anything is written.

    ``verdicts`` hold the findings that remain. ``texts`` holds the new text of each file
    that changes, by name, with the source that was read.
    """

    def __init__(self) -> None:
        self.applied: list[JudgedFinding] = []
        self.unresolved: list[UnresolvedFinding] = []
        self.texts: dict[str, tuple[Source, str]] = {}
        self.verdicts: list[Verdict] = []


def fixed(
    files: Files,
    judge: Judge,
    prove: Judge,
    wanted: FixSelection,
    witness: Reader = read_by_another,
    *,
    verdicts: list[Verdict] | None = None,
) -> Fixed:
    """Apply the selected fixes to the texts of a project, in memory.

    Args:
        files: the files as they are.
        judge: judges the project, with the rules of the run.
        prove: judges it with all rules: a fix must not cause a finding of any rule.
        wanted: selects the fixes.
        witness: reads a text with another library, which is slow.
        verdicts: the verdicts on the files as they are, where they are known.

    """
    rounds = _Rounds(files, prove, witness)
    result = rounds.result
    result.verdicts = judge(files) if verdicts is None else verdicts
    for _ in range(_MOST_ROUNDS):
        chosen = rounds.chosen(wanted)
        if not chosen and rounds.can_retry:
            rounds.retry()
            chosen = rounds.chosen(wanted)
        if not chosen:
            break
        rounds.apply_some(chosen)
        result.verdicts = judge(rounds.files)
    result.unresolved = [
        UnresolvedFinding(judged, rounds.refused[key_of(judged)])
        for verdict in result.verdicts
        for judged in verdict.findings
        if key_of(judged) in rounds.refused
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
        self._proofs = 0
        self._proved_characters = 0
        self._retries = 0
        self._changed = False
        self._proved: list[Verdict] | None = None

    @property
    def can_retry(self) -> bool:
        """Return whether refused fixes may be possible now: others were applied since."""
        left = self._retries < _MOST_RETRIES and self._can_prove
        return left and self._changed and bool(self.refused)

    @property
    def _can_prove(self) -> bool:
        """Return whether the run may try one more proof: in a large file, each is slow."""
        if self._proofs < _FEWEST_PROOFS:
            return self._proofs < _MOST_PROOFS
        return self._proofs < _MOST_PROOFS and self._proved_characters < _MOST_PROVED

    def retry(self) -> None:
        """Forget which fixes were refused."""
        self._retries += 1
        self._changed = False
        self.refused.clear()

    def chosen(self, wanted: FixSelection) -> list[JudgedFinding]:
        """Return the findings to fix next: those whose edits do not conflict.

        The others come in the next round, when the text is read again. Fixes that keep
        behaviour come first: a misspelt key has to be corrected before another is added next to it.
        """
        selected = [
            (judged, judged.finding.fix)
            for verdict in self.result.verdicts
            for judged in verdict.findings
            if judged.finding.fix is not None
            and wanted.takes(judged)
            and key_of(judged) not in self.refused
        ]
        keeping = [one for one in selected if one[1].keeps_behaviour]
        claims = _Claims()
        return [judged for judged, fix in keeping or selected if claims.add(fix.edits)]

    def apply_some(self, chosen: list[JudgedFinding]) -> None:
        """Apply those of some fixes that can be proved together; reject the others.

        Fixes that cannot be proved together are parted, until each part can be, or is
        a single fix: that is refused.
        """
        proofs = list[_Proof]()
        # One whose own edits overlap fails without a proof, and would fail others.
        overlapping = {key_of(one): _OVERLAP for one in chosen if not _is_applicable(one)}
        self.refused |= overlapping
        pending = [[one for one in chosen if key_of(one) not in overlapping]]
        while pending:
            part = pending.pop()
            if not part:
                continue
            try:
                proofs.append(self._proof(part))
            except ProofFailed as error:
                if len(part) == 1 or not self._can_prove:
                    # It is unknown which fix of several is at fault.
                    reason = str(error) if len(part) == 1 else _NO_MORE
                    self.refused |= {key_of(one): reason for one in part}
                    continue
                pending += _parted(part, error)[::-1]
        if not proofs:
            return
        proof = proofs[0]
        if len(proofs) > 1:
            with suppress(ProofFailed):
                proof = self._proof([one for each in proofs for one in each.fixed])
        self._changed = True
        self._proved = proof.verdicts
        self.files = proof.files
        self.result.texts |= proof.texts
        self.result.applied += proof.fixed

    def _proof(self, chosen: list[JudgedFinding]) -> _Proof:
        """Return the proof of fixes together.

        Raises:
            ProofFailed: if there is none.

        """
        if not self._can_prove:
            raise ProofFailed(_NO_MORE)
        edits = [e for one in chosen if one.finding.fix for e in one.finding.fix.edits]
        sources = {edit.span.source for edit in edits}
        self._proofs += 1
        self._proved_characters += sum(len(source.text) for source in sources)
        texts = self._edited(edits)
        files = self.files.edited(texts)
        verdicts = self._prove(files)
        check_findings(self._before(), verdicts, chosen)
        check_isolation(self._before(), verdicts, chosen)
        return _Proof(chosen, files, texts, verdicts)

    def _before(self) -> list[Verdict]:
        """Return the verdicts of all rules on the files as they are now."""
        if self._proved is None:
            self._proved = self._prove(self.files)
        return self._proved

    def _edited(self, edits: list[Edit]) -> dict[str, tuple[Source, str]]:
        """Return the new text of each file that edits change; each is checked by itself."""
        texts = dict[str, tuple[Source, str]]()
        dockerfiles = {name for v in self.result.verdicts for name in v.builders}
        scripts = {name for v in self.result.verdicts for name in v.scripts}
        for source in dict.fromkeys(edit.span.source for edit in edits):
            mine = [edit for edit in edits if edit.span.source is source]
            try:
                text = apply_edits(source, mine)
            except OverlapError:
                raise ProofFailed(_OVERLAP) from None
            if source.name in dockerfiles:
                check_dockerfile(source, text, mine)
            elif source.name in scripts:
                from tightship.engine.fix.declared_proof import check_declared  # few are scripts

                check_declared(source, text, mine)
            else:
                check_yaml(source, text, mine, self._witness)
            first, _ = self.result.texts.get(source.name, (source, ""))
            texts[source.name] = (first, text)
        return texts


def _is_applicable(one: JudgedFinding) -> bool:
    """Return whether the edits of a fix do not overlap one another."""
    edits = one.finding.fix.edits if one.finding.fix else ()
    try:
        for source in {edit.span.source for edit in edits}:
            apply_edits(source, edits)
    except OverlapError:
        return False
    return True


def _parted(fixes: list[JudgedFinding], error: ProofFailed) -> list[list[JudgedFinding]]:
    """Part fixes that failed together: those of subjects that went wrong are suspected.

    Where all are suspected, each is tried alone; where none is, they are halved.
    """
    suspected = [one for one in fixes if subject_of(one) in error.subjects]
    others = [one for one in fixes if subject_of(one) not in error.subjects]
    if suspected and others:
        return [others, suspected]
    if suspected:
        return [[one] for one in suspected]
    middle = len(fixes) // 2
    return [fixes[:middle], fixes[middle:]]


class _Proof(Record):
    """Fixes that are proved: the files with them, and the verdicts of all rules."""

    fixed: list[JudgedFinding]
    files: Files
    texts: dict[str, tuple[Source, str]]
    verdicts: list[Verdict]


class _Claims:
    """The characters that edits change, in each file."""

    def __init__(self) -> None:
        self._edits = set[Edit]()
        # The claims in each source so far, in order; they do not overlap.
        self._starts: dict[Source, list[int]] = {}
        self._ends: dict[Source, list[int]] = {}
        self._points: dict[Source, list[int]] = {}
        # Where the collections begin and end to which something is added.
        self._added: dict[Source, list[tuple[int, int]]] = {}
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
                added = edit.adds_to
                insort(self._added.setdefault(span.source, []), (added.start, added.end))
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
            added = edit.adds_to
            around = bisect_right(starts, added.start) if added else 0
            return not (added and around and self._ends[span.source][around - 1] >= added.end)
        begun = self._added.get(span.source, ())
        within = begun[bisect_left(begun, (span.start, 0)) : bisect_left(begun, (span.end, 0))]
        if any(end <= span.end for _, end in within):
            return False
        points = self._points.get(span.source, ())
        inside = bisect_left(points, span.end) > bisect_right(points, span.start)
        return not inside and bisect_left(starts, span.end) == ended


def _first_word(edit: Edit) -> tuple[Source, int, str]:
    word = edit.text.strip(" \t\r\n,{[").partition(":")[0]
    return edit.span.source, edit.span.start, word


def key_of(judged: JudgedFinding) -> tuple[str, str]:
    """Return what a finding is known by from one judgement to the next."""
    return judged.rule.name, judged.fingerprint
