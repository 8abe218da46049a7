"""What one judgement of a project leaves for the next one, as long as it holds."""

from __future__ import annotations

from tightship.engine.plan.candidates import COMMANDS
from tightship_lsp.judging.again import Memory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.job import Job
    from tightship_lsp.workspace.snapshot import Snapshot


class ProjectMemory:
    """The memory of a project, and the other files that it depends on, as of a time."""

    def __init__(self) -> None:
        self._memory = Memory()
        self._others: frozenset[str] = frozenset()
        self._clock = 0

    def given_to(self, job: Job, now: Snapshot) -> Job:
        """Return a job with the memory, of which nothing is left if another file has changed."""
        if job.candidate.language in ("dockerfile", COMMANDS) or len(job.projects) != 1:
            return job
        if now.is_outdated(self._others, self._clock):
            self._memory.kept = None
        return job.replaced(memory=self._memory)

    def note(self, job: Job, disk: RecordedFiles, now: Snapshot) -> None:
        """Note the files of a job that was judged, if anything is kept of it.

        Of a broken text nothing is kept, and what was kept before stays.
        """
        kept = self._memory.kept
        if kept is not None and kept.files is disk:
            self._others = frozenset(disk.recorded_paths) - {job.candidate.path}
            self._clock = now.clock
