"""Diagnostics for clients that ask for them: of a document, or of the workspace."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

from lsprotocol import types

from tightship_lsp.work.pause import Pause
from tightship_lsp.work.worker import Urgency
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics
    from tightship_lsp.server import Server

    DocumentReport = (
        types.RelatedFullDocumentDiagnosticReport
        | types.RelatedUnchangedDocumentDiagnosticReport
    )
    WorkspaceReport = (
        types.WorkspaceFullDocumentDiagnosticReport
        | types.WorkspaceUnchangedDocumentDiagnosticReport
    )


class Pull:
    """Answers with what is found, and says when it is worth asking again."""

    __slots__ = ("_news", "_pause", "_scanned", "_server", "_told")

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pause = Pause(self._round, server.failed, server.is_behind)
        self._told: dict[str, ClientDiagnostics] = {}
        self._news = asyncio.Event()
        self._scanned = -1

    def edited(self, delay: float) -> None:
        """See whether an edit changes what was said of other documents."""
        self._pause.start(delay)

    def touched(self) -> None:
        """See whether files that are not open change what was said."""
        self._pause.start(0)

    def close(self, uri: str) -> None:
        """Forget what was said of a document."""
        self._told.pop(uri, None)
        self._pause.start(0)

    async def document(self, params: types.DocumentDiagnosticParams) -> DocumentReport:
        """Return what is found in a document, which is nothing if it is not open."""
        uri = params.text_document.uri
        shown = await self._server.worker.run(partial(self._shown, uri), Urgency.TYPED)
        if shown is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        self._told[uri] = shown
        self._server.garbage.made()
        if params.previous_result_id == shown.id:
            return types.RelatedUnchangedDocumentDiagnosticReport(shown.id)
        return types.RelatedFullDocumentDiagnosticReport(
            items=shown.diagnostics, result_id=shown.id
        )

    async def workspace(
        self, params: types.WorkspaceDiagnosticParams
    ) -> types.WorkspaceDiagnosticReport:
        """Return what is found in all files, or as it is found, if the client can.

        A client that has the answer is kept waiting until there is another: clients
        ask again as soon as they are answered.
        """
        server = self._server
        known = {one.uri: one.value for one in params.previous_result_ids}
        while known and self._scanned == server.session.clock:
            await self._news.wait()
        self._scanned = server.session.clock
        said: dict[str, WorkspaceReport] = {}
        token = params.partial_result_token

        def say(one: WorkspaceReport) -> None:
            said[one.uri] = one
            if token is not None:
                part = types.WorkspaceDiagnosticReportPartialResult([one])
                server.progress(types.ProgressParams(token, part))

        async with server.progressing(params.work_done_token):
            async for shown in server.scan():
                if server.session.version(shown.report.uri) is None:
                    say(_workspace_report(shown, known))
            for uri in server.session.uris:
                job = partial(self._shown, uri)
                one = await server.worker.run(job, Urgency.BESIDE)
                if one is not None:
                    say(_workspace_report(one, known))
        for uri in known.keys() - said.keys():
            say(types.WorkspaceFullDocumentDiagnosticReport(uri=uri, items=[]))
        items = [] if token is not None else list(said.values())
        return types.WorkspaceDiagnosticReport(items)

    async def check_workspace(self) -> tuple[int, int]:
        """Judge all files, and let the client ask; return how many, and how much."""
        files: dict[str, int] = {}
        async for shown in self._server.scan():
            files[shown.report.uri] = shown.count
        for uri in self._server.session.uris:
            job = partial(self._shown, uri)
            one = await self._server.worker.run(job, Urgency.BESIDE)
            if one is not None:
                files[uri] = one.count
        self._scanned = -1
        self._wake()
        self._refresh()
        return len(files), sum(files.values())

    def _shown(self, uri: str) -> ClientDiagnostics | None:
        """Return what is found in a document as it is now, however often it changes."""
        while True:
            with suppress(OutdatedError):
                report = self._server.session.report(uri)
                return None if report is None else self._server.shown(report)

    def _changed(self, uri: str, last: ClientDiagnostics) -> ClientDiagnostics | None:
        report = self._server.session.report(uri)
        if report is None or report.is_like(last.report):
            return None
        shown = self._server.shown(report)
        return None if shown.is_like(last) else shown

    async def _round(self) -> None:
        server, session = self._server, self._server.session
        outdated = False
        for uri in session.recent:
            last = self._told.get(uri)
            # A client asks by itself when a document has changed.
            if last is None or last.report.version != session.version(uri):
                continue
            job = partial(self._changed, uri, last)
            try:
                shown = await server.worker.run(job, Urgency.BESIDE)
            except OutdatedError:  # and so, another round is to come
                continue
            if shown is not None and self._told.get(uri) is last:
                self._told[uri] = shown
                outdated = outdated or shown.report.version == last.report.version
        if outdated:
            self._refresh()
        server.judged()
        self._wake()

    def _wake(self) -> None:
        self._news.set()
        self._news = asyncio.Event()

    def _refresh(self) -> None:
        if self._server.can_refresh:
            self._server.workspace_diagnostic_refresh(None)


def _workspace_report(
    shown: ClientDiagnostics, known: dict[str, str]
) -> WorkspaceReport:
    uri, version = shown.report.uri, shown.report.version
    if known.get(uri) == shown.id:
        return types.WorkspaceUnchangedDocumentDiagnosticReport(
            uri=uri, version=version, result_id=shown.id
        )
    return types.WorkspaceFullDocumentDiagnosticReport(
        uri=uri, version=version, items=shown.diagnostics, result_id=shown.id
    )
