"""Findings appear as well in the open files that they come from, or take effect in."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from lsprotocol import types
from tests.lsp.conftest import capabilities

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.lsp.conftest import Edits

pytestmark = pytest.mark.asyncio

COMPOSE = """\
services:
  web: {extends: {file: base.yaml, service: base}}
  app: {image: "nginx:1.27", privileged: "${PRIV}"}
"""
BASE = """\
services:
  base:
    image: nginx:1.27
    volumes: ["/var/run/docker.sock:/var/run/docker.sock"]
"""
ASKING = capabilities("neovim@v0.11", refresh=True)


def of(found: Sequence[types.Diagnostic], rule: str) -> list[types.Diagnostic]:
    return [one for one in found if one.code == rule]


async def test_a_finding_in_an_extended_file_appears_at_the_service(editor: Edits) -> None:
    async with editor() as ed:
        (ed.folder / "base.yaml").write_text(BASE)
        uri = ed.open("compose.yaml", "dockercompose", COMPOSE)
        [one] = of(await ed.publishes(uri, version=1), "docker-socket-mounted")
        assert one.range == types.Range(types.Position(1, 2), types.Position(1, 5))
        assert one.severity == types.DiagnosticSeverity.Warning
        assert "service `web` can command the Docker daemon" in one.message
        [place] = list(one.related_information or ())
        assert place.location.uri == ed.uri("base.yaml")
        assert place.location.range.start == types.Position(3, 14)
        assert cast("dict[str, object]", one.data)["elsewhere"] is True
        # The other file is a project of its own, and has one finding at the place.
        base = ed.open("base.yaml", "yaml", BASE)
        [found] = of(await ed.publishes(base, version=1), "docker-socket-mounted")
        assert found.severity == types.DiagnosticSeverity.Error
        assert "elsewhere" not in cast("dict[str, object]", found.data)
        ed.change(base, 2, BASE.replace("docker.sock:", "other.sock:"))
        await ed.until(
            lambda: (
                not of(ed.published[-1].diagnostics, "docker-socket-mounted")
                and ed.published[-1].uri == uri
            )
        )


async def test_no_action_is_offered_for_findings_of_another_file(editor: Edits) -> None:
    async with editor() as ed:
        (ed.folder / "base.yaml").write_text(BASE)
        uri = ed.open("compose.yaml", "dockercompose", COMPOSE)
        [one] = of(await ed.publishes(uri, version=1), "docker-socket-mounted")
        actions = await ed.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(uri),
                one.range,
                types.CodeActionContext([one], [types.CodeActionKind.QuickFix]),
            )
        )
        titles = [action.title for action in actions or ()]
        assert not [title for title in titles if "socket" in title], titles


async def test_an_echoed_finding_counts_once_in_the_workspace(editor: Edits) -> None:
    async with editor() as ed:
        (ed.folder / "base.yaml").write_text(BASE)
        text = COMPOSE.replace("${PRIV}", "false")
        (ed.folder / "compose.yaml").write_text(text)
        counted: list[object] = []
        for opens in (False, True):
            if opens:
                uri = ed.open("compose.yaml", "dockercompose", text)
                assert of(await ed.publishes(uri, version=1), "docker-socket-mounted")
            counted.append(
                await ed.client.workspace_execute_command_async(
                    types.ExecuteCommandParams("tightship.checkWorkspace")
                )
            )
        assert counted[0] is not None
        assert counted[0] == counted[1]


@pytest.mark.parametrize("compose_is_open", [True, False])
async def test_a_variable_file_shows_the_findings_that_it_causes(
    editor: Edits, *, compose_is_open: bool
) -> None:
    env = "OTHER=1\nPRIV=true\n"
    async with editor(ASKING) as ed:
        (ed.folder / "base.yaml").write_text(BASE)
        (ed.folder / "compose.yaml").write_text(COMPOSE)
        if compose_is_open:
            ed.open("compose.yaml", "dockercompose", COMPOSE)
        uri = ed.open(".env", "dotenv", env)
        report = await ed.pull(uri)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        [one] = report.items
        assert one.code == "privileged-container"
        assert one.range.start.line == 1
        [place] = list(one.related_information or ())
        assert place.location.uri == ed.uri("compose.yaml")
        assert place.location.range.start.line == 2
        ed.change(uri, 2, env.replace("true", "false"))
        report = await ed.pull(uri, report.result_id)
        assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
        assert not report.items
