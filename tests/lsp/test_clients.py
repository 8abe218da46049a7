"""Every editor whose profile pytest-lsp ships goes the whole way, from opening to closing."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.applying import applied, at, by_uri
from tests.lsp.conftest import capabilities, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.lsp.conftest import Editor, Edits

pytestmark = pytest.mark.asyncio

COMPOSE = """\
version: "3"
services:
  web:
    build: .
    privileged: true
    volumes: ["/etc/localtime:/etc/localtime"]
"""
DOCKERFILE = "FROM debian:13\nUSER app\n"
REASON = "reason"


CLIENTS = sorted(
    file.name.removesuffix(".json").replace("_v", "@")
    for file in files("pytest_lsp").joinpath("clients").iterdir()
    if file.name.endswith(".json")
)
OLD = {"neovim@0.6.1", "neovim@0.7.0", "neovim@0.8.0", "neovim@0.9.1", "neovim@0.10.0"}
each_client = pytest.mark.parametrize(
    "client",
    [pytest.param(name, marks=[pytest.mark.exhaustive] if name in OLD else []) for name in CLIENTS],
)


async def offered(
    ed: Editor, uri: str, place: types.Position, *only: str
) -> dict[str, types.CodeAction]:
    """Return the actions at a place by title, with their edits."""
    asked = types.CodeActionContext([], only=list(only) or None)
    actions = await ed.client.text_document_code_action_async(
        types.CodeActionParams(types.TextDocumentIdentifier(uri), types.Range(place, place), asked)
    )
    made: dict[str, types.CodeAction] = {}
    for one in actions or ():
        assert isinstance(one, types.CodeAction)
        made[one.title] = one if one.edit else await ed.client.code_action_resolve_async(one)
    return made


def named(found: Sequence[types.Diagnostic], rule: str) -> types.Diagnostic:
    [one] = [one for one in found if one.code == rule]
    return one


@each_client
async def test_a_client_shows_findings_and_their_meaning(editor: Edits, client: str) -> None:
    can = capabilities(client)
    async with editor(can) as ed:
        dockerfile = ed.open("Dockerfile", "dockerfile", DOCKERFILE)
        uri = ed.open("compose.yaml", "dockercompose", COMPOSE)
        found = await ed.publishes(uri, version=1)
        one = named(found, "privileged-container")
        assert one.range == types.Range(at(COMPOSE, "true"), at(COMPOSE, "true", 4))
        assert one.severity == types.DiagnosticSeverity.Error
        assert one.source == "tightship"
        assert can.text_document is not None
        told = can.text_document.publish_diagnostics
        assert told is not None
        assert (one.code_description is not None) == bool(told.code_description_support)
        version = named(found, "obsolete-version")
        assert (version.tags is not None) == bool(told.tag_support)

        identifier = types.TextDocumentIdentifier(uri)
        hover = await ed.client.text_document_hover_async(
            types.HoverParams(identifier, at(COMPOSE, "web:"))
        )
        assert hover is not None
        assert isinstance(hover.contents, types.MarkupContent)
        assert "Isolation of" in hover.contents.value
        lenses = await ed.client.text_document_code_lens_async(types.CodeLensParams(identifier))
        assert lenses
        assert [lens.range.start for lens in lenses] == [at(COMPOSE, "web:")]

        ed.change(dockerfile, 2, DOCKERFILE.replace("USER app\n", ""))
        found = await ed.publishes(dockerfile, version=2)
        assert "image-runs-as-root" in rules(found)
        ed.close(uri)
        await ed.until(lambda: (shown := ed.shown(uri)) and not shown.diagnostics)


@each_client
async def test_a_client_applies_offered_fixes(editor: Edits, client: str) -> None:
    can = capabilities(client)
    async with editor(can) as ed:
        uri = ed.open("compose.yaml", "dockercompose", COMPOSE)
        at_version = await offered(ed, uri, at(COMPOSE, "version"))
        [fix] = [a for title, a in at_version.items() if title == "Remove `version`"]
        assert can.text_document is not None
        told = can.text_document.code_action
        assert told is not None
        assert fix.is_preferred == (told.is_preferred_support or None)
        without = COMPOSE.partition("\n")[2]
        assert applied(COMPOSE, by_uri(fix.edit)[uri]) == without

        every = await offered(ed, uri, at(COMPOSE, "web"), "source.fixAll.tightship")
        [fix_all] = every.values()
        mended = without.replace('localtime"]', 'localtime:ro"]')
        text = applied(COMPOSE, by_uri(fix_all.edit)[uri])
        assert text == mended
        ed.change(uri, 2, text)
        left = rules(await ed.publishes(uri, version=2))
        assert "privileged-container" in left
        assert not {"obsolete-version", "timezone-mount-writable"} & set(left)

        place = at(text, "true")
        for title, action in (await offered(ed, uri, place)).items():
            if "gnore" in title and "privileged-container" in title:
                quiet = applied(text, by_uri(action.edit)[uri])
                ed.change(uri, 3, quiet.replace("${1:reason}", REASON))
                break
        else:
            pytest.fail("nothing is offered that accepts the finding")
        found = rules(await ed.publishes(uri, version=3))
        assert "privileged-container" not in found
