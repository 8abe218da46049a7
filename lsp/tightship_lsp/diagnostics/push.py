"""Diagnostics for clients that wait for them: published when edits have paused."""

from __future__ import annotations

import asyncio
from functools import partial

from lsprotocol import types

from tightship_lsp.work.pause import Pause
from tightship_lsp.work.worker import Urgency
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics
    from tightship_lsp.server import Server


class Push:
    """Publishes what is found in the open documents, wherever it has changed."""

    __slots__ = ("_elsewhere", "_pause", "_published", "_scan", "_scanning", "_server")

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pause = Pause(self._round, server.failed, server.is_behind)
        self._scan = Pause(self._scan_again, server.failed)
        self._scanning = asyncio.Lock()
        # What was published last of each open document.
        self._published: dict[str, ClientDiagnostics] = {}
        # The files that are not open, of which something is published.
        self._elsewhere: set[str] | None = None

    def edited(self, delay: float) -> None:
        """Judge what is open, after some seconds without another change."""
        self._pause.start(delay)

    def touched(self) -> None:
        """Judge anew where files have changed that are not open."""
        self._pause.start(0)
        self._scan.start(0)

    def close(self, uri: str) -> None:
        """Clear what is shown of a document that is closed."""
        self._published.pop(uri, None)
        self._send(uri, None, [])
        self.touched()

    async def check_workspace(self) -> tuple[int, int]:
        """Publish what is found in all files; return how many, and how much it is."""
        files: dict[str, int] = {}
        async with self._scanning:
            async for shown in self._server.scan():
                uri = shown.report.uri
                files[uri] = shown.count
                if self._server.session.version(uri) is None:
                    self._send(uri, None, shown.diagnostics)
            for uri in (self._elsewhere or set()) - files.keys():
                if self._server.session.version(uri) is None:
                    self._send(uri, None, [])
            self._elsewhere = set(files)
        for uri, shown in self._published.items():
            files[uri] = shown.count
        return len(files), sum(files.values())

    async def _round(self) -> None:
        """Judge the documents, those that were edited last before the others."""
        server = self._server
        for uri in server.session.recent:
            if self._pause.is_due:
                return  # to the round that begins with what has been edited since
            job = partial(self._changed, uri)
            try:
                shown = await server.worker.run(job, Urgency.TYPED)
            except OutdatedError:  # and so, another round is to come
                continue
            if shown is None:
                continue
            report = shown.report
            # What is outdated by now is judged again before long.
            if server.session.version(uri) == report.version:
                self._published[uri] = shown
                self._send(uri, report.version, shown.diagnostics)
        server.judged()

    async def _scan_again(self) -> None:
        """Judge anew what is not open, if that has been asked for once."""
        if self._elsewhere is not None:
            await self.check_workspace()

    def _changed(self, uri: str) -> ClientDiagnostics | None:
        """Return what is found in a document, unless it is what was published."""
        report = self._server.session.report(uri)
        if report is None:
            return None
        last = self._published.get(uri)
        if last is not None and report.is_like(last.report):
            return None
        shown = self._server.shown(report)
        return None if last is not None and shown.is_like(last) else shown

    def _send(
        self, uri: str, version: int | None, diagnostics: list[types.Diagnostic]
    ) -> None:
        self._server.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version)
        )
        self._server.garbage.made()
