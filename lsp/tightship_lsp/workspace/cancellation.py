"""Checks between the steps of long work: whether to go on, and what goes first."""

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
    """Cancels work in the thread that judges."""

    def __init__(self, changes: Changes, worker: Worker | None) -> None:
        self._changes = changes
        self._worker = worker

    def check_for(
        self, dependencies: Callable[[], Iterable[str]], since: int
    ) -> Callable[[], None]:
        """Return the check that work on the files at some paths makes between steps.

        It does more urgent work first. It raises OutdatedError if one of the files
        has changed since some time, and UnwantedError if nobody waits any longer.
        """
        changes = self._changes
        checked = since

        def check_cancelled() -> None:
            nonlocal checked
            self.give_way()
            if changes.clock != checked:
                checked = changes.clock
                if changes.is_outdated(dependencies(), since):
                    raise OutdatedError

        return check_cancelled

    def give_way(self) -> None:
        """Do more urgent work first.

        Raises:
            UnwantedError: if nobody waits for this work any longer.

        """
        if self._worker is not None:
            self._worker.give_way()

    def run_in_thread(self, step: Callable[[], T]) -> T:
        """Return the result of a long step, while more urgent work goes on."""
        return step() if self._worker is None else self._worker.run_in_thread(step)
