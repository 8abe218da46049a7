"""A project that was judged, and the files that its verdicts depend on."""

from __future__ import annotations

from tightship.engine.filters import KnownFindings, ReportedOnce, by_purpose
from tightship.engine.judge.judge import judge
from tightship.engine.plan.role_order import with_roles
from tightship.engine.verdict import Verdict
from tightship.isolation.loaded_project import LoadedProject
from tightship_lsp.judging.files import UnsavedFile

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Final

    from tightship.engine.disk.files import Files
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.plan.job import Job
    from tightship.engine.rule_runner import RuleRunner
    from tightship.report.redaction import PlaceRedaction
    from tightship.text import Source, Span
    from tightship_lsp.judging.inspect import Inspection


class JudgedProject:
    """A project, and the verdicts on it.

    ``dependencies`` are the absolute paths of all files that the verdicts depend on,
    missing files included, ``files`` those of all files that it reads, and ``members``
    those of the files that are judged with it alone. ``error`` is set if the
    linter failed. ``clock`` is the time of the judgement.
    """

    def __init__(
        self,
        candidate: Candidate,
        disk: RecordedFiles,
        clock: int,
        job: Job | None,
        verdicts: list[Verdict],
        error: Exception | None = None,
    ) -> None:
        """Take the verdicts on a candidate, and the files that they were made from.

        Args:
            candidate: what was judged.
            disk: the files as they were, with a record of what was read.
            clock: the time of the judgement.
            job: how it was judged; None if it could not be planned.
            verdicts: the verdicts.
            error: the error that ended the judgement, if one did.

        """
        self.path: Final = candidate.path
        self.clock = clock
        self.verdicts: Final = verdicts
        self.error: Final = error
        self._candidate = candidate
        self._disk = disk
        self._job = job
        self._inspection: Inspection | None = None
        self._redactions: list[PlaceRedaction] | None = None
        self.asks_shellcheck: Final = job is not None and job.runner.asks_shellcheck
        self.dependencies: Final = frozenset((self.path, *disk.recorded_paths))
        self._places = {name: disk.real_path(name) for name in _names(verdicts)}
        self.files: Final = frozenset(self._places.values())
        self.members: Final = frozenset(
            self._places[name]
            for verdict in verdicts
            for name in (*(source.name for source in verdict.members), *verdict.parts)
        )
        self._related: Final = frozenset(map(self.place, _related(verdicts)))

    @property
    def disk(self) -> Files:
        """Return the files as they were judged."""
        return self._disk

    @property
    def is_compose(self) -> bool:
        """Return whether it is more than a Dockerfile alone."""
        return self._candidate.language != "dockerfile"

    @property
    def file_sets(self) -> Sequence[FileSet]:
        """Return the file sets that the configuration defines for it."""
        return (self._job.file_sets if self._job is not None else None) or ()

    @property
    def merged(self) -> frozenset[str]:
        """Return the Compose files that invocations in the repository merge in it."""
        return frozenset(path for files in self._chains for path in files)

    @property
    def invocations(self) -> list[tuple[str, ...]]:
        """Return the files of each invocation that is known, in their order."""
        return [*self._chains, *(one.paths for one in self.file_sets)]

    @property
    def _chains(self) -> list[tuple[str, ...]]:
        role = self._candidate.role
        return [chain.files for chain in role.chains] if role is not None else []

    @property
    def inspection(self) -> Inspection:
        """Return the inspection of the project; of several, that of the first."""
        if self._inspection is None:
            from tightship_lsp.judging.inspect import Inspection

            loaded = self.verdicts[0].project if self.verdicts else None
            self._inspection = Inspection(loaded or LoadedProject(None, (), None))
        return self._inspection

    def without_secrets(self, text: str, *places: Span | None) -> str:
        """Return a text about places of the project without the secrets there."""
        if self._redactions is None:
            from tightship.report.redaction import PlaceRedaction

            self._redactions = [PlaceRedaction(one) for one in self.verdicts]
        for one in self._redactions:
            text = one.text(text, *places)
        return text

    def concerns(self, path: str) -> bool:
        """Return whether its findings are in a file, or come from there."""
        return path in self.files or path in self._related

    def place(self, source: Source) -> str:
        """Return the absolute path of a file that a finding points into."""
        place = self._places.get(source.name)
        return self._disk.real_path(source.name) if place is None else place

    def judge_again(self, now: Files, runner: RuleRunner | None = None) -> list[Verdict]:
        """Judge the project again, with the open texts of other files.

        With another runner, the baseline is ignored.
        """
        if self._job is None:
            return []
        if now is self._disk and runner is None:
            return self.verdicts
        files = self._disk if now is self._disk else self._disk.with_texts_of(now)
        job = self._job.replaced(files=files)
        return verdicts_on(job if runner is None else job.replaced(runner=runner, baseline=None))

    def builds(self, path: str) -> bool:
        """Return whether one of its services builds a Dockerfile."""
        return any(self._places[name] == path for one in self.verdicts for name in one.builders)


def verdicts_on(job: Job) -> list[Verdict]:
    """Return the verdicts on a job, without known findings."""
    once, known = ReportedOnce(), KnownFindings()
    judged = [with_roles(one, job) for one in judge(job) if isinstance(one, Verdict)]
    verdicts = [by_purpose(once.without_repeated(one, job), job) for one in judged]
    if isinstance(job.files, UnsavedFile):
        # Files that it names may exist where it will be saved.
        verdicts = [verdict.without(lambda one: one.is_gap) for verdict in verdicts]
    return [known.without_known(one, job) for one in verdicts]


def _names(verdicts: Iterable[Verdict]) -> set[str]:
    """Return the names of the files that verdicts are about."""
    return {
        name
        for verdict in verdicts
        for name in (
            *(source.name for source in verdict.sources),
            *verdict.builders,
            *(one.span.source.name for one in verdict.findings),
        )
    }


def _related(verdicts: Iterable[Verdict]) -> Iterator[Source]:
    """Yield the files of the places that explain findings, and have a role there."""
    for verdict in verdicts:
        for one in verdict.findings:
            yield from (related.span.source for related in one.finding.because if related.role)
