"""The language server: what it does with each message."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified
from pygls.lsp.server import LanguageServer

from tightship import __version__
from tightship.report.wording import skipped_lines
from tightship_lsp.connection.client_process import end_with
from tightship_lsp.connection.protocol import Protocol
from tightship_lsp.connection.transport import Input
from tightship_lsp.connection.watching import registrations, watches_files
from tightship_lsp.diagnostics.checker import Checker
from tightship_lsp.diagnostics.convert import DiagnosticCapabilities, characters
from tightship_lsp.diagnostics.pages import Pages
from tightship_lsp.diagnostics.pull import Pull
from tightship_lsp.diagnostics.push import Push
from tightship_lsp.features.answers import Answers
from tightship_lsp.features.capabilities import KINDS
from tightship_lsp.features.navigation import Navigation
from tightship_lsp.features.queries import Queries
from tightship_lsp.features.requests import handlers
from tightship_lsp.session import Session
from tightship_lsp.settings import SECTION, Settings
from tightship_lsp.work.garbage import Garbage, freeze
from tightship_lsp.work.worker import Priority, Worker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Sequence
    from typing import Any

    from tightship_lsp.diagnostics.pull import DocumentReport
    from tightship_lsp.session import Change

CHECK_WORKSPACE = "tightship.checkWorkspace"
"""The command that checks all files of the workspace."""

SHOW_ISOLATION = "tightship.showIsolation"
"""The command of code lenses: it shows the isolation of a service, given with its URI."""


class Server(LanguageServer):
    """A server for one client: its session, and the thread that judges.

    How the client gets diagnostics, and answers, is known once it is initialized.
    """

    diagnostics: Push | Pull
    answers: Answers

    def __init__(self) -> None:
        super().__init__("tightship", __version__, protocol_cls=Protocol)  # pyright: ignore[reportUnknownMemberType]
        self.worker = Worker()
        self.session = Session(self._log_error, self._show_warning, self.worker)
        self.input = Input()
        self.queries = Queries(self.session, self)
        self.garbage = Garbage(self.worker.is_busy, self.worker.is_in_series)
        self.pages = Pages()
        self._loop: asyncio.AbstractEventLoop | None = None
        _handle_lifecycle(self)
        _handle_documents(self)

    @property
    def is_shut_down(self) -> bool:
        """Return whether the client has ended the session in the right way."""
        return isinstance(self.protocol, Protocol) and self.protocol.is_shut_down

    def is_behind(self) -> bool:
        """Return whether more messages are on their way from the client."""
        return self.input.is_behind()

    def receive(self, content: bytes) -> None:
        """Handle the content of a message."""
        protocol = self.protocol
        assert isinstance(protocol, Protocol)
        try:
            fault = protocol.receive(content)
        except BrokenPipeError:
            raise
        except Exception as error:
            self.report_server_error(error, type(error))
        else:
            if fault:
                self.log(fault, types.MessageType.Error)

    def handle(self, method: str, handler: Callable[..., Any], options: object = None) -> None:
        """Have a function handle the messages of a method."""
        # Of a partial, pygls does not resolve the annotations, which would make the
        # types of all parameters and results.
        self.feature(method, options)(partial(handler))

    def initialize(self, params: types.InitializeParams) -> None:
        """Take note of the client, before it gets to know the server's capabilities."""
        self._loop = asyncio.get_running_loop()
        if params.process_id is not None:
            end_with(params.process_id, self._loop, self.input.end)
        client, session = params.capabilities, self.session
        encoding = self.workspace.position_encoding
        session.encoding = str(getattr(encoding, "value", encoding))
        session.settings = Settings.read(params.initialization_options)
        session.watched = watches_files(client)
        folders = [one.uri for one in params.workspace_folders or ()]
        if not folders and self.workspace.root_uri is not None:
            folders = [self.workspace.root_uri]
        session.add_folders(folders)
        self.pages = Pages(session.settings.rule_pages)
        session.lens_command = session.settings.report_command
        show = client.window and client.window.show_document
        if not session.lens_command and show and show.support:
            session.lens_command = SHOW_ISOLATION
        capabilities = DiagnosticCapabilities(client, self.pages)
        self.answers = Answers(*(session, self.worker, self.queries, self, client, capabilities))
        _handle_requests(self)
        _handle_navigation(self, Navigation(self.queries, client))
        checker = Checker(session, self.worker, capabilities)
        # A client that does not ask again on request (Neovim 0.10) would miss changes
        # that another buffer makes: it is pushed to.
        refresh = client.workspace and client.workspace.diagnostics
        can_refresh = bool(refresh and refresh.refresh_support)
        if can_refresh and client.text_document and client.text_document.diagnostic:
            self.diagnostics = pull = Pull(checker, self)
            _handle_pull(self, pull)
        else:
            self.diagnostics = Push(checker, self)

    def warm_soon(self) -> None:
        """Read the files of the workspace, before somebody asks about their symbols."""
        self._warming = asyncio.ensure_future(self._warm())

    async def _warm(self) -> None:
        paths = await self.queries.warm()
        await self.worker.run(partial(self.session.learn, paths), Priority.SCAN)

    def publish(
        self, uri: str, version: int | None, diagnostics: Sequence[types.Diagnostic]
    ) -> None:
        """Send the diagnostics of a file."""
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(uri, diagnostics, version)
        )
        self.garbage.collect_soon()

    def refresh_diagnostics(self) -> None:
        """Have the client ask for diagnostics again."""
        self.workspace_diagnostic_refresh(None)

    def refresh_code_lenses(self) -> None:
        """Have the client ask for code lenses again."""
        self.workspace_code_lens_refresh(None)

    def refresh_inlay_hints(self) -> None:
        """Have the client ask for inlay hints again."""
        self.workspace_inlay_hint_refresh(None)

    def documents_changed(self) -> None:
        """Take note that documents have been judged again."""
        self.answers.documents_changed()

    def report_progress(self, params: types.ProgressParams) -> None:
        """Send a part of an answer."""
        self.protocol.notify(types.PROGRESS, params)

    @asynccontextmanager
    async def progressing(self, token: types.ProgressToken | None) -> AsyncGenerator[None]:
        """Show progress as long as a block runs, where the client has a place for it."""
        progress = self.work_done_progress
        if token is not None:
            title = "Checking containers"
            progress.begin(token, types.WorkDoneProgressBegin(title=title))
        try:
            yield
        finally:
            if token is not None:
                progress.end(token, types.WorkDoneProgressEnd())

    async def check_workspace(self) -> dict[str, int]:
        """Check all files; return the numbers of files, findings, and files that are not read."""
        async with self.progressing(await self._own_token()):
            files, findings = await self.diagnostics.check_workspace()
        left = self.session.left
        here = next(iter(self.session.folders), "")
        for line in skipped_lines(left, here, is_whole=False, lister="tightship check -v"):
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, line))
        return {"files": files, "findings": findings, "notRead": len(left)}

    async def show_isolation(self, *arguments: object) -> bool:
        """Show the isolation of a service; return whether the client did."""
        if len(arguments) != 2:
            return False
        uri, service = map(str, arguments)
        text = await self.answers.isolation(uri, service)
        page = self.pages.new(f"isolation-of-{service}", text) if text else None
        if page is None:
            return False
        shown = await self.window_show_document_async(
            types.ShowDocumentParams(page, take_focus=True)
        )
        return shown.success

    async def _own_token(self) -> types.ProgressToken | None:
        """Return a token for progress that the client has not asked for."""
        window = self.client_capabilities.window
        if not (window and window.work_done_progress):
            return None
        token = f"{CHECK_WORKSPACE}/{self.session.clock}"
        await self.protocol.send_request_async(
            types.WINDOW_WORK_DONE_PROGRESS_CREATE, types.WorkDoneProgressCreateParams(token)
        )
        return token

    async def configure(self, given: object) -> None:
        """Take settings, and show the user the problems with them."""
        settings = Settings.read(given)
        self.session.configure(settings)
        # The words are known to the rules, which are loaded in the worker.
        await self.worker.run(self.session.projects, Priority.EDIT)
        for problem in settings.problems:
            self.window_show_message(types.ShowMessageParams(types.MessageType.Warning, problem))
        self.diagnostics.touched()

    async def ask_for_settings(self) -> None:
        """Ask the client for the settings, if it can be asked."""
        workspace = self.client_capabilities.workspace
        if not (workspace and workspace.configuration):
            return
        item = types.ConfigurationItem(section=SECTION)
        answer = await self.workspace_configuration_async(types.ConfigurationParams([item]))
        if answer and answer[0] is not None:
            await self.configure({SECTION: answer[0]})

    def log(self, message: str, kind: types.MessageType) -> None:
        """Write a message into the client's log."""
        self.window_log_message(types.LogMessageParams(kind, message))

    def failed(self, error: Exception) -> None:
        """Log an error that is a bug."""
        import traceback

        text = "".join(traceback.format_exception(error, limit=-8))
        self.log(f"this is a bug in Tightship:\n{text}", types.MessageType.Error)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Log an error of the protocol, instead of showing it in a window."""
        del source
        if not isinstance(error, JsonRpcContentModified):  # which is no fault
            # It may quote the client; a log has a line for each message.
            self.log(" ".join(str(error).splitlines()), types.MessageType.Error)

    def _log_error(self, message: str) -> None:
        """Log a message of the thread that judges."""
        if self._loop is not None:
            log = partial(self.log, message, types.MessageType.Error)
            self._loop.call_soon_threadsafe(log)

    def _show_warning(self, message: str) -> None:
        """Show a message of the thread that judges."""
        if self._loop is not None:
            params = types.ShowMessageParams(types.MessageType.Warning, message)
            self._loop.call_soon_threadsafe(self.window_show_message, params)


def _handle_lifecycle(server: Server) -> None:
    """Follow the client, and its workspace."""
    session = server.session

    async def initialized(params: types.InitializedParams) -> None:
        del params
        wanted = list(registrations(server.client_capabilities))
        if wanted:
            server.client_register_capability(types.RegistrationParams(wanted))
        with suppress(asyncio.CancelledError):  # the client may leave meanwhile
            await server.worker.run(session.warm, Priority.EDIT)
            freeze()
            server.warm_soon()
            await server.ask_for_settings()

    async def configured(params: types.DidChangeConfigurationParams) -> None:
        if params.settings is not None:
            await server.configure(params.settings)
        else:
            await server.ask_for_settings()

    def files_changed(params: types.DidChangeWatchedFilesParams) -> None:
        session.touch(change.uri for change in params.changes)
        server.diagnostics.touched()

    def folders_changed(params: types.DidChangeWorkspaceFoldersParams) -> None:
        session.remove_folders(one.uri for one in params.event.removed)
        session.add_folders(one.uri for one in params.event.added)
        server.diagnostics.touched()

    server.handle(types.INITIALIZE, server.initialize)
    server.handle(types.INITIALIZED, initialized)
    server.handle(types.WORKSPACE_DID_CHANGE_CONFIGURATION, configured)
    server.handle(types.WORKSPACE_DID_CHANGE_WATCHED_FILES, files_changed)
    server.handle(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS, folders_changed)
    server.command(CHECK_WORKSPACE)(partial(server.check_workspace))
    server.command(SHOW_ISOLATION)(partial(server.show_isolation))


def _handle_documents(server: Server) -> None:
    """Follow the documents that the client opens, changes, saves and closes."""
    session = server.session

    def opened(params: types.DidOpenTextDocumentParams) -> None:
        item = params.text_document
        session.put(item.uri, item.language_id, item.version, item.text)
        server.diagnostics.edited(0)

    def changed(params: types.DidChangeTextDocumentParams) -> None:
        uri, version = params.text_document.uri, params.text_document.version
        changes = [_change(change) for change in params.content_changes]
        measure = partial(characters, encoding=session.encoding)
        if session.change(uri, version, changes, measure):
            server.diagnostics.edited(session.settings.debounce / 1000)
        else:
            server.log(f"{uri} has changed, but is not open", types.MessageType.Warning)

    def saved(params: types.DidSaveTextDocumentParams) -> None:
        session.save(params.text_document.uri)
        server.diagnostics.touched()

    def closed(params: types.DidCloseTextDocumentParams) -> None:
        if session.close(params.text_document.uri):
            server.diagnostics.close(params.text_document.uri)

    server.handle(types.TEXT_DOCUMENT_DID_OPEN, opened)
    server.handle(types.TEXT_DOCUMENT_DID_CHANGE, changed)
    options = types.SaveOptions(include_text=False)
    server.handle(types.TEXT_DOCUMENT_DID_SAVE, saved, options)
    server.handle(types.TEXT_DOCUMENT_DID_CLOSE, closed)


def _handle_requests(server: Server) -> None:
    """Answer requests about places in documents."""
    answers = server.answers
    actions = types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True)
    server.handle(types.TEXT_DOCUMENT_CODE_ACTION, answers.actions, actions)
    server.handle(types.CODE_ACTION_RESOLVE, answers.resolve)
    if "hover" not in server.session.settings.without:
        server.handle(types.TEXT_DOCUMENT_HOVER, answers.hover)
    if "hints" not in server.session.settings.without:
        server.handle(types.TEXT_DOCUMENT_INLAY_HINT, answers.hints)
    lenses = types.CodeLensOptions()
    server.handle(types.TEXT_DOCUMENT_CODE_LENS, answers.lenses, lenses)
    for method, handler, options in handlers(server.queries, server.client_capabilities):
        server.handle(method, handler, options)


def _handle_navigation(server: Server, navigation: Navigation) -> None:
    """Answer questions about symbols, without those that the settings turn off."""
    rename = types.RenameOptions(prepare_provider=True)
    for name, method, handler, options in (
        ("definition", types.TEXT_DOCUMENT_DEFINITION, navigation.definition, None),
        ("references", types.TEXT_DOCUMENT_REFERENCES, navigation.references, None),
        ("highlight", types.TEXT_DOCUMENT_DOCUMENT_HIGHLIGHT, navigation.highlights, None),
        ("rename", types.TEXT_DOCUMENT_PREPARE_RENAME, navigation.prepare_rename, None),
        ("rename", types.TEXT_DOCUMENT_RENAME, navigation.rename, rename),
        ("symbols", types.TEXT_DOCUMENT_DOCUMENT_SYMBOL, navigation.document_symbols, None),
        ("symbols", types.WORKSPACE_SYMBOL, navigation.workspace_symbols, None),
        ("links", types.TEXT_DOCUMENT_DOCUMENT_LINK, navigation.links, types.DocumentLinkOptions()),
        ("folding", types.TEXT_DOCUMENT_FOLDING_RANGE, navigation.folding, None),
        ("selection", types.TEXT_DOCUMENT_SELECTION_RANGE, navigation.selections, None),
    ):
        if name not in server.session.settings.without:
            server.handle(method, handler, options)


def _handle_pull(server: Server, pull: Pull) -> None:
    """Answer requests for diagnostics."""

    async def document(params: types.DocumentDiagnosticParams) -> DocumentReport:
        report = await pull.document(params)
        server.garbage.collect_soon()
        return report

    options = types.DiagnosticOptions(
        identifier=SECTION, inter_file_dependencies=True, workspace_diagnostics=True
    )
    server.handle(types.TEXT_DOCUMENT_DIAGNOSTIC, document, options)
    server.handle(types.WORKSPACE_DIAGNOSTIC, pull.workspace)


def _change(change: types.TextDocumentContentChangeEvent) -> Change:
    if isinstance(change, types.TextDocumentContentChangePartial):
        start, end = change.range.start, change.range.end
        place = (start.line, start.character), (end.line, end.character)
        return place, change.text
    return None, change.text
