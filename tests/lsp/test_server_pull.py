from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.conftest import PATIENCE, WEB, capabilities, rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Editor, Edits

pytestmark = pytest.mark.asyncio

OLDER = capabilities("neovim@v0.10", refresh=True)
NEWER = capabilities("neovim@v0.11", refresh=True)


async def full(ed: Editor, uri: str) -> types.RelatedFullDocumentDiagnosticReport:
    report = await ed.pull(uri)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    return report


@pytest.mark.parametrize("client", [OLDER, NEWER])
async def test_a_pull_client_gets_no_pushed_diagnostics(editor: Edits, client: str) -> None:
    async with editor(client) as ed:
        assert ed.answer is not None
        provider = ed.answer.capabilities.diagnostic_provider
        assert isinstance(provider, types.DiagnosticOptions)
        assert provider.inter_file_dependencies
        assert provider.workspace_diagnostics
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        first = await full(ed, uri)
        assert "privileged-container" in rules(first.items)
        again = await ed.pull(uri, first.result_id)
        assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
        assert again.result_id == first.result_id
        # The same findings in another version are news: the editor moves what it shows.
        ed.change(uri, 2, WEB)
        assert await full(ed, uri)
        await asyncio.sleep(0.2)
        assert not ed.published


@pytest.mark.parametrize("client", ["neovim@v0.10", "neovim@v0.11"])
async def test_a_client_without_refresh_support_gets_pushed_diagnostics(
    editor: Edits, client: str
) -> None:
    async with editor(client) as ed:
        assert ed.answer is not None
        assert ed.answer.capabilities.diagnostic_provider is None
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        assert "privileged-container" in rules(await ed.publishes(uri, version=1))


async def test_an_answer_is_about_what_was_sent_before_the_question(editor: Edits) -> None:
    async with editor(NEWER, options={"debounce": 5000}) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        for version in range(2, 8):
            privileged = version % 2
            ed.change(uri, version, WEB if privileged else WEB.replace("true", "false"))
            found = rules((await full(ed, uri)).items)
            assert ("privileged-container" in found) == bool(privileged)


async def test_unopened_documents_have_no_findings(editor: Edits) -> None:
    async with editor(NEWER) as ed:
        assert not (await full(ed, ed.uri("never.yaml"))).items
        assert not (await full(ed, "nonsense")).items
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        assert (await full(ed, uri)).items
        ed.close(uri)
        assert not (await full(ed, uri)).items


async def test_a_refresh_follows_an_edit_that_affects_other_documents(editor: Edits) -> None:
    async with editor(NEWER) as ed:
        text = "services:\n  web:\n    image: a:1\n    privileged: ${P}\n"
        uri = ed.open("compose.yaml", "dockercompose", text)
        variables = ed.open(".env", "dotenv", "P=false\n")
        assert "privileged-container" not in rules((await full(ed, uri)).items)
        ed.change(variables, 2, "P=true\n")
        await ed.until(lambda: ed.refreshed == 1)
        assert "privileged-container" in rules((await full(ed, uri)).items)
        # An edit that nothing else depends on refreshes nothing.
        other = ed.open("other/compose.yaml", "dockercompose", WEB)
        await full(ed, other)
        await full(ed, uri)
        ed.change(other, 2, WEB + "#\n")
        await full(ed, other)
        await asyncio.sleep(0.3)
        assert ed.refreshed == 1


def workspace(
    known: dict[str, str] | None = None, token: str | None = None
) -> types.WorkspaceDiagnosticParams:
    return types.WorkspaceDiagnosticParams(
        [types.PreviousResultId(uri, id_) for uri, id_ in (known or {}).items()],
        partial_result_token=token,
    )


async def test_workspace_reports_contain_only_changes_after_the_first(
    editor: Edits, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "compose.yaml").write_text(WEB, encoding="utf-8")
    async with editor(NEWER) as ed:
        one = ed.open("one/compose.yaml", "dockercompose", "services: {}\n", version=7)
        two = ed.uri("two/compose.yaml")
        ask = ed.client.workspace_diagnostic_async
        first = {r.uri: r for r in (await ask(workspace())).items}
        assert first.keys() == {one, two}
        assert first[one].version == 7
        found = first[two]
        assert isinstance(found, types.WorkspaceFullDocumentDiagnosticReport)
        assert "privileged-container" in rules(found.items)
        known = {uri: str(r.result_id) for uri, r in first.items()}
        known[ed.uri("gone.yaml")] = "x"
        # With nothing new, the question stays open.
        question = asyncio.ensure_future(ask(workspace(known)))
        await asyncio.sleep(0.3)
        assert not question.done()
        (tmp_path / "two" / "compose.yaml").write_text("services: {}\n", "utf-8")
        ed.touch(two)
        second = {r.uri: r for r in (await question).items}
        assert second[one].kind == "unchanged"
        assert second[two].kind == "full"
        gone = second[ed.uri("gone.yaml")]
        assert isinstance(gone, types.WorkspaceFullDocumentDiagnosticReport)
        assert not gone.items


async def test_reports_on_the_workspace_come_as_they_are_made(
    editor: Edits, tmp_path: Path
) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "compose.yaml").write_text(WEB, encoding="utf-8")
    async with editor(NEWER) as ed:
        whole = await ed.client.workspace_diagnostic_async(workspace(token="t"))
        assert not whole.items
        assert len(ed.progress) == 2


async def test_a_request_can_be_cancelled(editor: Edits) -> None:
    async with editor(NEWER) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        first = await ed.client.workspace_diagnostic_async(workspace())
        known = {r.uri: str(r.result_id) for r in first.items}
        future = ed.client.workspace_diagnostic(workspace(known))
        await asyncio.sleep(0.1)
        [pending] = [
            id_ for id_, one in ed.client.protocol._request_futures.items() if one is future
        ]
        ed.client.cancel_request(types.CancelParams(pending))
        await ed.until(future.done)
        assert "canceled" in str(future.exception())
        assert (await full(ed, uri)).items


async def test_the_server_can_end_during_a_judgement(editor: Edits) -> None:
    services = "".join(f"  s{n}: {{image: 'a:1', privileged: true}}\n" for n in range(5000))
    async with editor(NEWER) as ed:
        uri = ed.open("compose.yaml", "dockercompose", f"services:\n{services}")
        question = asyncio.ensure_future(ed.pull(uri))
        await asyncio.sleep(0.05)
        async with asyncio.timeout(PATIENCE):
            await ed.client.shutdown_session()
        # It has not waited for the answer, which would have come first.
        answered = question.done() and not question.cancelled()
        assert not (answered and question.exception() is None)
        question.cancel()
        server = ed.client._server
        assert server is not None
        assert server.returncode == 0
        ed.client.capabilities = None  # it is over
