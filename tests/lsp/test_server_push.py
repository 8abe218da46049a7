from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.lsp.conftest import WEB, rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Editor, Edits

pytestmark = pytest.mark.asyncio

QUIET = """\
services:
  web:
    image: nginx:1.27
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    user: "1000"
    mem_limit: 64m
    cpus: 1
    pids_limit: 20
"""


@pytest.mark.parametrize("client", ["visual_studio_code", "emacs", "neovim@v0.6", "neovim@v0.9"])
async def test_opened_and_changed_documents_are_published_with_their_version(
    editor: Edits, client: str
) -> None:
    async with editor(client) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        found = await ed.publishes(uri, version=1)
        assert "privileged-container" in rules(found)
        ed.change(uri, 2, QUIET)
        assert "privileged-container" not in rules(await ed.publishes(uri, version=2))
        ed.close(uri)
        await ed.until(lambda: ed.published[-1].version is None)
        assert not ed.published[-1].diagnostics


async def test_a_diagnostic_says_all_that_an_editor_can_show(editor: Edits) -> None:
    text = 'version: "3"\n' + WEB
    async with editor("visual_studio_code") as ed:
        assert ed.answer is not None
        assert ed.answer.capabilities.diagnostic_provider is None
        uri = ed.open("compose.yaml", "dockercompose", text)
        found = await ed.publishes(uri, version=1)
    [privileged] = [one for one in found if one.code == "privileged-container"]
    assert privileged.source == "tightship"
    assert privileged.severity == types.DiagnosticSeverity.Error
    assert privileged.range == types.Range(types.Position(4, 16), types.Position(4, 20))
    assert isinstance(privileged.data, dict)
    [obsolete] = [one for one in found if one.code == "obsolete-version"]
    assert obsolete.tags
    assert list(obsolete.tags) == [types.DiagnosticTag.Unnecessary]
    assert obsolete.range == types.Range(types.Position(0, 0), types.Position(0, 7))


@pytest.mark.parametrize(
    ("client", "unit", "column"),
    [("emacs", "utf-32", 15), ("neovim@v0.11", "utf-8", 18), ("neovim@v0.9", None, 16)],
)
async def test_columns_are_counted_as_the_client_counts(
    editor: Edits, client: str, unit: str | None, column: int
) -> None:
    text = 'services: {"😀": {privileged: true, image: "a:1"}}\n'
    at = text.index("true") - text.index("😀") - 1
    async with editor(client) as ed:
        assert ed.answer is not None
        assert (ed.answer.capabilities.position_encoding or "utf-16") in (unit or "utf-16",)
        uri = ed.open("compose.yaml", "dockercompose", text)
        if ed.answer.capabilities.diagnostic_provider is None:
            found = await ed.publishes(uri, version=1)
        else:
            report = await ed.pull(uri)
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            found = list(report.items)
        [one] = [one for one in found if one.code == "privileged-container"]
        before = {"utf-32": 1, "utf-8": 4, None: 2}[unit]
        assert one.range.start.character == text.index("😀") + before + at
        # What the client calls a column is understood, too.
        start = types.Position(0, one.range.start.character)
        end = types.Position(0, one.range.end.character)
        ed.edit(uri, 2, types.TextDocumentContentChangePartial(types.Range(start, end), "false"))
        if ed.answer.capabilities.diagnostic_provider is None:
            left = await ed.publishes(uri, version=2)
        else:
            report = await ed.pull(uri)
            assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
            left = list(report.items)
        assert "privileged-container" not in rules(left)
        assert "invalid-yaml" not in rules(left)


async def test_a_burst_of_edits_is_judged_once(editor: Edits) -> None:
    async with editor(options={"debounce": 200}) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        await ed.publishes(uri, version=1)
        before = len(ed.published)
        for version in range(2, 22):
            ed.change(uri, version, WEB + "#\n" * version)
        await ed.publishes(uri, version=21)
        await asyncio.sleep(0.5)
        assert [one.version for one in ed.published[before:]] == [21]


async def test_editing_a_dockerfile_judges_the_project_that_builds_it(
    editor: Edits, tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    compose = "services:\n  web:\n    build: app\n"
    (tmp_path / "compose.yaml").write_text(compose, encoding="utf-8")
    async with editor() as ed:
        main = ed.open("compose.yaml", "dockercompose", compose)
        missing = await ed.publishes(main, version=1)
        assert "not-checked" in rules(missing)
        dockerfile = ed.open("app/Dockerfile", "dockerfile", "FROM busybox:1.37\n")
        assert "image-runs-as-root" in rules(await ed.publishes(dockerfile, version=1))
        await ed.until(lambda: "not-checked" not in rules(_last(ed, main)))
        ed.change(dockerfile, 2, "FROM busybox:1.37\nUSER 1000\n")
        assert rules(await ed.publishes(dockerfile, version=2)) == []
        # And the other way round: the service says who it runs as.
        ed.change(dockerfile, 3, "FROM busybox:1.37\n")
        await ed.publishes(dockerfile, version=3)
        ed.change(main, 2, compose + '    user: "1000"\n')
        await ed.until(lambda: "image-runs-as-root" not in rules(_last(ed, dockerfile)))


async def test_open_env_files_and_overrides_count(editor: Edits) -> None:
    async with editor() as ed:
        text = "services:\n  web:\n    image: a:1\n    privileged: ${P:-false}\n"
        uri = ed.open("compose.yaml", "dockercompose", text)
        assert "privileged-container" not in rules(await ed.publishes(uri, version=1))
        ed.open(".env", "dotenv", "P=true\n")
        await ed.until(lambda: "privileged-container" in rules(_last(ed, uri)))
        ed.open(
            "compose.override.yaml", "dockercompose", "services:\n  web:\n    privileged: false\n"
        )
        await ed.until(lambda: "privileged-container" not in rules(_last(ed, uri)))


async def test_files_that_change_on_the_disk_are_read_again(editor: Edits, tmp_path: Path) -> None:
    text = "services:\n  web:\n    image: a:1\n    privileged: ${P:-false}\n"
    async with editor() as ed:
        await ed.until(lambda: ed.registered)
        [files] = [one for one in ed.registered if one.id == "tightship-files"]
        assert files.method == types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        uri = ed.open("compose.yaml", "dockercompose", text)
        await ed.publishes(uri, version=1)
        (tmp_path / ".env").write_text("P=true\n", encoding="utf-8")
        ed.touch(ed.uri(".env"))
        await ed.until(lambda: "privileged-container" in rules(_last(ed, uri)))


async def test_settings_select_the_rules(editor: Edits) -> None:
    async with editor(options={"tightship": {"select": ["namespaces"]}}) as ed:
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        assert rules(await ed.publishes(uri, version=1)) == []
        ed.client.workspace_did_change_configuration(
            types.DidChangeConfigurationParams({"tightship": {"ignore": "privileged_container"}})
        )
        await ed.until(lambda: len(ed.published) > 1)
        found = rules(_last(ed, uri))
        assert found
        assert "privileged-container" not in found


async def test_invalid_settings_are_reported_and_ignored(editor: Edits) -> None:
    async with editor() as ed:
        ed.settings = {"select": ["no-such-rule"], "debounce": "soon"}
        ed.client.workspace_did_change_configuration(types.DidChangeConfigurationParams(None))

        def told(what: str) -> bool:
            return any(what in one.message for one in ed.client.messages)

        await ed.until(lambda: told("no-such-rule") and told("tightship.debounce"))
        uri = ed.open("compose.yaml", "dockercompose", WEB)
        assert "privileged-container" in rules(await ed.publishes(uri, version=1))


async def test_documents_of_other_languages_are_ignored(editor: Edits) -> None:
    async with editor() as ed:
        python = ed.open("a.py", "python", "services: {web: {privileged: true}}")
        other = ed.open("values.yaml", "yaml", "image: nginx\n")
        uri = ed.open("compose.yaml", "yaml", WEB)
        assert rules(await ed.publishes(uri, version=1))
        for quiet in (python, other):
            assert await ed.publishes(quiet, version=1) == []


async def test_an_unsaved_document_is_judged_alone(editor: Edits) -> None:
    async with editor() as ed:
        text = "services:\n  web:\n    build: nowhere\n    privileged: true\n"
        for uri in ("untitled:Untitled-1", "vscode-vfs://github/a/b/compose.yaml"):
            ed.open(uri, "dockercompose", text)
            found = rules(await ed.publishes(uri, version=1))
            assert "privileged-container" in found
            assert "not-checked" not in found


async def test_the_workspace_is_checked_on_demand(editor: Edits, tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "compose.yaml").write_text(WEB, encoding="utf-8")
    async with editor() as ed:
        opened = ed.open("one/compose.yaml", "dockercompose", WEB)
        await ed.publishes(opened, version=1)
        counts = await ed.client.workspace_execute_command_async(
            types.ExecuteCommandParams("tightship.checkWorkspace")
        )
        assert isinstance(counts, dict)
        findings = _count(ed, opened, ed.uri("two/compose.yaml"))
        assert counts == {"files": 2, "findings": findings, "notRead": 0}
        other = ed.uri("two/compose.yaml")
        assert "privileged-container" in rules(_last(ed, other))
        assert ed.published[-1].version is None
        kinds = [value["kind"] for value in ed.progress]
        assert kinds[0] == "begin"
        assert kinds[-1] == "end"
        # What is shown of a file follows the disk.
        (tmp_path / "two" / "compose.yaml").write_text(QUIET, encoding="utf-8")
        ed.touch(other)
        await ed.until(lambda: "privileged-container" not in rules(_last(ed, other)))


async def test_the_workspace_says_what_is_not_read(editor: Edits, tmp_path: Path) -> None:
    (tmp_path / "compose.yaml").write_text(WEB, encoding="utf-8")
    (tmp_path / "run.sh").write_text("docker run --privileged a\n", encoding="utf-8")
    (tmp_path / "asked").mkdir()
    (tmp_path / "asked/tightship.toml").write_text('front-ends = ["docker-run"]\n')
    (tmp_path / "asked/up.sh").write_text("docker run --privileged a\n", encoding="utf-8")
    async with editor() as ed:
        counts = await ed.client.workspace_execute_command_async(
            types.ExecuteCommandParams("tightship.checkWorkspace")
        )
        assert isinstance(counts, dict)
        assert (counts["files"], counts["notRead"]) == (2, 1)
        await ed.until(lambda: bool(ed.client.messages))
        assert ed.client.messages[0].message.startswith("Not read: `run.sh:1` starts containers;")
        assert "privileged-container" in rules(_last(ed, ed.uri("asked/up.sh")))


async def test_folders_may_come_and_go(editor: Edits, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "shared.yaml").write_text("services: {a: {privileged: true}}\n", encoding="utf-8")
    text = "services:\n  web:\n    image: a:1\n    extends: {file: ../shared.yaml, service: a}\n"
    async with editor(folders=[str(tmp_path / "web")]) as ed:
        uri = ed.open("web/compose.yaml", "dockercompose", text)
        assert "not-checked" in rules(await ed.publishes(uri, version=1))
        change = types.WorkspaceFoldersChangeEvent(
            added=[types.WorkspaceFolder(ed.uri("."), "all")],
            removed=[types.WorkspaceFolder(ed.uri("web"), "web")],
        )
        ed.client.workspace_did_change_workspace_folders(
            types.DidChangeWorkspaceFoldersParams(change)
        )
        await ed.until(lambda: "not-checked" not in rules(_last(ed, uri)))


def _last(ed: Editor, uri: str) -> list[types.Diagnostic]:
    shown = ed.shown(uri)
    return [] if shown is None else list(shown.diagnostics)


def _count(ed: Editor, *uris: str) -> int:
    return sum(len(_last(ed, uri)) for uri in uris)
