from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from pytest_lsp.client import register_lsp_features
from tests.lsp.conftest import capabilities
from tests.lsp.findings import findings

from tightship_lsp.features.code_lens import code_lenses
from tightship_lsp.session import Session
from tightship_lsp.uri import path_of, uri_of

if TYPE_CHECKING:
    from tests.lsp.conftest import Edits

WEB = """\
services:
  web:
    build: {context: ., target: last}
    privileged: true
    read_only: true
  db: {image: "postgres:17"}
"""
DOCKERFILE = """\
FROM alpine:3.22 AS first
RUN sudo a
RUN sudo b
FROM first AS last
USER app
"""


@pytest.fixture
def session(tmp_path: Path) -> Session:
    session = Session()
    session.add_folders([uri_of(str(tmp_path))])
    return session


def shown(lenses: list[types.CodeLens]) -> dict[int, str]:
    return {one.range.start.line: one.command.title for one in lenses if one.command}


def test_the_lens_of_a_service_shows_findings_and_grade(session: Session, tmp_path: Path) -> None:
    uri = uri_of(str(tmp_path / "compose.yaml"))
    session.put(uri, "dockercompose", 1, WEB)
    lenses = shown(code_lenses(session, uri))
    assert set(lenses) == {1, 5}
    found = [one.subject.name for one in findings(session, uri)]
    # The Dockerfile of `web` is missing.
    for line, name, end in ((1, "web", "not checked"), (5, "db", "mechanisms are weak")):
        grade, count, weak = lenses[line].split(" · ")
        assert grade in ("grade F", "grade D")
        assert count == f"{found.count(name)} findings"
        assert weak.endswith(end)


def test_the_lens_of_a_hardened_service_says_so(session: Session, tmp_path: Path) -> None:
    strong = """\
services:
  a:
    image: app:1.4
    read_only: true
    user: "1000"
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    mem_limit: 64m
    cpus: 1
    pids_limit: 20
"""
    uri = uri_of(str(tmp_path / "compose.yaml"))
    for text, weak in (
        (strong, "no mechanisms are weak"),
        (strong.replace("read_only: true", "init: true"), "1 mechanism is weak"),
    ):
        session.put(uri, "dockercompose", 1, text)
        assert shown(code_lenses(session, uri))[1].split(" · ")[2] == weak


def test_a_finding_that_services_share_counts_for_each(session: Session, tmp_path: Path) -> None:
    shared = """\
x-base: &base {image: "app:1.4", privileged: true, read_only: true}
services:
  a: *base
  b: *base
  c: {<<: *base, privileged: false}
"""
    uri = uri_of(str(tmp_path / "compose.yaml"))
    session.put(uri, "dockercompose", 1, shared)
    [found] = [one for one in findings(session, uri) if one.rule.name == "privileged-container"]
    assert found.services == ("a", "b")
    lenses = shown(code_lenses(session, uri))
    assert lenses[2] == lenses[3]
    for line, name in ((2, "a"), (4, "c")):
        count = sum(name in one.services for one in findings(session, uri))
        assert f" · {count} findings · " in lenses[line]


def test_a_finding_in_a_dockerfile_counts_for_the_stage_that_it_is_in(
    session: Session, tmp_path: Path
) -> None:
    uri = uri_of(str(tmp_path / "Dockerfile"))
    session.put(uri, "dockerfile", 1, DOCKERFILE)
    assert shown(code_lenses(session, uri)) == {0: "2 findings", 3: "no findings"}
    main = uri_of(str(tmp_path / "compose.yaml"))
    session.put(main, "dockercompose", 1, WEB)
    assert shown(code_lenses(session, uri)) == {0: "2 findings", 3: "no findings · run by web"}


def test_lenses_can_be_switched_off(session: Session, tmp_path: Path) -> None:
    uri = uri_of(str(tmp_path / "compose.yaml"))
    session.put(uri, "dockercompose", 1, WEB)
    session.settings.code_lens = False
    assert code_lenses(session, uri) == []


@pytest.mark.parametrize("text", ["", "services:", "services:\n  a:\n", "a: [", "FROM"])
@pytest.mark.parametrize("language", ["dockercompose", "dockerfile", "python"])
def test_half_typed_files_have_lenses_or_none(session: Session, text: str, language: str) -> None:
    session.put("untitled:x", language, 1, text)
    for one in code_lenses(session, "untitled:x"):
        assert one.command is not None
    assert code_lenses(session, "untitled:y") == []


@pytest.mark.asyncio
async def test_the_client_is_asked_to_look_again_when_another_file_has_changed_them(
    editor: Edits,
) -> None:
    can = capabilities("visual_studio_code")
    assert can.workspace is not None
    can.workspace.code_lens = types.CodeLensWorkspaceClientCapabilities(refresh_support=True)
    async with editor(can) as ed:
        asked: list[object] = []

        def ask(params: None) -> None:
            asked.append(params)

        register_lsp_features(ed.client, {types.WORKSPACE_CODE_LENS_REFRESH: ask})
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        before = shown(list(await ed.client.text_document_code_lens_async(params) or ()))
        assert set(before) == {1, 5}
        await ed.publishes(uri, version=1)
        assert asked == []
        override = "services:\n  db: {privileged: true}\n"
        ed.open("compose.override.yaml", "dockercompose", override)
        await ed.until(lambda: asked)
        after = shown(list(await ed.client.text_document_code_lens_async(params) or ()))
        assert before[1] == after[1]
        assert before[5] != after[5]


def test_the_lens_of_a_service_opens_the_report_where_the_editor_can(
    session: Session, tmp_path: Path
) -> None:
    uri = uri_of(str(tmp_path / "compose.yaml"))
    session.put(uri, "dockercompose", 1, WEB)
    plain = [one.command for one in code_lenses(session, uri) if one.command]
    assert {(one.command, one.arguments) for one in plain} == {("", None)}
    session.lens_command = "tightship.showReport"
    found = [one.command for one in code_lenses(session, uri) if one.command]
    assert [(one.command, one.arguments) for one in found] == [
        ("tightship.showReport", [uri, "web"]),
        ("tightship.showReport", [uri, "db"]),
    ]
    dockerfile = uri_of(str(tmp_path / "Dockerfile"))
    session.put(dockerfile, "dockerfile", 1, "FROM alpine:3.22\nUSER 1\n")
    [stage] = code_lenses(session, dockerfile)
    assert stage.command is not None
    assert stage.command.command == ""


def shows_documents() -> types.ClientCapabilities:
    can = capabilities("neovim@v0.10")
    can.window = types.WindowClientCapabilities(
        show_document=types.ShowDocumentClientCapabilities(support=True)
    )
    return can


@pytest.mark.asyncio
async def test_a_lens_shows_the_isolation_of_its_service(editor: Edits) -> None:
    async with editor(shows_documents()) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB.replace("db:", '"d/b":'))
        params = types.CodeLensParams(types.TextDocumentIdentifier(uri))
        lenses = await ed.client.text_document_code_lens_async(params)
        assert lenses is not None
        for lens in (*lenses, lenses[0]):
            assert lens.command is not None
            command = lens.command.command
            assert await ed.client.workspace_execute_command_async(
                types.ExecuteCommandParams(command, arguments=lens.command.arguments)
            )
        paths = [path_of(one.uri) or "" for one in ed.client.shown_documents]
        pages = [Path(path).read_text("utf-8") for path in paths]
        assert [page.partition("**.")[0] for page in pages] == [
            "**Isolation of `web`: grade F",
            "**Isolation of `d/b`: grade A-F",  # Compose takes no such name.
            "**Isolation of `web`: grade F",
        ]


@pytest.mark.asyncio
@pytest.mark.parametrize("arguments", [None, [], ["file:///x", "web"], [1, {}], ["a", "b", "c"]])
async def test_a_lens_without_isolation_is_not_shown(
    editor: Edits, arguments: list[object] | None
) -> None:
    async with editor(shows_documents()) as ed:
        command = types.ExecuteCommandParams("tightship.showIsolation", arguments)
        assert await ed.client.workspace_execute_command_async(command) is False
