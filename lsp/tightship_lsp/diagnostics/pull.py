"""Diagnostics for clients that ask for them: of a document, or of the workspace."""

from __future__ import annotations

import asyncio
from functools import partial

from lsprotocol import types

from tightship_lsp.work.debounce import Debouncer
from tightship_lsp.work.worker import Priority
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.diagnostics.checker import Checker
    from tightship_lsp.diagnostics.client import Client
    from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics

    DocumentReport = (
        types.RelatedFullDocumentDiagnosticReport | types.RelatedUnchangedDocumentDiagnosticReport
    )
    WorkspaceReport = (
        types.WorkspaceFullDocumentDiagnosticReport
        | types.WorkspaceUnchangedDocumentDiagnosticReport
    )


class Pull:
    """Answers with diagnostics, and has the client ask again when they change."""

    def __init__(self, checker: Checker, client: Client) -> None:
        self._checker = checker
        self._session = checker.session
        self._client = client
        self._debouncer = Debouncer(self._round, client.failed, client.is_behind)
        # The last answer for each document.
        self._answered: dict[str, ClientDiagnostics] = {}
        self._news = asyncio.Event()
        self._scanned = -1

    def edited(self, delay: float) -> None:
        """Look whether an edit changes the diagnostics of other documents."""
        self._debouncer.start(delay)

    def touched(self) -> None:
        """Look whether files that are not open change diagnostics."""
        self._debouncer.start(0)

    def close(self, uri: str) -> None:
        """Forget the answer for a document."""
        self._answered.pop(uri, None)
        self._debouncer.start(0)

    async def document(self, params: types.DocumentDiagnosticParams) -> DocumentReport:
        """Return the diagnostics of a document; one that is not open has none."""
        uri = params.text_document.uri
        found = await self._checker.current(uri, Priority.EDIT)
        if found is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        self._answered[uri] = found
        if params.previous_result_id == found.id:
            return types.RelatedUnchangedDocumentDiagnosticReport(found.id)
        return types.RelatedFullDocumentDiagnosticReport(
            items=found.diagnostics, result_id=found.id
        )

    async def workspace(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        """Return the diagnostics of all files, or send them as they are found.

        Clients ask again as soon as they are answered. One that has the answer waits
        until there is another.
        """
        known = {one.uri: one.value for one in params.previous_result_ids}
        while known and self._scanned == self._session.clock:
            await self._news.wait()
        self._scanned = self._session.clock
        reports: dict[str, WorkspaceReport] = {}
        token = params.partial_result_token

        def add(one: WorkspaceReport) -> None:
            reports[one.uri] = one
            if token is not None:
                part = types.WorkspaceDiagnosticReportPartialResult([one])
                self._client.report_progress(types.ProgressParams(token, part))

        async with self._client.progressing(params.work_done_token):
            async for found in self._checker.closed():
                if self._session.version(found.report.uri) is None:
                    add(_workspace_report(found, known))
            for uri in self._session.uris:
                one = await self._checker.current(uri, Priority.BACKGROUND)
                if one is not None:
                    add(_workspace_report(one, known))
        for uri in known.keys() - reports.keys():
            add(types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=[]))
        items = [] if token is not None else list(reports.values())
        return types.WorkspaceDiagnosticReport(items)

    async def check_workspace(self) -> tuple[int, int]:
        """Have the client ask; return the numbers of files and of diagnostics."""
        files: dict[str, int] = {}
        async for found in self._checker.closed():
            files[found.report.uri] = found.count
        for uri in self._session.uris:
            one = await self._checker.current(uri, Priority.BACKGROUND)
            if one is not None:
                files[uri] = one.count
        self._scanned = -1
        self._wake()
        self._client.refresh_diagnostics()
        return len(files), sum(files.values())

    async def _round(self) -> None:
        outdated = False
        for uri in self._session.recent:
            last = self._answered.get(uri)
            # A client asks by itself when a document has changed.
            if last is None or last.report.version != self._session.version(uri):
                continue
            known = partial(self._answered.get, uri)
            try:
                found = await self._checker.changed(uri, known, Priority.BACKGROUND)
            except OutdatedError:  # and so, another round is to come
                continue
            if found is not None and self._answered.get(uri) is last:
                self._answered[uri] = found
                outdated = outdated or found.report.version == last.report.version
        if outdated:
            self._client.refresh_diagnostics()
        self._client.documents_changed()
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


def _workspace_report(found: ClientDiagnostics, known: dict[str, str]) -> WorkspaceReport:
    uri, version = found.report.uri, found.report.version
    if known.get(uri) == found.id:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, version=version, result_id=found.id
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, version=version, items=found.diagnostics, result_id=found.id
    )
