from __future__ import annotations

from pathlib import Path

import pytest
from lsprotocol import types
from tests.lsp.conftest import WEB, Edits, capabilities

from tightship.rules import every_rule
from tightship_lsp.diagnostics.pages import Pages
from tightship_lsp.uri import path_of


def test_every_rule_has_a_page_that_is_a_file() -> None:
    pages = Pages()
    for rule in every_rule():
        path = path_of(pages.uri(rule.name) or "")
        assert path is not None, rule.name
        text = Path(path).read_text(encoding="utf-8")
        assert text.startswith(f"# {rule.name}\n")


def test_what_has_no_page_has_no_link() -> None:
    assert Pages().uri("no-such-rule") is None


def test_pages_are_where_the_client_shows_them() -> None:
    assert Pages("mine:/{rule}.md").uri("root-user") == "mine:/root-user.md"


async def links(
    editor: Edits, client: types.ClientCapabilities, options: dict[str, object]
) -> set[str | None]:
    async with editor(client, options={"debounce": 0, **options}) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        shown = await ed.publishes(uri, version=1)
        assert shown
        return {
            one.code_description.href if one.code_description else None for one in shown
        }


@pytest.mark.asyncio
async def test_a_client_gets_its_own_addresses_or_files_or_nothing(
    editor: Edits,
) -> None:
    can = capabilities("visual_studio_code")
    own = await links(editor, can, {"rulePages": "mine:/{rule}"})
    assert "mine:/privileged-container" in own
    assert None not in own
    files = await links(editor, can, {})
    assert all(one and one.startswith("file:///") for one in files)
    assert await links(editor, types.ClientCapabilities(), {}) == {None}


@pytest.mark.asyncio
async def test_an_address_stays_when_settings_are_sent_that_do_not_have_it(
    editor: Edits,
) -> None:
    options = {"debounce": 0, "rulePages": "mine:/{rule}"}
    async with editor(options=options) as ed:
        ed.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"tightship": {"select": ["strict"]}})
        )
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        for one in await ed.publishes(uri, version=1):
            assert one.code_description is not None
            assert one.code_description.href == f"mine:/{one.code}"
