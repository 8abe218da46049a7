"""What long work heeds between its steps: whether it is still wanted, and who waits."""

from __future__ import annotations

from tightship_lsp.work.worker import UnwantedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeVar

    from tightship_lsp.work.worker import Worker
    from tightship_lsp.workspace.changes import Changes

    T = TypeVar("T")


class OutdatedError(UnwantedError):
    """Ends work on texts that have changed since it began."""


class Cancellation:
    """Looks up from work that is done in the thread that judges."""

    __slots__ = ("_changes", "_worker")

    def __init__(self, changes: Changes, worker: Worker | None) -> None:
        self._changes = changes
        self._worker = worker

    def to(self, paths: Callable[[], Iterable[str]], since: int) -> Callable[[], None]:
        """Return what work on the files at some paths calls between its steps.

        It lets more urgent work go first. It raises OutdatedError if one of the files
        has changed since some time, and UnwantedError if nobody waits any more.
        """
        changes, worker = self._changes, self._worker
        seen = since

        def heed() -> None:
            nonlocal seen
            if worker is not None:
                worker.give_way()
            if changes.clock != seen:
                seen = changes.clock
                if changes.is_outdated(paths(), since):
                    raise OutdatedError

        return heed

    def aside(self, step: Callable[[], T]) -> T:
        """Return what a long step gives, while what is more urgent goes on."""
        return step() if self._worker is None else self._worker.aside(step)
