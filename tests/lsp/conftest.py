"""Editors that talk to a real server, each as one of those that people use."""

from __future__ import annotations

import asyncio
import functools
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, Protocol, cast

import pytest
from lsprotocol import types
from pygls.protocol import default_converter
from pytest_lsp.client import (
    DEFAULT_CLIENT_FEATURES,
    LanguageClient,
    client_capabilities,
    register_lsp_features,
)

from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from contextlib import AbstractAsyncContextManager
    from pathlib import Path

PATIENCE = 15.0

WEB = """\
services:
  web:
    image: nginx:1.27
    privileged: true
"""


def capabilities(name: str, *, refresh: bool = False) -> types.ClientCapabilities:
    """Return what an editor can do; ``refresh`` adds what only newer ones can."""
    found = client_capabilities(name)
    if refresh:
        assert found.workspace is not None
        found.workspace.diagnostics = types.DiagnosticWorkspaceClientCapabilities(
            refresh_support=True
        )
    return found


class Editor:
    """An editor with a folder open, and what its server has said to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.published: list[types.PublishDiagnosticsParams] = []
        self.registered: list[types.Registration] = []
        self.progress: list[Any] = []
        self.refreshed = 0
        self.settings: object = None
        self.answer: types.InitializeResult | None = None
        self.client = LanguageClient(converter_factory=default_converter)
        self._listen()

    def _listen(self) -> None:
        def published(params: types.PublishDiagnosticsParams) -> None:
            self.published.append(params)

        def registered(params: types.RegistrationParams) -> None:
            self.registered += params.registrations

        def refreshed(params: None) -> None:
            self.refreshed += 1

        def progress(params: types.ProgressParams) -> None:
            self.progress.append(params.value)

        def configuration(params: types.ConfigurationParams) -> list[object]:
            return [self.settings for _ in params.items]

        own: dict[str, Any] = {
            types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS: published,
            types.CLIENT_REGISTER_CAPABILITY: registered,
            types.WORKSPACE_DIAGNOSTIC_REFRESH: refreshed,
            types.PROGRESS: progress,
            types.WORKSPACE_CONFIGURATION: configuration,
        }
        register_lsp_features(self.client, DEFAULT_CLIENT_FEATURES | own)

    def uri(self, name: str) -> str:
        """Return the URI of a file in the folder."""
        return uri_of(str(self.folder / name))

    def open(self, name: str, language: str, text: str, version: int = 1) -> str:
        """Open a document; a name with a colon is a URI."""
        uri = name if ":" in name else self.uri(name)
        item = types.TextDocumentItem(uri, language, version, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, version: int, text: str) -> None:
        """Put another text in the place of a document's."""
        self.edit(uri, version, types.TextDocumentContentChangeWholeDocument(text))

    def edit(self, uri: str, version: int, *changes: types.TextDocumentContentChangeEvent) -> None:
        """Change parts of a document."""
        self.client.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version, uri), changes
            )
        )

    def close(self, uri: str) -> None:
        """Close a document."""
        identifier = types.TextDocumentIdentifier(uri)
        self.client.text_document_did_close(types.DidCloseTextDocumentParams(identifier))

    def touch(self, *uris: str) -> None:
        """Say that files have changed on the disk."""
        changed = types.FileChangeType.Changed
        self.client.workspace_did_change_watched_files(
            types.DidChangeWatchedFilesParams([types.FileEvent(uri, changed) for uri in uris])
        )

    async def pull(self, uri: str, previous: str | None = None) -> types.DocumentDiagnosticReport:
        """Ask for the diagnostics of a document."""
        return await self.client.text_document_diagnostic_async(
            types.DocumentDiagnosticParams(
                types.TextDocumentIdentifier(uri), previous_result_id=previous
            )
        )

    def shown(self, uri: str) -> types.PublishDiagnosticsParams | None:
        """Return what was published last of a document."""
        of_it = [one for one in self.published if one.uri == uri]
        return of_it[-1] if of_it else None

    async def until(self, happens: Callable[[], object]) -> None:
        """Wait for something that the server is bound to do."""
        async with asyncio.timeout(PATIENCE):
            while not happens():
                await asyncio.sleep(0.01)

    async def publishes(self, uri: str, *, version: int) -> list[types.Diagnostic]:
        """Wait for the diagnostics of a version, and return them."""

        def is_there() -> bool:
            shown = self.shown(uri)
            return shown is not None and shown.version == version

        await self.until(is_there)
        shown = self.shown(uri)
        assert shown is not None
        return list(shown.diagnostics)


class Edits(Protocol):
    """Start an editor with a server; it ends the session when it is done."""

    def __call__(
        self,
        client: types.ClientCapabilities | str = "visual_studio_code",
        *,
        options: object = None,
        folders: Sequence[str] | None = None,
    ) -> AbstractAsyncContextManager[Editor]: ...


SERVER = (sys.executable, "-m", "tightship_lsp")


def _with_infos(options: object) -> object:
    """Return the settings of a session that also shows infos."""
    if not isinstance(options, dict):
        return options
    table = cast("dict[str, object]", options)
    if "tightship" in table:
        return {**table, "tightship": _with_infos(table["tightship"])}
    return {"infos": True, **table}


@asynccontextmanager
async def session(
    folder: Path,
    client: types.ClientCapabilities | str = "visual_studio_code",
    *,
    options: object = None,
    folders: Sequence[str] | None = None,
    server: Sequence[str] = SERVER,
) -> AsyncGenerator[Editor]:
    """Start an editor with a server, and end the session afterwards."""
    editor = Editor(folder)
    await editor.client.start_io(*server)  # pyright: ignore[reportUnknownMemberType]
    can = capabilities(client) if isinstance(client, str) else client
    roots = [str(folder)] if folders is None else folders
    try:
        editor.answer = await editor.client.initialize_session(
            types.InitializeParams(
                capabilities=can,
                workspace_folders=[types.WorkspaceFolder(uri_of(root), root) for root in roots],
                initialization_options=_with_infos({"debounce": 0} if options is None else options),
            )
        )
        yield editor
        async with asyncio.timeout(PATIENCE):
            await editor.client.shutdown_session()
    finally:
        process = editor.client._server
        if process is not None and process.returncode is None:
            process.kill()
        await editor.client.stop()  # type: ignore[no-untyped-call]


@pytest.fixture
def editor(tmp_path: Path) -> Edits:
    return functools.partial(session, tmp_path)


def rules(diagnostics: Sequence[types.Diagnostic]) -> list[str]:
    """Return the rules that diagnostics are of, in order."""
    return [str(one.code) for one in diagnostics]
