"""Documents are judged in the worker, and their diagnostics made there."""

from __future__ import annotations

from contextlib import suppress

from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics
from tightship_lsp.work.garbage import collect_new
from tightship_lsp.work.worker import Priority
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
    from tightship_lsp.judging.report import Report
    from tightship_lsp.session import Session
    from tightship_lsp.work.worker import Worker


class Checker:
    """Makes the diagnostics of documents as a client with some capabilities gets them."""

    def __init__(
        self, session: Session, worker: Worker, capabilities: DiagnosticCapabilities
    ) -> None:
        self.session = session
        self._worker = worker
        self._capabilities = capabilities

    async def current(self, uri: str, priority: Priority) -> ClientDiagnostics | None:
        """Return the diagnostics of an open document, however often it changes."""

        def job() -> ClientDiagnostics | None:
            while True:
                with suppress(OutdatedError):
                    report = self.session.report(uri)
                    return None if report is None else self._converted(report)

        return await self._worker.run(job, priority)

    async def changed(
        self, uri: str, last: Callable[[], ClientDiagnostics | None], priority: Priority
    ) -> ClientDiagnostics | None:
        """Return the diagnostics of an open document, unless they are the last ones.

        Raises:
            OutdatedError: if the document, or what it depends on, changes meanwhile.

        """

        def job() -> ClientDiagnostics | None:
            report, known = self.session.report(uri), last()
            if report is None or (known is not None and report.is_like(known.report)):
                return None
            found = self._converted(report)
            if known is None or not found.is_like(known):
                return found
            known.report = report  # which the next one is compared with
            return None

        return await self._worker.run(job, priority)

    async def closed(self) -> AsyncIterator[ClientDiagnostics]:
        """Yield the diagnostics of the files that are not open, one job a file."""
        reports = self.session.scan()

        def job() -> ClientDiagnostics | None:
            report = next(reports, None)
            collect_new()
            return None if report is None else self._converted(report)

        with self._worker.series():
            while (found := await self._worker.run(job, Priority.SCAN)) is not None:
                yield found

    def _converted(self, report: Report) -> ClientDiagnostics:
        return ClientDiagnostics(report, self.session.encoding, self._capabilities)
