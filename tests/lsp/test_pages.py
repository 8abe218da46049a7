from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.conftest import WEB, Edits, capabilities

from tightship.rules import every_rule
from tightship_lsp.diagnostics.pages import Pages
from tightship_lsp.uri import path_of

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def pages() -> Iterator[Pages]:
    pages = Pages()
    yield pages
    pages.close()


def test_every_rule_has_a_page_that_is_a_file(pages: Pages) -> None:
    for rule in every_rule():
        path = path_of(pages.uri(rule.name) or "")
        assert path is not None, rule.name
        text = Path(path).read_text(encoding="utf-8")
        assert text.startswith(f"# {rule.name}\n")


def test_a_page_is_the_one_in_the_documentation(pages: Pages) -> None:
    path = path_of(pages.uri("root-user") or "")
    assert path is not None
    assert path_of(pages.uri("SC2086") or "") != path
    documented = Path(__file__).parents[2] / "linter/docs/rules/root-user.md"
    assert Path(path).read_bytes() == documented.read_bytes()


def test_a_finding_without_a_page_has_no_link() -> None:
    assert Pages().uri("no-such-rule") is None


def test_an_unwritable_cache_means_no_link(monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: object, **options: object) -> None:
        raise OSError(28, "no space left on device")

    monkeypatch.setattr("tempfile.mkdtemp", full)
    assert Pages().uri("root-user") is None


def test_pages_are_on_the_web_once_the_project_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tightship.REPOSITORY", "https://example.org/tightship")
    page = "https://example.org/tightship/blob/main/linter/docs/rules/root-user.md"
    assert Pages().uri("root-user") == page
    assert Pages("mine:/{rule}.md").uri("root-user") == "mine:/root-user.md"


def test_pages_are_where_the_client_shows_them() -> None:
    assert Pages("mine:/{rule}.md").uri("root-user") == "mine:/root-user.md"


async def links(
    editor: Edits, client: types.ClientCapabilities, options: dict[str, object]
) -> set[str | None]:
    async with editor(client, options={"debounce": 0, **options}) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        shown = await ed.publishes(uri, version=1)
        assert shown
        return {one.code_description.href if one.code_description else None for one in shown}


@pytest.mark.asyncio
async def test_a_client_gets_its_own_addresses_or_files_or_nothing(editor: Edits) -> None:
    can = capabilities("visual_studio_code")
    own = await links(editor, can, {"rulePages": "mine:/{rule}"})
    assert "mine:/privileged-container" in own
    assert None not in own
    files = await links(editor, can, {})
    assert files
    for file in files:
        path = path_of(file or "")
        assert path is not None
        assert not Path(path).exists(), "the session has ended"
    assert await links(editor, types.ClientCapabilities(), {}) == {None}


@pytest.mark.asyncio
async def test_an_address_stays_when_settings_are_sent_that_do_not_have_it(editor: Edits) -> None:
    options = {"debounce": 0, "rulePages": "mine:/{rule}"}
    async with editor(options=options) as ed:
        ed.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"tightship": {"select": ["strict"], "infos": True}})
        )
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        for one in await ed.publishes(uri, version=1):
            assert one.code_description is not None
            assert one.code_description.href == f"mine:/{one.code}"
