"""A run that fixes, or accepts by comments, and writes or shows the result."""

from __future__ import annotations

import os
from collections import Counter

from tightship.engine.accept.commented_file import Moved
from tightship.engine.accept.suppress import can_suppress, is_inline, suppress, suppress_all
from tightship.engine.disk.writing import write_all
from tightship.engine.fix.fixes import UnresolvedFinding, fixed, key_of
from tightship.engine.rule_runner import RuleRunner
from tightship.engine.settings.selection import STRICT, Selection
from tightship.lazy import TYPE_CHECKING, Record
from tightship.rules.definition import SHELLCHECK
from tightship.text import Source, Span, apply_edits

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from tightship.engine.accept.commented_file import Kind
    from tightship.engine.disk.files import Files
    from tightship.engine.fix.fixes import FixSelection
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.text import Edit

    Judge = Callable[[Job], list[Verdict]]
    Key = tuple[str, str]
    # Findings by their offset, and whether that is inside of an inline Dockerfile.
    Places = dict[tuple[int, bool], list[JudgedFinding]]

_GAP = "a part that was not checked is not accepted unseen"
_NO_PLACE = "no comment can be there"
_NO_EFFECT = "a comment there does not accept it"
_NEW = "comments would cause findings"
_MOST_ATTEMPTS = 3


class Change(Record):
    """A file that fixes change: absolute path, source before, text after."""

    path: str
    source: Source
    text: str


class Rewriting:
    """Rewrites one project after the other, before a run reports what is found there.

    ``overlay`` holds texts that are not written, by path, in place of those on the disk.
    ``resolved`` are the findings that are fixed or accepted, and ``resolved_in`` has them by
    the absolute paths of the files that this changes. ``unresolved`` are those that were to
    be, and ``refused`` has a sentence for each file that could not be written. If
    ``regards_baseline``, findings that a baseline holds are none here.
    """

    regards_baseline = False

    def __init__(self, *, write: bool) -> None:
        self._write = write
        self.resolved: list[JudgedFinding] = []
        self.resolved_in: dict[str, list[JudgedFinding]] = {}
        self.unresolved: list[UnresolvedFinding] = []
        self.refused: list[str] = []
        self.changes: list[Change] = []
        self.overlay: dict[str, str | bytes] = {}

    def fix(self, job: Job, judge: Judge) -> list[Verdict]:
        """Rewrite the project of a job; return the verdicts with the findings that remain."""
        raise NotImplementedError

    def change(self, files: Files, texts: Mapping[str, tuple[Source, str]]) -> bool:
        """Write new texts, by name, or keep them; return whether that was possible."""
        if texts and self._write:
            refused = write_all(files, texts)
            self.refused += (refusal.message for refusal in refused)
            if refused:
                return False
        for name, (source, text) in texts.items():
            path = files.path(name)
            self.changes.append(Change(path, source, text))
            if not self._write:
                self.overlay[os.path.abspath(path)] = source.marked(text)
        return True

    def resolve(self, judged: JudgedFinding, files: Files, names: Iterable[str]) -> None:
        """Note that changes of files, by their names, have fixed or accepted a finding."""
        self.resolved.append(judged)
        for name in dict.fromkeys(names):
            self.resolved_in.setdefault(files.path(name), []).append(judged)


class Fixing(Rewriting):
    """Applies fixes to one project after the other.

    Without ``write``, ``overlay`` holds the new texts in place of the disk, so that a
    file that several projects share is changed once.
    """

    def __init__(self, wanted: FixSelection, *, write: bool) -> None:
        super().__init__(write=write)
        self.wanted = wanted
        self._every_rule = RuleRunner(Selection([STRICT]))
        self._with_shellcheck: RuleRunner | None = None

    def fix(self, job: Job, judge: Judge) -> list[Verdict]:
        """Fix a project; return the verdicts with the findings that remain."""
        every_rule = self._every_rule
        if job.runner.asks_shellcheck:
            if self._with_shellcheck is None:
                self._with_shellcheck = RuleRunner(Selection([STRICT, SHELLCHECK]))
            every_rule = self._with_shellcheck
        made = fixed(
            job.files,
            lambda now: judge(job.replaced(files=now)),
            lambda now: judge(job.replaced(files=now, runner=every_rule)),
            self.wanted.showing(job.fail_on),
        )
        if not self.change(job.files, made.texts):
            return judge(job)
        for one in made.applied:
            edits = one.finding.fix.edits if one.finding.fix is not None else ()
            self.resolve(one, job.files, (edit.span.source.name for edit in edits))
        self.unresolved += made.unresolved
        return made.verdicts


class AddingIgnores(Rewriting):
    """Adds comments to one project after the other, all with the same reason.

    Nothing is written unless the project, judged again, has no finding but those that
    are left. A part that could not be checked is left.
    """

    regards_baseline = True

    def __init__(self, reason: str, *, write: bool) -> None:
        super().__init__(write=write)
        self._reason = reason

    def fix(self, job: Job, judge: Judge) -> list[Verdict]:
        """Accept the findings of a project; return the verdicts with those that remain."""
        verdicts = judge(job)
        findings = {key_of(one): one for verdict in verdicts for one in verdict.findings}
        if not findings:
            return verdicts
        kinds: dict[str, Kind] = {}
        for verdict in verdicts:
            kinds |= dict.fromkeys(verdict.scripts, "declared")
            kinds |= dict.fromkeys(verdict.builders, "dockerfile")
        left: dict[Key, str] = {}
        for _ in range(_MOST_ATTEMPTS):
            texts = _Texts(kinds, self._reason)
            wanted = [one for key, one in findings.items() if key not in left]
            left |= {key_of(one): reason for one, reason in texts.accept(wanted)}
            after = judge(job.replaced(files=job.files.edited(texts.changed)))
            found = {key_of(one) for verdict in after for one in verdict.findings}
            if not found <= findings.keys() or _gaps(after) != _gaps(verdicts):
                left = dict.fromkeys(findings, _NEW)
                break
            unaccepted = found - left.keys()
            if not unaccepted:
                if not self.change(job.files, texts.changed):
                    return verdicts
                self._tell(job.files, findings, left)
                return after
            left |= dict.fromkeys(unaccepted, _NO_EFFECT)
        self._tell(job.files, findings, dict.fromkeys(findings, _NO_EFFECT) | left)
        return verdicts

    def _tell(self, files: Files, findings: dict[Key, JudgedFinding], left: dict[Key, str]) -> None:
        for key, one in findings.items():
            if key in left:
                self.unresolved.append(UnresolvedFinding(one, left[key]))
            else:
                self.resolve(one, files, [one.span.source.name])


class _Texts:
    """The files of a project, with the comments so far."""

    def __init__(self, kinds: Mapping[str, Kind], reason: str) -> None:
        self._kinds = kinds
        self._reason = reason
        self.changed: dict[str, tuple[Source, str]] = {}

    def accept(self, findings: Iterable[JudgedFinding]) -> Iterator[tuple[JudgedFinding, str]]:
        """Add comments for findings; yield those that get none, and why."""
        by_place: dict[Source, Places] = {}
        sources: dict[str, Source] = {}
        for one in findings:
            source = sources.setdefault(one.span.source.name, one.span.source)
            if one.is_gap:
                yield one, _GAP
            elif (
                source.lost
                or source.text != one.span.source.text
                or not can_suppress(one, self._kind_of(source))
            ):
                yield one, _NO_PLACE
            else:
                places = by_place.setdefault(source, {})
                places.setdefault((one.span.start, is_inline(one)), []).append(one)
        for source, places in by_place.items():
            for one in self._accept_in(source, places):
                yield one, _NO_PLACE

    def _kind_of(self, source: Source) -> Kind:
        return self._kinds.get(source.name, "compose")

    def _accept_in(self, source: Source, places: Places) -> Iterator[JudgedFinding]:
        """Add the comments of one file; yield the findings that get none."""
        current, done, accepted = self._accept_together(source, places)
        # From the end, so that most comments move no place that follows.
        for place in sorted(places, reverse=True):
            if place[0] in accepted and not place[1]:
                continue
            edits = self._edits(places[place], current, done)
            if not edits:
                yield from places[place]
                continue
            done.append(Moved(edits))
            current = Source(source.name, apply_edits(current, edits), bom=source.bom)
        if done:
            self.changed[source.name] = source, current.text

    def _accept_together(
        self, source: Source, places: Places
    ) -> tuple[Source, list[Moved], Collection[int]]:
        """Add all comments that can be added at once.

        Return the text with them, where places are, and the offsets of what they accept.
        """
        at_once = {
            start: [*dict.fromkeys(one.rule for one in findings)]
            for (start, is_inside), findings in places.items()
            if not is_inside
        }
        edits, accepted = suppress_all(source, at_once, self._reason, self._kind_of(source))
        if not edits:
            return source, [], accepted
        text = apply_edits(source, edits)
        return Source(source.name, text, bom=source.bom), [Moved(edits)], accepted

    def _edits(
        self, findings: Sequence[JudgedFinding], current: Source, done: Iterable[Moved]
    ) -> tuple[Edit, ...]:
        """Return the edits that accept findings, in the text as it is now."""
        moved: list[JudgedFinding] = []
        for one in findings:
            start = one.span.start
            for comments in done:
                start = comments.place(start)
            span = Span(current, start, start + one.span.end - one.span.start)
            moved.append(one.replaced(finding=one.finding.replaced(span=span)))
        kind = self._kind_of(current)
        edits = suppress(moved, self._reason, kind=kind)
        if edits or any(one.subject.kind != "file" for one in findings):
            return edits
        # No comment can be above the directives of a Dockerfile.
        return suppress(moved, self._reason, whole_file=True, kind=kind)


def _gaps(verdicts: Iterable[Verdict]) -> Counter[tuple[str, str]]:
    """Return how often each part of each file could not be checked."""
    return Counter((gap.span.source.name, gap.reason) for one in verdicts for gap in one.gaps)
