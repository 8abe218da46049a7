"""The counts of a run, which decide its exit code."""

from __future__ import annotations

from tightship.findings import Severity

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Verdict


class Summary:
    """Counts over all verdicts of a run; ``fails`` if a finding makes it fail.

    ``failure`` is the first error, a bug, that ended the judging of a project.
    """

    def __init__(self) -> None:
        self._names = set[str]()
        self.by_severity = dict.fromkeys(reversed(Severity), 0)
        self.services = 0
        self.gaps = 0
        self.accepted = 0
        self.known = 0
        self.fails = False
        self.failure: Exception | None = None

    def add(self, verdict: Verdict) -> None:
        """Add a verdict; a file that several projects read counts once."""
        # One text each: there may be ten thousand.
        self._names.update(f"{verdict.root}\0{s.name}" for s in verdict.sources)
        self.failure = self.failure or verdict.failure
        self.services += verdict.services
        self.gaps += verdict.gaps
        self.accepted += len(verdict.accepted)
        self.known += len(verdict.known)
        for judged in verdict.findings:
            self.by_severity[judged.severity] += 1
        self.fails |= any(map(verdict.fails, verdict.findings))

    @property
    def files(self) -> int:
        """Return the number of files that were read."""
        return len(self._names)

    @property
    def findings(self) -> int:
        """Return the number of findings."""
        return sum(self.by_severity.values())
