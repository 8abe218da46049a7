"""The answers of a real server: what it offers, several folders, cancelled requests."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.lsp.conftest import Editor, Edits, session

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.asyncio

WEB = "services:\n  db: {image: postgres}\n  web: {image: web, depends_on: [db]}\n"
USE = types.Position(2, 34)


def of(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


def references_to(
    uri: str, place: types.Position, *, with_declarations: bool = True
) -> types.ReferenceParams:
    return types.ReferenceParams(types.ReferenceContext(with_declarations), of(uri), place)


async def test_it_offers_what_the_settings_do_not_turn_off(editor: Edits) -> None:
    async with editor(options={"features": {"rename": False, "links": False}}) as one:
        assert one.answer is not None
        can = one.answer.capabilities
        assert can.definition_provider is not None
        assert can.references_provider is not None
        assert can.document_highlight_provider is not None
        assert can.document_symbol_provider is not None
        assert can.workspace_symbol_provider is not None
        assert can.folding_range_provider is not None
        assert can.selection_range_provider is not None
        assert can.rename_provider is None
        assert can.document_link_provider is None


async def test_the_client_prepares_a_rename(editor: Edits) -> None:
    async with editor() as one:
        assert one.answer is not None
        can = one.answer.capabilities.rename_provider
        assert isinstance(can, types.RenameOptions)
        assert can.prepare_provider


async def test_places_of_a_document(editor: Edits) -> None:
    async with editor() as one:
        uri = one.open("compose.yaml", "dockercompose", WEB)
        found = await one.client.text_document_definition_async(
            types.DefinitionParams(of(uri), USE)
        )
        assert isinstance(found, list)
        [declared] = found
        assert isinstance(declared, types.Location)
        assert (declared.uri, declared.range.start.line) == (uri, 1)
        references = await one.client.text_document_references_async(references_to(uri, USE))
        assert [at.range.start.line for at in references or ()] == [1, 2]
        highlights = await one.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(of(uri), USE)
        )
        assert len(highlights or ()) == 2
        symbols = await one.client.text_document_document_symbol_async(
            types.DocumentSymbolParams(of(uri))
        )
        assert [symbol.name for symbol in symbols or ()] == ["services"]
        folds = await one.client.text_document_folding_range_async(
            types.FoldingRangeParams(of(uri))
        )
        assert [(fold.start_line, fold.end_line) for fold in folds or ()] == [(0, 2)]
        around = await one.client.text_document_selection_range_async(
            types.SelectionRangeParams(of(uri), [USE, types.Position(0, 0)])
        )
        assert len(around or ()) == 2


async def test_a_rename_changes_the_text_as_it_is_now(editor: Edits) -> None:
    async with editor() as one:
        uri = one.open("compose.yaml", "dockercompose", WEB)
        one.change(uri, 2, "# new\n" + WEB)
        edit = await one.client.text_document_rename_async(
            types.RenameParams(of(uri), types.Position(3, 34), "store")
        )
        assert edit is not None
        [change] = list(edit.document_changes or [])
        assert isinstance(change, types.TextDocumentEdit)
        assert change.text_document.version == 2
        assert [change.range.start.line for change in change.edits] == [2, 3]


async def test_a_refused_rename_says_why(editor: Edits) -> None:
    async with editor() as one:
        uri = one.open("compose.yaml", "dockercompose", WEB)
        with pytest.raises(JsonRpcException, match="there is another service `web`") as raised:
            await one.client.text_document_rename_async(types.RenameParams(of(uri), USE, "web"))
        assert raised.value.code == types.LSPErrorCodes.RequestFailed


async def test_a_document_without_a_file(editor: Edits) -> None:
    async with editor() as one:
        uri = one.open("untitled:Untitled-1", "dockercompose", WEB)
        found = await one.client.text_document_references_async(references_to(uri, USE))
        assert {at.uri for at in found or ()} == {uri}
        edit = await one.client.text_document_rename_async(
            types.RenameParams(of(uri), USE, "store")
        )
        assert edit is not None
        assert len(edit.document_changes or ()) == 1


async def test_a_file_of_variables_and_files_of_other_languages(editor: Edits) -> None:
    async with editor() as one:
        (one.folder / "compose.yaml").write_text("services: {a: {image: 'a:${TAG}'}}\n")
        uri = one.open(".env", "properties", "TAG=1\n")
        found = await one.client.text_document_references_async(
            references_to(uri, types.Position(0, 0))
        )
        assert sorted(at.uri for at in found or ()) == [uri, one.uri("compose.yaml")]
        for name in ("values.yaml", "untitled:Untitled-2"):
            other = one.open(name, "yaml", "a: &b 1\nc: *b\n")
            symbols = await one.client.text_document_document_symbol_async(
                types.DocumentSymbolParams(of(other))
            )
            assert not symbols


async def test_symbols_of_several_folders(tmp_path: Path) -> None:
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        (folder / "app").mkdir(parents=True)
        (folder / "app" / "compose.yaml").write_text(
            f"services: {{of-{folder.name}: {{image: a}}}}\n"
        )
    async with session(tmp_path, folders=[str(folder) for folder in folders]) as one:
        found = await one.client.workspace_symbol_async(types.WorkspaceSymbolParams("of"))
        assert sorted(symbol.name for symbol in found or ()) == ["of-one", "of-two"]
        found = await one.client.workspace_symbol_async(types.WorkspaceSymbolParams("two"))
        assert [symbol.name for symbol in found or ()] == ["of-two"]


async def test_a_project_in_another_folder_than_its_dockerfile(editor: Edits) -> None:
    async with editor() as one:
        deploy = one.folder / "deploy"
        deploy.mkdir()
        text = (
            "services: {a: {build: {context: .., dockerfile: docker/a.Dockerfile, target: dev}}}\n"
        )
        (deploy / "compose.yaml").write_text(text)
        uri = one.open("docker/a.Dockerfile", "dockerfile", "FROM alpine AS dev\n")
        found = await one.client.text_document_references_async(
            references_to(uri, types.Position(0, 16), with_declarations=False)
        )
        assert [at.uri for at in found or ()] == [one.uri("deploy/compose.yaml")]


async def test_answers_come_while_a_project_is_judged(editor: Edits) -> None:
    """A large file takes long to judge; a highlight does not wait for that."""
    services = "".join(f"  s{n}: {{image: nginx, privileged: true}}\n" for n in range(1500))
    async with editor() as one:
        small = one.open("small/compose.yaml", "dockercompose", WEB)
        await one.publishes(small, version=1)
        large = one.open("compose.yaml", "dockercompose", f"services:\n{services}")
        highlights = await one.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(of(small), USE)
        )
        assert len(highlights or ()) == 2
        assert one.shown(large) is None
        await one.publishes(large, version=1)


async def test_a_cancelled_request_ends(editor: Edits) -> None:
    async with editor() as one:
        uri = one.open("compose.yaml", "dockercompose", WEB)
        asked = one.client.protocol.send_request_async(  # type: ignore[no-untyped-call]
            types.WORKSPACE_SYMBOL, types.WorkspaceSymbolParams("")
        )
        task = asyncio.ensure_future(asked)
        await asyncio.sleep(0)
        one.client.protocol.notify(types.CANCEL_REQUEST, types.CancelParams(last_request(one)))
        with pytest.raises(JsonRpcException) as raised:
            await task
        assert raised.value.code == types.LSPErrorCodes.RequestCancelled
        highlights = await one.client.text_document_document_highlight_async(
            types.DocumentHighlightParams(of(uri), USE)
        )
        assert len(highlights or ()) == 2


def last_request(one: Editor) -> str | int:
    """Return the id of the last request that has no answer yet."""
    return list(one.client.protocol._request_futures)[-1]
