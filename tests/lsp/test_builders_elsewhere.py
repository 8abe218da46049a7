"""A Dockerfile that is open alone is judged as the projects that build it do."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from lsprotocol import types
from tests.checking import check
from tests.lsp.conftest import capabilities, rules
from tests.lsp.test_session import Desk

from tightship_lsp.judging import builder_index as elsewhere

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lsp.conftest import Edits

DOCKERFILE = """\
ARG BASE=debian:12
FROM ${BASE} AS one
RUN id
FROM one AS two
USER 1000
FROM one
"""
DEPLOY = """\
services:
  web:
    build: {context: .., target: two, args: {BASE: debian}}
"""
ALONE = ["image-runs-as-root"]
BUILT = ["untagged-base-image"]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def of_a_run(desk: Desk) -> list[str]:
    """Return what a run over the folder finds in the Dockerfile."""
    return [
        one.rule.name
        for verdict in check([str(desk.folder)], configured=True)
        for one in verdict.findings
        if one.span.source.name == "Dockerfile"
    ]


def touch(desk: Desk, name: str) -> None:
    desk.session.touch([desk.uri(name)])


def test_a_dockerfile_is_judged_as_in_a_run_over_the_folder(desk: Desk) -> None:
    desk.write("Dockerfile", DOCKERFILE)
    desk.write("deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == of_a_run(desk) == BUILT


def test_all_projects_that_build_a_dockerfile_count(desk: Desk) -> None:
    desk.write("Dockerfile", DOCKERFILE)
    desk.write("compose.yaml", "services: {web: {build: .}}\n")
    desk.write("deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert sorted(desk.rules(dockerfile)) == sorted(of_a_run(desk))
    assert set(desk.rules(dockerfile)) == {*ALONE, *BUILT}


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize("name", ["deploy/compose.yaml", "deploy/by-content.yml"])
def test_created_changed_and_removed_compose_files_count(
    desk: Desk, name: str, watched: bool
) -> None:
    desk.session.watched = watched
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    deploy = desk.folder / name

    def tell() -> None:
        if watched:
            touch(desk, name)
        else:
            desk.session.save(dockerfile)

    assert desk.rules(dockerfile) == ALONE
    desk.write(name, DEPLOY)
    tell()
    assert desk.rules(dockerfile) == BUILT
    desk.write(name, DEPLOY.replace("debian}", "'debian:12'}"))
    tell()
    assert desk.rules(dockerfile) == []
    deploy.unlink()
    tell()
    assert desk.rules(dockerfile) == ALONE
    desk.write(name, DEPLOY)
    tell()
    assert desk.rules(dockerfile) == BUILT


def test_a_removed_folder_is_noticed_without_its_files(desk: Desk) -> None:
    desk.write("deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == BUILT
    shutil.rmtree(desk.folder / "deploy")
    desk.change(dockerfile, (None, DOCKERFILE + "#\n"))
    assert desk.rules(dockerfile) == ALONE


def test_a_dockerfile_is_built_from_when_it_is_there(desk: Desk) -> None:
    desk.write("deploy/compose.yaml", DEPLOY)
    other = desk.open("other/Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(other) == ALONE  # and it is known what is built
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == BUILT


def test_unsaved_edits_count(desk: Desk) -> None:
    desk.write("deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == BUILT
    desk.change(dockerfile, (None, DOCKERFILE.replace("USER 1000", "USER root")))
    assert sorted(desk.rules(dockerfile)) == sorted([*ALONE, *BUILT])


@pytest.mark.parametrize(
    ("name", "text"), [("tightship.toml", 'exclude = ["deploy"]\n'), (".gitignore", "/deploy/\n")]
)
def test_files_left_out_by_a_run_do_not_count(desk: Desk, name: str, text: str) -> None:
    (desk.folder / ".git").mkdir()
    desk.write("Dockerfile", DOCKERFILE)
    desk.write("deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == BUILT
    desk.write(name, text)
    touch(desk, name)
    assert desk.rules(dockerfile) == of_a_run(desk) == ALONE
    (desk.folder / name).unlink()
    touch(desk, name)
    assert desk.rules(dockerfile) == BUILT


def test_files_excluded_by_an_open_configuration_do_not_count(desk: Desk) -> None:
    desk.write("deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    settings = desk.open("tightship.toml", "", "toml")
    assert desk.rules(dockerfile) == BUILT
    desk.change(settings, (None, 'exclude = ["deploy"]\n'))
    assert desk.rules(dockerfile) == ALONE


def test_an_included_file_is_not_a_project_of_its_own(desk: Desk) -> None:
    desk.write("Dockerfile", DOCKERFILE)
    desk.write("deploy/compose.yaml", "include: [part/compose.yaml]\n")
    desk.write(
        "deploy/part/compose.yaml",
        "services: {web: {build: {context: ../.., target: '${TARGET:-}'}}}\n",
    )
    desk.write("deploy/.env", "TARGET=two\n")
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == of_a_run(desk) == []


def test_file_sets_count(desk: Desk) -> None:
    desk.write("Dockerfile", DOCKERFILE)
    desk.write("deploy/stack.yml", DEPLOY)
    desk.write("tightship.toml", '[[project]]\nfiles = ["deploy/stack.yml"]\n')
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == of_a_run(desk) == BUILT


def test_nothing_is_known_outside_of_the_workspace_folders(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    desk = Desk(tmp_path / "in")
    desk.write("../deploy/compose.yaml", DEPLOY)
    dockerfile = desk.open("../Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == ALONE


def test_edits_look_at_no_other_project_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(5):
        desk.write(f"p{n}/compose.yaml", "services: {a: {build: .}}\n")
        desk.write(f"p{n}/Dockerfile", DOCKERFILE)
    desk.write("deploy/compose.yaml", DEPLOY)
    (desk.folder / ".git").mkdir()
    desk.write(".gitignore", "/mine/\n")
    desk.write("mine/compose.yaml", "services: {}\n")
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    mine = desk.open("mine/compose.yaml", "services: {}\n")
    assert desk.rules(dockerfile) == BUILT

    looks: list[str] = []
    made, found = elsewhere._ProjectSummary.__init__, elsewhere._candidates

    def look(self: elsewhere._ProjectSummary, *given: object) -> None:
        made(self, *given)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
        looks.append("look")

    def listed(*given: object) -> object:
        looks.append("list")
        return found(*given)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    monkeypatch.setattr(elsewhere._ProjectSummary, "__init__", look)
    monkeypatch.setattr(elsewhere, "_candidates", listed)
    for n in range(3):
        desk.change(dockerfile, (None, DOCKERFILE + "#\n" * n))
        desk.change(mine, (None, "services: {}\n" + "#\n" * n))
        assert desk.rules(dockerfile) == BUILT
        # What is there and is left out looks like news once.
        if n == 0:
            looks.clear()
    assert looks == []
    # Where nobody watches the disk, it is compared, and nothing is read that is the same.
    desk.session.watched = False
    desk.session.save(dockerfile)
    assert desk.rules(dockerfile) == BUILT
    assert looks == ["list"]


def test_only_the_nearest_of_many_projects_are_judged(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "_MOST_PROJECTS", 2)
    far = DEPLOY.replace("..", "../../../z")
    for n in range(3):
        desk.write(f"a/b/c{n}/compose.yaml", far)
    dockerfile = desk.open("z/Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == BUILT
    for n in range(2):
        desk.write(f"z/d{n}/compose.yaml", "services: {}\n")
        touch(desk, f"z/d{n}/compose.yaml")
    assert desk.rules(dockerfile) == ALONE


def test_the_number_of_searched_folders_is_limited(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write("deploy/compose.yaml", DEPLOY)
    for n in range(5):
        (desk.folder / f"a{n}").mkdir()
    monkeypatch.setattr(elsewhere, "_MOST_FOLDERS", 5)
    dockerfile = desk.open("Dockerfile", DOCKERFILE, "dockerfile")
    assert desk.rules(dockerfile) == ALONE
    monkeypatch.setattr(elsewhere, "_MOST_FOLDERS", 6)
    touch(desk, ".gitignore")
    assert desk.rules(dockerfile) == BUILT


@pytest.mark.asyncio
async def test_push_clients_are_updated_as_files_come_and_go(editor: Edits, tmp_path: Path) -> None:
    deploy = tmp_path / "deploy" / "compose.yaml"
    deploy.parent.mkdir()
    deploy.write_text(DEPLOY, encoding="utf-8")
    async with editor() as ed:
        uri = ed.open("Dockerfile", "dockerfile", DOCKERFILE)
        assert rules(await ed.publishes(uri, version=1)) == BUILT
        deploy.unlink()
        ed.published.clear()
        ed.touch(ed.uri("deploy/compose.yaml"))
        assert rules(await ed.publishes(uri, version=1)) == ALONE
        deploy.write_text(DEPLOY, encoding="utf-8")
        ed.published.clear()
        ed.touch(ed.uri("deploy/compose.yaml"))
        assert rules(await ed.publishes(uri, version=1)) == BUILT


@pytest.mark.asyncio
async def test_a_pulled_document_agrees_with_the_workspace(editor: Edits, tmp_path: Path) -> None:
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "compose.yaml").write_text(DEPLOY, encoding="utf-8")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE, encoding="utf-8")
    async with editor(capabilities("neovim@v0.11", refresh=True)) as ed:
        uri = ed.uri("Dockerfile")
        ask = types.WorkspaceDiagnosticParams([])

        async def swept() -> list[str]:
            every = await ed.client.workspace_diagnostic_async(ask)
            [one] = (one for one in every.items if one.uri == uri)
            assert isinstance(one, types.WorkspaceFullDocumentDiagnosticReport)
            return rules(one.items)

        assert await swept() == BUILT
        ed.open("Dockerfile", "dockerfile", DOCKERFILE)
        pulled = await ed.pull(uri)
        assert isinstance(pulled, types.RelatedFullDocumentDiagnosticReport)
        assert rules(pulled.items) == BUILT
        assert await swept() == BUILT
