"""`COMPOSE_FILE` in `.env` counts in an editor as it does in a run over the folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.lsp.desk import Desk

if TYPE_CHECKING:
    from pathlib import Path

BASE = "services: {web: {image: 'x:1', privileged: true}}\n"
MORE = "services: {web: {read_only: true, pids_limit: 9, mem_limit: 1g}}\n"
ABSENCE = "writable-root-filesystem"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def write(desk: Desk, name: str, text: str) -> None:
    path = desk.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def of_a_run(desk: Desk, name: str, *, named: bool = False) -> list[str]:
    """Return what a run over the folder, or over the file, finds in a file."""
    path = str(desk.folder / name if named else desk.folder)
    return [
        one.rule.name
        for verdict in check([path], configured=True)
        for one in verdict.findings
        if one.span.source.name == name
    ]


@pytest.mark.parametrize("first", ["base.yml", "docker-compose.base.yml", "deploy/base.yml"])
@pytest.mark.parametrize("has_main", [True, False])
def test_the_first_file_may_have_any_name_and_place(first: str, has_main: bool, desk: Desk) -> None:
    write(desk, ".env", f"COMPOSE_FILE={first}:more.yml\n")
    write(desk, first, BASE)
    write(desk, "more.yml", MORE)
    if has_main:
        write(desk, "compose.yaml", "services: {other: {image: 'x:1'}}\n")
    found = desk.rules(desk.open(first, BASE))
    assert sorted(found) == sorted(of_a_run(desk, first))
    assert "privileged-container" in found
    assert ABSENCE not in found, "more.yml is a part of the project"


@pytest.mark.parametrize("first", ["base.yml", "deploy/base.yml"])
def test_a_later_file_is_judged_with_the_first(first: str, desk: Desk) -> None:
    write(desk, ".env", f"COMPOSE_FILE={first}:more.yml\n")
    write(desk, first, "services: {web: {image: 'x:1'}}\n")
    text = "services: {web: {privileged: true}}\n"
    write(desk, "more.yml", text)
    found = desk.rules(desk.open("more.yml", text))
    assert sorted(found) == sorted(of_a_run(desk, "more.yml"))
    assert "privileged-container" in found
    assert "incomplete-definition" not in found


def test_a_dockerfile_of_the_project_is_judged_with_it(desk: Desk) -> None:
    text = "ARG BASE=debian:12\nFROM ${BASE}\nUSER 1\n"
    write(desk, ".env", "COMPOSE_FILE=deploy/base.yml\n")
    write(
        desk, "deploy/base.yml", "services: {web: {build: {context: .., args: {BASE: debian}}}}\n"
    )
    write(desk, "Dockerfile", text)
    found = desk.rules(desk.open("Dockerfile", text, "dockerfile"))
    assert "untagged-base-image" in found
    assert sorted(found) == sorted(of_a_run(desk, "Dockerfile"))
    path = str(desk.folder / "Dockerfile")
    alone = [
        one.rule.name for verdict in check([path], configured=True) for one in verdict.findings
    ]
    assert sorted(alone) == sorted(found)


@pytest.mark.parametrize("saved", ["", "COMPOSE_FILE=other.yml\n", None])
def test_an_unsaved_edit_of_env_counts(saved: str | None, desk: Desk) -> None:
    if saved is not None:
        write(desk, ".env", saved)
    write(desk, "base.yml", BASE)
    write(desk, "more.yml", MORE)
    write(desk, "compose.yaml", "services: {other: {image: 'x:1'}}\n")
    uri = desk.open("base.yml", BASE)
    assert ABSENCE in desk.rules(uri)
    env = desk.open(".env", "COMPOSE_FILE=base.yml:more.yml\n", "properties")
    assert ABSENCE not in desk.rules(uri)
    desk.session.put(env, "properties", 2, "COMPOSE_FILE=base.yml\n")
    assert ABSENCE in desk.rules(uri)


def test_a_first_file_outside_of_the_folder_is_no_project(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "base.yml"
    outside.write_text(BASE, "utf-8")
    write(desk, ".env", f"COMPOSE_FILE={outside}\n")
    write(desk, "compose.yaml", BASE)
    found = desk.rules(desk.open("compose.yaml", BASE))
    assert "privileged-container" in found
    # A run over the folder says that it cannot read the project, and no more.
    assert of_a_run(desk, "compose.yaml") == []
    assert sorted(found) == sorted(of_a_run(desk, "compose.yaml", named=True))
