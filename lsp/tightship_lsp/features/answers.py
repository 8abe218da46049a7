"""Answers to requests about places in documents."""

from __future__ import annotations

from functools import partial
from typing import Protocol

from tightship_lsp.features.capabilities import CodeActionCapabilities, table
from tightship_lsp.features.code_lens import code_lenses
from tightship_lsp.features.hover import hover, isolation, joined, wants_markdown
from tightship_lsp.features.last_answers import LastAnswers
from tightship_lsp.features.queries import outdated
from tightship_lsp.work.worker import Priority
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from lsprotocol import types

    from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
    from tightship_lsp.features.meaning import Meaning
    from tightship_lsp.features.queries import Queries, View
    from tightship_lsp.session import Session
    from tightship_lsp.work.worker import Worker

    T = TypeVar("T")


class Client(Protocol):
    """The client, as far as answers are concerned; the server speaks to it."""

    def failed(self, error: Exception) -> None:
        """Log an error that is a bug."""

    def refresh_code_lenses(self) -> None:
        """Have the client ask for code lenses again."""

    def refresh_inlay_hints(self) -> None:
        """Have the client ask for inlay hints again."""


class Answers:
    """Answers in the worker; an error is logged, and leaves no answer."""

    def __init__(
        self,
        session: Session,
        worker: Worker,
        queries: Queries,
        client: Client,
        capabilities: types.ClientCapabilities,
        diagnostics: DiagnosticCapabilities,
    ) -> None:
        self._session = session
        self._worker = worker
        self._queries = queries
        self._client = client
        self._actions = CodeActionCapabilities(capabilities, diagnostics)
        self._findings = session.settings.findings_in_hovers
        self._markdown = wants_markdown(capabilities)
        workspace = capabilities.workspace
        lens, hint = workspace and workspace.code_lens, workspace and workspace.inlay_hint
        self._lenses = LastAnswers(
            session,
            client.refresh_code_lenses,
            client.failed,
            can_refresh=bool(lens and lens.refresh_support),
        )
        self._hints = LastAnswers(
            session,
            client.refresh_inlay_hints,
            client.failed,
            can_refresh=bool(hint and hint.refresh_support),
        )

    async def actions(self, params: types.CodeActionParams) -> list[types.CodeAction] | None:
        """Return the code actions for a range."""

        def job() -> list[types.CodeAction]:
            # This loads a good part of the linter.
            from tightship_lsp.features.code_actions import code_actions

            return code_actions(self._session, params, self._actions)

        return await self._answer(job, params.text_document.uri, Priority.CODE_ACTION)

    async def resolve(self, action: types.CodeAction) -> types.CodeAction:
        """Return a code action with its edit."""

        def job() -> types.CodeAction:
            from tightship_lsp.features.code_actions import resolve

            return resolve(self._session, action, self._actions)

        uri = str(table(action.data).get("uri"))
        return await self._answer(job, uri, Priority.CODE_ACTION) or action

    async def hover(self, params: types.HoverParams) -> types.Hover | None:
        """Return the hover at a position.

        What words mean needs no judgement. What was found out is left out while the text is
        another one than was judged: a hover does not wait for rules.
        """
        uri, markdown = params.text_document.uri, self._markdown

        def query(view: View) -> Meaning | None:
            from tightship_lsp.features.meaning import meaning

            return meaning(view, view.offset(params.position), markdown=markdown)

        found = await self._queries.answer_if("hover", uri, query)
        judged = None
        if self._session.offers("hover", uri) and not self._session.is_behind(uri):
            job = partial(
                hover,
                *(self._session, uri, params.position),
                markdown=markdown,
                findings=self._findings,
            )
            judged = await self._answer(job, uri, Priority.REQUEST)
        return joined(found, judged, self._session.encoding, markdown=markdown)

    async def isolation(self, uri: str, service: str) -> str:
        """Return the isolation of a service of a document, or nothing."""
        job = partial(isolation, self._session, uri, service)
        return await self._answer(job, uri, Priority.REQUEST) or ""

    async def hints(self, params: types.InlayHintParams) -> list[types.InlayHint] | None:
        """Return the inlay hints of a range."""
        uri = params.text_document.uri

        def job() -> list[types.InlayHint]:
            from tightship_lsp.features.inlay_hints import inlay_hints

            return inlay_hints(self._session, params)

        async def ask() -> list[types.InlayHint] | None:
            if not self._session.offers("hints", uri):
                return None
            return await self._answer(job, uri, Priority.BACKGROUND)

        return await self._hints.take(uri, ask)

    async def lenses(self, params: types.CodeLensParams) -> list[types.CodeLens]:
        """Return the code lenses of a document."""
        uri = params.text_document.uri

        async def ask() -> list[types.CodeLens]:
            job = partial(code_lenses, self._session, uri)
            return await self._answer(job, uri, Priority.BACKGROUND) or []

        return await self._lenses.take(uri, ask)

    def documents_changed(self) -> None:
        """Look whether documents have other code lenses or inlay hints now."""
        self._lenses.compare_soon()
        self._hints.compare_soon()

    async def _answer(self, job: Callable[[], T], uri: str, priority: Priority) -> T | None:
        """Return the result of a job on a document as it is now.

        Raises:
            JsonRpcContentModified: if the document changes before there is a result.

        """
        version = self._session.version(uri)

        def checked() -> T:
            if self._session.version(uri) != version:
                raise OutdatedError
            return job()

        try:
            answer = await self._worker.run(checked, priority)
        except OutdatedError:
            raise outdated() from None
        except Exception as error:
            self._client.failed(error)
            return None
        if self._session.version(uri) != version:  # it has changed meanwhile
            raise outdated()
        return answer
