"""Diagnostics for clients that wait for them: published when edits have paused."""

from __future__ import annotations

import asyncio
from functools import partial

from tightship_lsp.work.debounce import Debouncer
from tightship_lsp.work.worker import Priority
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship_lsp.diagnostics.checker import Checker
    from tightship_lsp.diagnostics.client import Client
    from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics


class Push:
    """Publishes the diagnostics of open documents, wherever they have changed."""

    __slots__ = (
        "_checker",
        "_client",
        "_closed",
        "_debouncer",
        "_published",
        "_scan",
        "_scanning",
        "_session",
    )

    def __init__(self, checker: Checker, client: Client) -> None:
        self._checker = checker
        self._session = checker.session
        self._client = client
        self._debouncer = Debouncer(self._round, client.failed, client.is_behind)
        self._scan = Debouncer(self._scan_again, client.failed)
        self._scanning = asyncio.Lock()
        # The last ones of each open document.
        self._published: dict[str, ClientDiagnostics] = {}
        # The files that are not open and have published diagnostics; None: no scan yet.
        self._closed: set[str] | None = None

    def edited(self, delay: float) -> None:
        """Judge open documents, after some seconds without another change."""
        self._debouncer.start(delay)

    def touched(self) -> None:
        """Judge again after a change of files that are not open."""
        self._debouncer.start(0)
        self._scan.start(0)

    def close(self, uri: str) -> None:
        """Clear the diagnostics of a document that is closed."""
        self._published.pop(uri, None)
        self._client.publish(uri, None, [])
        self.touched()

    async def check_workspace(self) -> tuple[int, int]:
        """Publish the diagnostics of all files; return the numbers of both."""
        files: dict[str, int] = {}
        async with self._scanning:
            async for found in self._checker.closed():
                uri = found.report.uri
                files[uri] = found.count
                if self._session.version(uri) is None:
                    self._client.publish(uri, None, found.diagnostics)
            for uri in (self._closed or set()) - files.keys():
                if self._session.version(uri) is None:
                    self._client.publish(uri, None, [])
            self._closed = set(files)
        files |= {uri: found.count for uri, found in self._published.items()}
        return len(files), sum(files.values())

    async def _round(self) -> None:
        """Judge the documents, those that were edited last before the others."""
        for uri in self._session.recent:
            if self._debouncer.is_due:
                return  # to the round that begins with the edits since
            last = partial(self._published.get, uri)
            try:
                found = await self._checker.changed(uri, last, Priority.EDIT)
            except OutdatedError:  # and so, another round is to come
                continue
            # Outdated diagnostics are replaced before long.
            if found and self._session.version(uri) == found.report.version:
                self._published[uri] = found
                self._client.publish(uri, found.report.version, found.diagnostics)
        self._client.documents_changed()

    async def _scan_again(self) -> None:
        """Judge the files that are not open, if there was a scan."""
        if self._closed is not None:
            await self.check_workspace()
