"""A search that finds no Compose file or Dockerfile names the files that start containers."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "start.sh": "docker run -d nginx:1.29\n",
    "README.md": "```sh\ndocker run --rm nginx:1.29\n```\n",
    "notes.sh": "echo no container\n",
    "web.container": "[Container]\nImage=nginx:1.29\n",
    ".github/workflows/ci.yml": "jobs: {a: {container: node:22, steps: [{run: make}]}}\n",
    ".github/workflows/docs.yml": "jobs: {a: {steps: [{run: docker ps}]}}\n",
}
NOTHING = "tightship: no Compose file or Dockerfile found below .\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def skipped(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    main(["check", "--show-files", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)["skipped"]
    return {one["path"]: one["message"] for one in found if one["reason"] == "not-asked-for"}


@pytest.mark.usefixtures("tree")
def test_each_file_is_listed_with_its_front_end(capsys: pytest.CaptureFixture[str]) -> None:
    expected = {".github/workflows/ci.yml": "actions", "start.sh": "docker-run"}
    expected["web.container"] = "quadlet"
    assert skipped(capsys) == {
        name: f'it may start containers or build images: `front-ends = ["{one}"]` asks for it'
        for name, one in expected.items()
    }


@pytest.mark.usefixtures("tree")
def test_the_message_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 2
    assert capsys.readouterr().err == (
        f"{NOTHING}tightship: .github/workflows/ci.yml and 2 other files may start containers or"
        " build images: name a file to check it, or ask for all of them with `front-ends` in"
        " tightship.toml\n"
        "tightship: 3 files not checked; `-v` lists them.\n"
    )
    assert main(["check", "start.sh"]) == 1


def test_nothing_is_said_where_something_is_found_or_asked_for(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "tightship.toml").write_text('front-ends = ["quadlet"]\n')
    assert skipped(capsys) == {}
    (tree / "tightship.toml").unlink()
    (tree / "Dockerfile").write_text("FROM nginx:1.29\n")
    assert skipped(capsys) == {}


def test_what_a_search_leaves_out_is_not_listed(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / ".gitignore").write_text("start.sh\n")
    (tree / "tightship.toml").write_text('exclude = ["*.container"]\n')
    assert set(skipped(capsys)) == {".github/workflows/ci.yml"}
