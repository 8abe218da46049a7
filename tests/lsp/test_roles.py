"""The roles of files in a session: as in a run, also after other files have changed."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest
from tests.lsp.conftest import capabilities
from tests.lsp.desk import Desk

from tightship.engine.roles.layout import Layout, layout_on_disk
from tightship.engine.roles.tree import Tree
from tightship.frontends.invocations.kinds import kind_of
from tightship_lsp.connection.watching import registrations
from tightship_lsp.server import Server
from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

WEB = "services:\n  web:\n    image: nginx\n"
# Its second service is in no project, so that its content alone tells nothing.
OVERLAY = "services:\n  web:\n    privileged: true\n  job: {}\n"
UP = "docker compose -f compose.yaml -f power/web.yaml up\n"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    (tmp_path / ".git").mkdir()
    (tmp_path / "compose.yaml").write_text(WEB)
    (tmp_path / "power").mkdir()
    (tmp_path / "power/web.yaml").write_text(OVERLAY)
    return Desk(tmp_path)


@pytest.fixture
def searches(monkeypatch: pytest.MonkeyPatch) -> list[Layout]:
    """Return the results of all searches for commands."""
    found = list[Layout]()

    def searched(root: str, texts: Mapping[str, str | bytes], *, asked: Sequence[str]) -> Layout:
        found.append(layout_on_disk(root, texts, asked=asked))
        return found[-1]

    monkeypatch.setattr("tightship_lsp.judging.role_cache.layout_on_disk", searched)
    return found


@pytest.mark.parametrize("watched", [True, False])
@pytest.mark.parametrize("name", ["Makefile", "up.sh", "README.md", "ops.yml"])
def test_commands_that_come_change_and_go_count(desk: Desk, name: str, watched: bool) -> None:
    desk.session.watched = watched
    script = desk.folder / name

    def tell() -> None:
        if watched:
            desk.session.touch([uri_of(str(script))])
        else:
            desk.session.save(main)

    main = desk.open("compose.yaml", WEB)
    overlay = desk.open("power/web.yaml", OVERLAY, "yaml")
    start = "up:\n\t" if name == "Makefile" else "run: " if name == "ops.yml" else ""
    for command, is_merged in ((UP, True), ("true\n", False), (UP, True), (None, False)):
        script.unlink() if command is None else script.write_text(start + command)
        tell()
        assert ("privileged-container" in desk.rules(overlay)) is is_merged


def test_a_compose_file_that_comes_or_goes_counts(desk: Desk) -> None:
    desk.session.watched = True
    user = desk.folder / "compose.dev.yaml"
    part = desk.open("common.yaml", WEB, "yaml")
    path = str(desk.folder / "common.yaml")

    def loading() -> str:
        desk.rules(part)
        return desk.session.projects().roles.of(path, desk.session.snapshot()).loading

    assert loading() == "alone"
    user.write_text("services: {web: {extends: {file: common.yaml, service: web}}}\n")
    desk.session.touch([uri_of(str(user))])
    assert loading() == "part"
    user.unlink()
    desk.session.touch([uri_of(str(user))])
    assert loading() == "alone"


@pytest.mark.parametrize(
    ("name", "text", "is_searched"),
    [
        ("compose.yaml", WEB, False),
        ("values.yaml", "image: nginx\n", False),
        ("ops.yml", f"run: {UP}", True),
        ("Makefile", f"up:\n\t{UP}", True),
    ],
)
def test_a_keystroke_searches_for_commands_only_where_there_may_be_some(
    desk: Desk, searches: list[Layout], name: str, text: str, is_searched: bool
) -> None:
    desk.session.watched = True
    main = desk.open("compose.yaml", WEB)
    typed = desk.open(name, text, "yaml")
    desk.rules(main)
    before = len(searches)
    desk.session.put(typed, "yaml", 2, text + "# a\n")
    desk.rules(main)
    assert (len(searches) > before) is is_searched


def test_what_was_learned_is_not_read_again_when_a_file_is_opened(
    desk: Desk, searches: list[Layout]
) -> None:
    desk.session.watched = True
    script = desk.folder / "up.sh"
    script.write_text(UP)
    outside = desk.folder.parent / "compose.yaml"
    desk.session.learn([str(desk.folder / "compose.yaml"), str(outside)])
    script.unlink()  # and no client tells it
    overlay = desk.open("power/web.yaml", OVERLAY, "yaml")
    assert "privileged-container" in desk.rules(overlay)
    assert len(searches) == 1


def test_what_the_repository_pushes_is_learned_before_a_file_is_opened(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, building = list[str](), Tree.building

    def recorded(tree: Tree, name: str) -> str | None:
        read.append(name)
        return building(tree, name)

    monkeypatch.setattr(Tree, "building", recorded)
    (desk.folder / "test").mkdir()
    (desk.folder / "Dockerfile").write_text("FROM alpine\n")
    release = desk.folder / ".github" / "workflows" / "release.yml"
    release.parent.mkdir(parents=True)
    steps = [{"run": "docker build -t r/x . && docker push r/x"}]
    release.write_text(json.dumps({"on": "push", "jobs": {"x": {"steps": steps}}}))
    compose = desk.folder / "test" / "compose.yaml"
    compose.write_text("services: {x: {build: ..}}\n")
    desk.session.watched = True
    desk.session.learn([str(compose)])
    assert ".github/workflows/release.yml" in read
    read.clear()
    assert desk.rules(desk.open("test/compose.yaml", compose.read_text()))
    assert not read


@pytest.mark.asyncio
async def test_a_server_learns_of_the_compose_files_of_its_workspace(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    learned = asyncio.Queue[list[str]]()
    server = Server()
    server.session.add_folders([uri_of(str(desk.folder))])
    monkeypatch.setattr(server.session, "learn", learned.put_nowait)
    server.warm_soon()
    async with asyncio.timeout(60):
        assert str(desk.folder / "compose.yaml") in await learned.get()


def _alternatives(glob: str) -> Iterator[str]:
    parts = [one.split(",") for one in re.split(r"[{}]", glob.removeprefix("**/"))]
    return map("".join, itertools.product(*parts))


@pytest.mark.parametrize(
    "name",
    [
        *("Makefile", "GNUmakefile", "rules.mk", "up.sh", "justfile", "ci.yml", "README.md"),
        *("devcontainer.json", "package.json", ".env"),
    ],
)
def test_the_client_watches_files_that_have_commands(name: str) -> None:
    assert kind_of(name) is not None
    found = registrations(capabilities("visual_studio_code"))
    options = next(one.register_options for one in found if one.id == "tightship-files")
    assert options is not None
    globs = [one.glob_pattern for one in options.watchers]
    assert any(fnmatchcase(name, one) for glob in globs for one in _alternatives(glob))
