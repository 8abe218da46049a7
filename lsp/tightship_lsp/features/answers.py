"""The questions about places that the server answers, and how it is asked again."""

from __future__ import annotations

from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified

from tightship_lsp.features.client import KINDS, Client, table
from tightship_lsp.features.code_lens import code_lenses
from tightship_lsp.features.hover import hover, wants_markdown
from tightship_lsp.work.pause import Pause
from tightship_lsp.work.worker import Urgency
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from tightship_lsp.server import Server

    T = TypeVar("T")


class Lenses:
    """What the client was told of documents, to ask it for another look."""

    __slots__ = ("_pause", "_server", "_told")

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pause = Pause(self._round, server.failed)
        self._told: dict[str, list[types.CodeLens]] = {}

    async def of(self, uri: str) -> list[types.CodeLens]:
        """Return the lenses of a document."""
        lenses = await self._lenses(uri)
        self._told[uri] = lenses
        return lenses

    def compare(self) -> None:
        """See whether documents have others by now, and let the client ask again."""
        if self._told and _can_refresh(self._server.client_capabilities):
            self._pause.start(0)

    async def _lenses(self, uri: str) -> list[types.CodeLens]:
        job = partial(code_lenses, self._server.session, uri)
        return await _safely(self._server, job, uri, Urgency.BESIDE) or []

    async def _round(self) -> None:
        session = self._server.session
        for uri in list(self._told):
            if session.version(uri) is None:
                self._told.pop(uri, None)
                continue
            try:
                lenses = await self._lenses(uri)
            except JsonRpcContentModified:  # which is judged, and compared, again
                return
            # What the client is told in the meantime may be older than what is here.
            if lenses != self._told.get(uri):
                self._server.workspace_code_lens_refresh(None)
                return


def answer(server: Server) -> Lenses:
    """Answer questions about places; what fails is logged, and leaves no answer."""
    session, lenses = server.session, Lenses(server)

    @server.feature(
        types.TEXT_DOCUMENT_CODE_ACTION,
        types.CodeActionOptions(code_action_kinds=list(KINDS), resolve_provider=True),
    )
    async def actions(params: types.CodeActionParams) -> list[types.CodeAction] | None:
        client = Client(server.client_capabilities, server.can)

        def job() -> list[types.CodeAction]:
            # This loads a good part of the linter.
            from tightship_lsp.features.code_actions import code_actions

            return code_actions(session, params, client)

        uri = params.text_document.uri
        return await _safely(server, job, uri, Urgency.CHOSEN)

    @server.feature(types.CODE_ACTION_RESOLVE)
    async def resolved(action: types.CodeAction) -> types.CodeAction:
        client = Client(server.client_capabilities, server.can)

        def job() -> types.CodeAction:
            from tightship_lsp.features.code_actions import resolve

            return resolve(session, action, client)

        uri = str(table(action.data).get("uri"))
        return await _safely(server, job, uri, Urgency.CHOSEN) or action

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hovered(params: types.HoverParams) -> types.Hover | None:
        markdown = wants_markdown(server.client_capabilities)
        uri, position = params.text_document.uri, params.position
        findings = server.findings_in_hovers
        job = partial(
            hover, session, uri, position, markdown=markdown, findings=findings
        )
        return await _safely(server, job, uri, Urgency.ASKED)

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions())
    async def lens(params: types.CodeLensParams) -> list[types.CodeLens]:
        return await lenses.of(params.text_document.uri)

    return lenses


def _can_refresh(client: types.ClientCapabilities) -> bool:
    told = client.workspace and client.workspace.code_lens
    return bool(told and told.refresh_support)


async def _safely(
    server: Server, job: Callable[[], T], uri: str, urgency: Urgency
) -> T | None:
    """Return the answer to a question about a document as it is now.

    Raises:
        JsonRpcContentModified: if the document changes before there is an answer.

    """
    version = server.session.version(uri)

    def still() -> T:
        if server.session.version(uri) != version:
            raise OutdatedError
        return job()

    try:
        return await server.worker.run(still, urgency)
    except OutdatedError:
        raise JsonRpcContentModified("the document has changed") from None
    except Exception as error:
        server.failed(error)
        return None
