"""A project that has been judged, and what its judgement depends on."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.compose.loading.options import Options
    from tightship.engine.disk.files import Files
    from tightship.engine.inspect.project import Inspection
    from tightship.engine.judge.runner import RuleRunner
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.verdict import Verdict
    from tightship.text import Source
    from tightship_lsp.judging.recorded import Recorded
    from tightship_lsp.judging.ruling import Ruling


class Project:
    """A project, and the verdicts on it.

    ``asked`` holds the absolute paths that the judgement depends on, those of files
    that are not there among them. ``pointed`` are the files that findings come from, or
    take effect in. ``error`` is what went wrong, if the linter failed.
    """

    __slots__ = (
        "_found",
        "_inspection",
        "_places",
        "_real",
        "asked",
        "clock",
        "error",
        "files",
        "path",
        "pointed",
        "ruling",
        "verdicts",
    )

    def __init__(self, found: Candidate, files: Recorded, clock: int) -> None:
        self.path = found.path
        self._found = found
        self._inspection: Inspection | None = None
        self.clock = clock
        self.ruling: Ruling | None = None
        self.verdicts: list[Verdict] = []
        self.error: Exception | None = None
        self.asked: frozenset[str] = frozenset()
        self.files: frozenset[str] = frozenset()
        self.pointed: frozenset[str] = frozenset()
        self._real = files
        self._places: dict[str, str] = {}

    def judged(self, verdicts: list[Verdict], error: Exception | None) -> Project:
        """Hold what came of it."""
        self.verdicts = verdicts
        self.error = error
        self.asked = frozenset((self.path, *map(self._real.path, self._real.asked)))
        names = {
            name
            for verdict in verdicts
            for name in (
                *(source.name for source in verdict.sources),
                *verdict.builders,
                *(one.span.source.name for one in verdict.findings),
            )
        }
        self._places = {name: self._real.real_path(name) for name in names}
        self.files = frozenset(self._places.values())
        self.pointed = frozenset(
            self.place(related.span.source)
            for verdict in verdicts
            for one in verdict.findings
            for related in one.finding.because
            if related.role
        )
        return self

    def concerns(self, path: str) -> bool:
        """Tell whether something may be found in a file, or may have to do with it."""
        return path in self.files or path in self.pointed

    def place(self, source: Source) -> str:
        """Return the absolute path of a file that a finding points into."""
        place = self._places.get(source.name)
        return self._real.real_path(source.name) if place is None else place

    @property
    def disk(self) -> Files:
        """Return the files as they were judged."""
        return self._real

    @property
    def is_compose(self) -> bool:
        """Tell whether it is more than a Dockerfile by itself."""
        return self._found.language != "dockerfile"

    @property
    def sets(self) -> list[tuple[str, ...]]:
        """Return the files of each project that was put together for it."""
        put = self.ruling.sets if self.ruling is not None else None
        return [one.paths for one in put or ()]

    @property
    def inspection(self) -> Inspection:
        """Return what can be asked about it, which is put together when it is."""
        if self._inspection is None:
            from tightship.engine.inspect.project import Inspection

            asked: list[tuple[Candidate, Options | None]] = [(self._found, None)]
            if self.ruling is not None:
                asked = self.ruling.asked(self._found)
            # Where there are several, the first is told of.
            self._inspection = Inspection(self._real, *asked[0])
        return self._inspection

    def judge_again(
        self, now: Files, runner: RuleRunner | None = None
    ) -> list[Verdict]:
        """Judge it as it was, with the texts that others have over its files.

        With other rules, whatever is known counts.
        """
        if self.ruling is None:
            return []
        if now is self._real and runner is None:
            return self.verdicts
        files = self._real if now is self._real else self._real.below(now)
        if runner is not None:
            return self.ruling.judged(runner, files, self._found)
        return self.ruling.verdicts(files, self._found)

    @property
    def built(self) -> frozenset[str]:
        """Return the absolute paths of the Dockerfiles that its services build."""
        names = (name for one in self.verdicts for name in one.builders)
        return frozenset(self._places[name] for name in names)

    def builds(self, path: str) -> bool:
        """Tell whether one of its services builds a Dockerfile."""
        return path in self.built
