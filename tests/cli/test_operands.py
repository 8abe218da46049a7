"""Paths and services as operands of commands about projects, in any order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

NGINX = "services:\n  {}:\n    image: nginx:1.29-alpine\n"
TWO = "services:\n  web:\n    image: nginx:1.29-alpine\n  odd:\n    image: example/odd:1\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with a project, two below it, and a folder without one."""
    for name, text in {
        "compose.yaml": TWO,
        "shop/compose.yaml": NGINX.format("shop-web"),
        "shop/compose.override.yaml": "services:\n  shop-web: {user: '101'}\n",
        "blog/stack/docker-compose.yml": NGINX.format("blog"),
        "blog/Dockerfile": "FROM alpine:3.22\n",
        "empty/readme.txt": "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*words: str) -> tuple[int, str, str]:
        code = main([*words])
        out, error = capsys.readouterr()
        return code, out, error

    return run


def data(run: Run, *words: str) -> dict[str, list[dict[str, object]]]:
    code, out, error = run(*words, "--output-format", "json")
    assert (code, error) == (0, "")
    found: dict[str, list[dict[str, object]]] = json.loads(out)
    return found


def services(run: Run, *words: str) -> set[object]:
    return {one["name"] for one in data(run, "harden", *words)["services"]}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), {"web", "odd"}),
        (("web",), {"web"}),
        (("compose.yaml",), {"web", "odd"}),
        (("odd", "compose.yaml"), {"odd"}),
        (("shop/compose.yaml",), {"shop-web"}),
        (("./shop/compose.override.yaml",), {"shop-web"}),
        (("shop/compose.yaml", "shop-web"), {"shop-web"}),
        (("-f", "shop/compose.yaml", "shop-web"), {"shop-web"}),
        (("blog/stack/docker-compose.yml",), {"blog"}),
    ],
)
def test_words_are_paths_or_services(
    words: tuple[str, ...], expected: set[str], tree: Path, run: Run
) -> None:
    assert services(run, *words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((".",), ["compose.yaml", "blog/stack/docker-compose.yml", "shop/compose.yaml"]),
        (("shop", "blog"), ["shop/compose.yaml", "blog/stack/docker-compose.yml"]),
        (("shop", "compose.yaml"), ["shop/compose.yaml", "compose.yaml"]),
        (("shop", "shop/compose.yaml"), ["shop/compose.yaml"]),
        ((".", "web"), ["compose.yaml"]),
    ],
)
@pytest.mark.parametrize(
    "command", [("harden",), ("map",), ("explain", "--isolation")], ids=" ".join
)
def test_folders_mean_all_projects_below_them(
    command: tuple[str, ...], words: tuple[str, ...], expected: list[str], tree: Path, run: Run
) -> None:
    found = data(run, *command, *words)["projects"]
    assert [one["project"] for one in found] == expected


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("nosuch/compose.yaml", "`nosuch/compose.yaml` does not exist"),
        ("missing.yaml", "`missing.yaml` does not exist"),
        ("wbe", "unknown service `wbe`; did you mean `web`?"),
        ("empty", "no Compose project below empty"),
        ("blog/Dockerfile", "no service builds `blog/Dockerfile`: name a Compose file or a folder"),
        (
            "-f compose.yaml shop/compose.yaml",
            "-f does not work together with a PATH: leave one out",
        ),
        ("shop web", "unknown service `web`; choose from shop-web"),
    ],
)
@pytest.mark.parametrize("command", ["harden", "map", "explain --isolation"])
def test_errors_say_what_to_do(
    command: str, words: str, message: str, tree: Path, run: Run
) -> None:
    assert run(*command.split(), *words.split()) == (2, "", f"tightship: {message}\n")


@pytest.mark.parametrize("command", ["harden", "map", "explain", "explain --isolation"])
def test_a_word_that_is_a_folder_and_a_service_is_an_error(
    command: str, tree: Path, run: Run
) -> None:
    (tree / "web").mkdir()
    (tree / "web/compose.yaml").write_text(NGINX.format("inner"))
    (tree / "compose.override.yaml").write_text("services: {web: {init: true}}\n")
    words = command.split()
    assert run(*words, "web") == (
        2,
        "",
        "tightship: `web` is a folder and a service: `./web` means the folder, and"
        " `-f compose.yaml -f compose.override.yaml web` the service\n",
    )
    code, folder, _ = run(*words, "./web")
    assert code == 0
    code, service, _ = run(*words, "-f", "compose.yaml", "web")
    assert (code, service == folder) == (0, False)
    # Among the projects of other paths, it is no service.
    assert run(*words, "web", "./empty") == (0, folder, "")


def test_a_file_without_ending_is_named_with_a_separator(tree: Path, run: Run) -> None:
    (tree / "stack").write_text(NGINX.format("inner"))
    assert (
        run("map", "stack")[2] == "tightship: unknown service `stack`; `./stack` means the file\n"
    )
    assert services(run, "./stack") == {"inner"}


def test_a_dockerfile_means_the_projects_that_build_it(tree: Path, run: Run) -> None:
    (tree / "blog/compose.yaml").write_text("services: {own: {build: .}}\n")
    assert services(run, "blog/Dockerfile") == {"own"}


def test_sets_of_files_of_the_configuration_are_projects(tree: Path, run: Run) -> None:
    text = '[[project]]\nfiles = ["shop/compose.yaml", "extra.yaml"]\n'
    (tree / "tightship.toml").write_text(text)
    (tree / "extra.yaml").write_text(NGINX.format("extra"))
    assert services(run, "extra.yaml") == {"shop-web", "extra"}


def test_explain_takes_a_path_a_service_and_a_key(tree: Path, run: Run) -> None:
    assert run("explain", "shop", "shop-web", "image")[1].startswith("nginx:1.29-alpine")
    assert run("explain", "shop/compose.yaml", "shop-web", "user")[1].startswith('"101"')
    assert run("explain", ".", "web", "image")[1].startswith("nginx:1.29-alpine")
    (tree / "image").mkdir()
    assert run("explain", "web", "image")[1].startswith("nginx:1.29-alpine")
    assert run("explain", "shop", "blog")[2] == (
        "tightship: explain prints one project: name one of shop/compose.yaml,"
        " blog/stack/docker-compose.yml\n"
    )


def test_a_project_of_a_command_is_named_by_its_files(tree: Path, run: Run) -> None:
    (tree / "prod.yaml").write_text("services: {web: {read_only: true}}\n")
    script = "docker compose -f compose.yaml -f prod.yaml up -d\n"
    (tree / "up.sh").write_text(script)
    found = data(run, "map", ".")["projects"]
    files = [one["files"] for one in found if one["project"] == "compose.yaml"]
    assert files == [["compose.yaml"], ["compose.yaml", "prod.yaml"]]
    assert "\ncompose.yaml + prod.yaml\n" in run("map", ".")[1]
    assert run("explain", "prod.yaml")[1].startswith(
        "# prod.yaml: an overlay of compose.yaml\n"
        "#   up.sh:1 runs `docker compose -f compose.yaml -f prod.yaml up -d`\nservices:\n"
    )
    assert run("explain", "prod.yaml", "web", "read_only")[1].startswith("true")
    assert run("map", ".", "--output-format", "mermaid")[2].endswith(
        "compose.yaml + prod.yaml; `-f` takes several files\n"
    )


def test_map_of_several_projects_has_headings_and_one_end(tree: Path, run: Run) -> None:
    code, out, _ = run("map", ".")
    assert code == 0
    assert out.startswith("compose.yaml\n\n2 services")
    assert "\nshop/compose.yaml\n\n1 service" in out
    assert out.count("A reachable service is not an exploitable one.") == 1
    code, _, error = run("map", ".", "--output-format", "mermaid")
    assert code == 2
    assert "a diagram shows one project: name one of compose.yaml" in error


def test_harden_of_a_folder_ends_with_a_table(tree: Path, run: Run) -> None:
    (tree / "bad").mkdir()
    (tree / "bad/compose.yaml").write_text("services: [\n")
    code, out, error = run("harden", ".")
    assert code == 2
    assert error.startswith("tightship: bad/compose.yaml:")
    assert " was not checked: " in error
    rows = [line.split(maxsplit=4) for line in out.splitlines()]
    table = {row[0]: row[1:] for row in rows if len(row) > 3}
    assert table["compose.yaml"] == ["2", "1", "1"]
    assert table["shop/compose.yaml"][:3] == ["1", "1", "0"]
    assert table["bad/compose.yaml"][:3] == ["-", "-", "-"]
    assert table["bad/compose.yaml"][3].startswith("not checked: ")
    assert "Would harden 3 of 4 services.\n" in out


def test_harden_writes_all_projects_below_a_folder(tree: Path, run: Run) -> None:
    before = run("harden", ".", "--diff")[1]
    assert before.count("\n+++ ") == 3
    code, out, _ = run("harden", ".", "--write")
    assert code == 0
    assert "Hardened 3 of 4 services in " in out
    assert run("harden", ".", "--diff") == (0, "", "")
    assert "read_only: true" in (tree / "blog/stack/docker-compose.yml").read_text()


def test_projects_that_share_a_file_change_it_once(tree: Path, run: Run) -> None:
    for name in ("a", "b"):
        (tree / name).mkdir()
        text = "services: {web: {extends: {file: ../common.yml, service: base}}}\n"
        (tree / name / "compose.yaml").write_text(text)
    (tree / "common.yml").write_text(NGINX.format("base"))
    code, diff, _ = run("harden", "a", "b", "--diff")
    assert code == 1
    assert len({line for line in diff.splitlines() if line.startswith("+++ ")}) == diff.count(
        "\n+++ "
    )
    assert run("harden", "a", "b", "--write")[0] == 0
    assert run("harden", "a", "b", "--diff") == (0, "", "")


def test_nothing_is_written_if_one_file_cannot_be(tree: Path, run: Run) -> None:
    before = (tree / "compose.yaml").read_text()
    (tree / "hard-link").hardlink_to(tree / "shop/compose.yaml")
    code, _, error = run("harden", ".", "--write")
    assert code == 2
    assert "not written: `shop/compose.yaml`" in error
    assert (tree / "compose.yaml").read_text() == before


def test_an_override_file_is_for_one_project(tree: Path, run: Run) -> None:
    code, _, error = run("harden", ".", "--to", "over.yaml")
    assert code == 2
    assert error.startswith(
        "tightship: --to writes the override file of one project, and here are 3"
    )
    code, out, _ = run("harden", "shop", "--to", "shop/hard.yaml")
    assert code == 0
    assert out.endswith(
        "Start it with: docker compose -f shop/compose.yaml -f shop/compose.override.yaml"
        " -f shop/hard.yaml up -d\n"
    )
    assert (tree / "shop/hard.yaml").read_text().splitlines()[1] == (
        "#   docker compose -f compose.yaml -f compose.override.yaml -f hard.yaml up -d"
    )


@pytest.mark.parametrize("name", ["start.sh", "start.bats", "shop.service", "README.md", "x.mk"])
def test_a_file_with_commands_is_a_path(name: str, tree: Path, run: Run) -> None:
    command = "docker run -d --name found nginx:1.29-alpine\n"
    before = {"shop.service": "ExecStart=", "README.md": "```sh\n", "x.mk": "a:\n\t"}.get(name, "")
    (tree / name).write_text(before + command + "```\n" * (name == "README.md"))
    assert services(run, name) == {"found"}


@pytest.mark.parametrize("folder", [".", "empty"])
def test_a_file_without_such_a_name_is_asked_for_as_a_path(
    folder: str, tree: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree / folder)
    (tree / folder / "start").write_text("#!/bin/sh\ndocker run -d --name found nginx:1.29\n")
    code, _, error = run("harden", "start")
    assert code == 2
    assert error == "tightship: unknown service `start`; `./start` means the file\n"
    assert services(run, "./start") == {"found"}


def test_a_file_that_leaves_its_containers_to_compose_names_the_files(tree: Path, run: Run) -> None:
    (tree / ".git").mkdir()
    name = ".devcontainer/devcontainer.json"
    (tree / ".devcontainer").mkdir()
    (tree / name).write_text('{"dockerComposeFile": ["../compose.yaml", "dev.yaml"]} // x\n')
    message = (
        f"{name} was not checked: Compose starts its container: check compose.yaml and"
        " .devcontainer/dev.yaml\n"
    )
    for words in (("check", name), ("map", name), ("harden", name)):
        code, out, error = run(*words)
        assert (code, out, error) == (2, "", f"tightship: {message}")
