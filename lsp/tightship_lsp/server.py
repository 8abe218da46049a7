"""The language server: what it does with each message."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified
from pygls.lsp.server import LanguageServer

from tightship import __version__
from tightship_lsp.connection.protocol import Protocol
from tightship_lsp.connection.watching import registrations, watches_files
from tightship_lsp.diagnostics.client_diagnostics import ClientDiagnostics
from tightship_lsp.diagnostics.convert import Abilities, characters
from tightship_lsp.diagnostics.pages import Pages
from tightship_lsp.diagnostics.pull import Pull
from tightship_lsp.diagnostics.push import Push
from tightship_lsp.features.answers import answer
from tightship_lsp.session import Session
from tightship_lsp.settings import SECTION, Settings
from tightship_lsp.work.garbage import Garbage, keep
from tightship_lsp.work.worker import Urgency, Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from typing import Any

    from tightship_lsp.connection.transport import Input
    from tightship_lsp.diagnostics.pull import DocumentReport
    from tightship_lsp.judging.report import Report
    from tightship_lsp.session import Change

CHECK_WORKSPACE = "tightship.checkWorkspace"
"""The command that looks for findings in all files of the workspace."""


class Server(LanguageServer):
    """A server for one client: its session, and the thread that judges."""

    def __init__(self) -> None:
        super().__init__("tightship", __version__, protocol_cls=Protocol)  # pyright: ignore[reportUnknownMemberType]
        self.worker = Worker()
        self.session = Session(self._say, self._warn, self.worker)
        self.garbage = Garbage(self.worker.is_busy)
        self.can = Abilities(types.ClientCapabilities())
        self.can_refresh = False
        self.findings_in_hovers = True
        self.input: Input | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._diagnostics: Push | Pull | None = None
        self._lenses = answer(self)

    @property
    def is_shut_down(self) -> bool:
        """Tell whether the client has asked for the end in the right way."""
        return isinstance(self.protocol, Protocol) and self.protocol.is_shut_down

    def is_behind(self) -> bool:
        """Tell whether more is on its way from the client."""
        return self.input is not None and self.input.is_behind

    @property
    def diagnostics(self) -> Push | Pull:
        """Return how this client gets diagnostics."""
        if self._diagnostics is None:
            self._diagnostics = Push(self)
        return self._diagnostics

    def begin(self, params: types.InitializeParams) -> None:
        """Take note of what the client is, before it is told what the server can do."""
        self._loop = asyncio.get_running_loop()
        client, session = params.capabilities, self.session
        encoding = self.workspace.position_encoding
        session.encoding = str(getattr(encoding, "value", encoding))
        session.settings = Settings.read(params.initialization_options)
        session.watched = watches_files(client)
        folders = [one.uri for one in params.workspace_folders or ()]
        if not folders and self.workspace.root_uri is not None:
            folders = [self.workspace.root_uri]
        session.add_folders(folders)
        self.can = Abilities(client, Pages(session.settings.rule_pages))
        self.findings_in_hovers = session.settings.findings_in_hovers
        told = client.workspace and client.workspace.diagnostics
        self.can_refresh = bool(told and told.refresh_support)
        # One that cannot be told to ask again (Neovim 0.10) would never learn of what
        # another buffer brings: it is pushed to.
        pulls = client.text_document and client.text_document.diagnostic
        if pulls and self.can_refresh:
            self._diagnostics = pull = Pull(self)
            _answer(self, pull)

    def shown(self, report: Report) -> ClientDiagnostics:
        """Return a report as this client is told of it."""
        return ClientDiagnostics(report, self.session.encoding, self.can)

    def judged(self) -> None:
        """Take note that documents have been judged anew."""
        self._lenses.compare()

    async def scan(self) -> AsyncIterator[ClientDiagnostics]:
        """Judge the files of the workspace that are not open, one job a report."""
        reports = self.session.scan()

        def step() -> ClientDiagnostics | None:
            report = next(reports, None)
            return None if report is None else self.shown(report)

        while (shown := await self.worker.run(step, Urgency.SWEPT)) is not None:
            yield shown

    def progress(self, params: types.ProgressParams) -> None:
        """Send a part of an answer, or how far it is."""
        self.protocol.notify(types.PROGRESS, params)

    @asynccontextmanager
    async def progressing(
        self, token: types.ProgressToken | None
    ) -> AsyncGenerator[None]:
        """Show that something goes on, where the client has a place for it."""
        progress = self.work_done_progress
        if token is not None:
            title = "Checking containers"
            progress.begin(token, types.WorkDoneProgressBegin(title=title))
        try:
            yield
        finally:
            if token is not None:
                progress.end(token, types.WorkDoneProgressEnd())

    async def own_token(self) -> types.ProgressToken | None:
        """Return a token for progress that the client has not asked for."""
        window = self.client_capabilities.window
        if not (window and window.work_done_progress):
            return None
        token = f"{CHECK_WORKSPACE}/{self.session.clock}"
        await self.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE,
            types.WorkDoneProgressCreateParams(token),
        )
        return token

    async def configure(self, given: object) -> None:
        """Take settings, and tell the user of those that make no sense."""
        settings = Settings.read(given)
        self.session.configure(settings)
        # Which words there are, the rules know, and these are not loaded here.
        await self.worker.run(self.session.projects, Urgency.TYPED)
        for problem in settings.problems:
            self.window_show_message(
                types.ShowMessageParams(types.MessageType.Warning, problem)
            )
        self.diagnostics.touched()

    async def ask_for_settings(self) -> None:
        """Ask the client for the settings, if it can be asked."""
        workspace = self.client_capabilities.workspace
        if not (workspace and workspace.configuration):
            return
        item = types.ConfigurationItem(section=SECTION)
        answer = await self.workspace_configuration_async(
            types.ConfigurationParams([item])
        )
        if answer and answer[0] is not None:
            await self.configure({SECTION: answer[0]})

    def log(self, message: str, kind: types.MessageType) -> None:
        """Say something in the client's log."""
        self.window_log_message(types.LogMessageParams(kind, message))

    def failed(self, error: Exception) -> None:
        """Say in the log that something went wrong that should not."""
        import traceback

        text = "".join(traceback.format_exception(error, limit=-8))
        self.log(f"this is a bug in Tightship:\n{text}", types.MessageType.Error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Say in the log what the protocol has to complain of, and in no window."""
        del source
        if isinstance(error, JsonRpcContentModified):
            return  # which is no fault of anybody's
        self.log(str(error), types.MessageType.Error)

    def _say(self, message: str) -> None:
        """Log from the thread that judges."""
        if self._loop is not None:
            log = partial(self.log, message, types.MessageType.Error)
            self._loop.call_soon_threadsafe(log)

    def _warn(self, message: str) -> None:
        """Show a message from the thread that judges."""
        if self._loop is not None:
            params = types.ShowMessageParams(types.MessageType.Warning, message)
            self._loop.call_soon_threadsafe(self.window_show_message, params)


def create() -> Server:
    """Return a server with all that it can do, but for what depends on the client."""
    server = Server()
    _sync(server)
    _life(server)
    return server


def _answer(server: Server, pull: Pull) -> None:
    """Answer questions for diagnostics."""
    options = types.DiagnosticOptions(
        identifier=SECTION, inter_file_dependencies=True, workspace_diagnostics=True
    )

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, options)
    async def document(params: types.DocumentDiagnosticParams) -> DocumentReport:
        return await pull.document(params)

    @server.feature(types.WORKSPACE_DIAGNOSTIC)
    async def workspace(
        params: types.WorkspaceDiagnosticParams,
    ) -> types.WorkspaceDiagnosticReport:
        return await pull.workspace(params)


def _sync(server: Server) -> None:
    """Follow what the client opens, changes, saves and closes."""
    session = server.session

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        session.put(item.uri, item.language_id, item.version, item.text)
        server.diagnostics.edited(0)

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        changes = [_change(change) for change in params.content_changes]
        measure = partial(characters, encoding=session.encoding)
        if session.change(uri, version, changes, measure):
            server.diagnostics.edited(session.settings.debounce / 1000)
        else:
            server.log(f"{uri} has changed, but is not open", types.MessageType.Warning)

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE, types.SaveOptions(include_text=False))
    def did_save(params: types.DidSaveTextDocumentParams) -> None:
        session.save(params.text_document.uri)
        server.diagnostics.touched()

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(params: types.DidCloseTextDocumentParams) -> None:
        if session.close(params.text_document.uri):
            server.diagnostics.close(params.text_document.uri)


def _life(server: Server) -> None:
    """Follow what the client is, and what its workspace is."""
    session = server.session

    @server.feature(types.INITIALIZE)
    def initialize(params: types.InitializeParams) -> None:
        server.begin(params)

    @server.feature(types.INITIALIZED)
    async def initialized(params: types.InitializedParams) -> None:
        del params
        wanted = list(registrations(server.client_capabilities))
        if wanted:
            server.client_register_capability(types.RegistrationParams(wanted))
        await server.worker.run(session.warm, Urgency.TYPED)
        keep()
        await server.ask_for_settings()

    @server.feature(types.WORKSPACE_DID_CHANGE_CONFIGURATION)
    async def configured(params: types.DidChangeConfigurationParams) -> None:
        if params.settings is not None:
            await server.configure(params.settings)
        else:
            await server.ask_for_settings()

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def touched(params: types.DidChangeWatchedFilesParams) -> None:
        session.touch(change.uri for change in params.changes)
        server.diagnostics.touched()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def folders(params: types.DidChangeWorkspaceFoldersParams) -> None:
        session.remove_folders(one.uri for one in params.event.removed)
        session.add_folders(one.uri for one in params.event.added)
        server.diagnostics.touched()

    @server.command(CHECK_WORKSPACE)
    async def check_workspace() -> dict[str, int]:
        async with server.progressing(await server.own_token()):
            files, findings = await server.diagnostics.check_workspace()
        return {"files": files, "findings": findings}


def _change(change: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(change, types.TextDocumentContentChangePartial):
        start, end = change.range.start, change.range.end
        place = (start.line, start.character), (end.line, end.character)
        return place, change.text
    return None, change.text
