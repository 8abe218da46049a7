"""Answers that other files change: the client is to ask again, and only then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified
from pytest_lsp.client import register_lsp_features
from tests.lsp.conftest import capabilities

from tightship_lsp.features.last_answers import LastAnswers
from tightship_lsp.session import Session

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.lsp.conftest import Edits

A, B = "untitled:a", "untitled:b"


class Client:
    """A client with two open documents, and what its answers would be now."""

    def __init__(self, *, can_refresh: bool = True) -> None:
        self.session = Session()
        self.now = {A: 1, B: 1}
        self.refreshed = 0
        self.meanwhile: Callable[[], None] = lambda: None
        for uri in (A, B):
            self.session.put(uri, "dockercompose", 1, "")
        self.last = LastAnswers(self.session, self.refresh, self.failed, can_refresh=can_refresh)

    def refresh(self) -> None:
        self.refreshed += 1

    def failed(self, error: Exception) -> None:
        raise error

    def edit(self, uri: str) -> None:
        version = (self.session.version(uri) or 0) + 1
        self.session.change(uri, version, [(None, "x")], lambda text, _: len(text))

    def asking(self, uri: str) -> Callable[[], Awaitable[int]]:
        async def ask() -> int:
            answer = self.now[uri]
            self.meanwhile()
            return answer

        return ask

    async def ask(self) -> None:
        for uri in (A, B):
            assert await self.last.take(uri, self.asking(uri)) == self.now[uri]


@pytest.mark.asyncio
async def test_one_request_for_all_documents() -> None:
    client = Client()
    await client.ask()
    await client.last.compare()
    assert client.refreshed == 0
    client.now = {A: 2, B: 2}
    await client.last.compare()
    assert client.refreshed == 1
    await client.ask()
    await client.last.compare()
    assert client.refreshed == 1


@pytest.mark.asyncio
async def test_a_client_asks_by_itself_for_a_document_that_has_changed() -> None:
    client = Client()
    await client.ask()
    client.edit(A)
    client.now[A] = 2
    await client.last.compare()
    assert client.refreshed == 0
    client.now[B] = 2
    await client.last.compare()
    assert client.refreshed == 1


@pytest.mark.asyncio
async def test_a_document_that_is_closed_has_no_answer() -> None:
    client = Client()
    await client.ask()
    client.session.close(A)
    client.now[A] = 2
    await client.last.compare()
    assert client.refreshed == 0


@pytest.mark.asyncio
async def test_a_document_that_changes_meanwhile() -> None:
    client = Client()
    await client.ask()
    client.now[A] = 2

    def outdated() -> None:
        raise JsonRpcContentModified

    client.meanwhile = outdated
    await client.last.compare()
    assert client.refreshed == 0


@pytest.mark.asyncio
async def test_a_client_that_cannot_be_asked() -> None:
    client = Client(can_refresh=False)
    await client.ask()
    client.now = {A: 2, B: 2}
    await client.last.compare()
    assert client.refreshed == 0


@pytest.mark.asyncio
async def test_the_hints_of_a_file_that_another_one_overrides(editor: Edits) -> None:
    can = capabilities("visual_studio_code")
    assert can.workspace is not None
    can.workspace.inlay_hint = types.InlayHintWorkspaceClientCapabilities(refresh_support=True)
    async with editor(can) as ed:
        asked: list[object] = []

        def ask(params: None) -> None:
            asked.append(params)

        register_lsp_features(ed.client, {types.WORKSPACE_INLAY_HINT_REFRESH: ask})
        uri = ed.open("compose.yaml", "dockercompose", "services:\n  a: {image: x}\n")
        whole = types.Range(types.Position(0, 0), types.Position(9, 0))
        params = types.InlayHintParams(types.TextDocumentIdentifier(uri), whole)
        assert not await ed.client.text_document_inlay_hint_async(params)
        ed.open("compose.override.yaml", "dockercompose", "services:\n  a: {image: y}\n")
        await ed.until(lambda: asked)
        hints = await ed.client.text_document_inlay_hint_async(params) or ()
        assert [one.label for one in hints] == ["→ y in compose.override.yaml"]
