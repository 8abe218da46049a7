"""What ``tightship diff`` says beyond services: new findings, Dockerfiles, files that move."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

APP = "FROM golang:1.25 AS build\nRUN make\nFROM alpine:3.22\nEXPOSE 80\nUSER app\n"
ALL = 'front-ends = ["docker-run"]\n'


class Repository(WorkTree):
    """A work tree with a first commit."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        super().__init__(folder)
        self._capsys = capsys

    def diff(self, *words: str, code: int = 0) -> str:
        assert main(["diff", *words]) == code
        return self._capsys.readouterr().out


@pytest.fixture
def repository(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Repository:
    made = Repository(tmp_path / "tree", capsys)
    made.write("Dockerfile", APP)
    made.write("compose.yaml", "services: {web: {image: 'x:1'}}\n")
    made.write("tightship.toml", ALL)
    made.write("run.sh", "docker run x:1\n")
    made.commit()
    made.enter(monkeypatch)
    return made


def test_a_dockerfile_that_no_service_builds_is_compared(repository: Repository) -> None:
    text = APP.replace("RUN", "RUN --security=insecure").replace("app", "root")
    repository.write("Dockerfile", text)
    shown = repository.diff("HEAD", code=1)
    assert shown.startswith(
        """\
Dockerfile
  stage `build`  Dockerfile:1
    - build step --security=insecure: none → given (not set → Dockerfile:2)
  the stage from `alpine:3.22`  Dockerfile:3
    - user: app → root (Dockerfile:5)

New findings of `check`
"""
    )
    assert "  Dockerfile:5: warning: the image runs as root [image-runs-as-root]\n" in shown
    assert shown.endswith("\n2 images worse.\n")
    repository.write("Dockerfile", APP.replace("3.22", "3.23").replace("make", "make all"))
    assert repository.diff("HEAD") == "", "what a stage starts from is no part of its name"
    repository.write("Dockerfile", APP.replace("app", "other"))
    assert "    ~ user: app → other (Dockerfile:5)\n" in repository.diff("HEAD")


def test_a_moved_dockerfile_is_compared_with_itself(repository: Repository) -> None:
    (repository.folder / "Dockerfile").rename(repository.folder / "app.Dockerfile")
    assert repository.diff("HEAD") == "", "also if Git does not know the new file"
    repository.write("app.Dockerfile", APP.replace("USER app", "USER root"))
    repository.git("add", "--all")
    assert repository.diff("HEAD", code=1).startswith("app.Dockerfile (was Dockerfile)\n")


def test_new_findings_are_in_each_format(repository: Repository) -> None:
    repository.write("run.sh", "docker run --privileged x:1\n")
    assert "run.sh:1: error: container `x` is privileged" in repository.diff("HEAD", code=1)
    found: dict[str, Any] = json.loads(repository.diff("HEAD", "--output-format=json", code=1))
    assert found["summary"]["findings"] == len(found["findings"])
    first = found["findings"][0]
    assert (first["rule"], first["severity"]) == ("privileged-container", "error")
    assert (first["file"], first["line"], first["fails"]) == ("run.sh", 1, True)
    comment = repository.diff("HEAD", "--output-format=markdown", code=1)
    assert "\n## Tightship: no change of isolation, " in comment
    assert "\n- `run.sh:1` error: container `x` is privileged" in comment


@pytest.mark.parametrize(
    ("fail_on", "code"),
    [("worse", 1), ("any", 1), ("never", 0), ("error", 0), ("warning", 1), ("info", 1)],
)
def test_new_findings_fail_from_a_severity_on(
    fail_on: str, code: int, repository: Repository
) -> None:
    repository.write("Dockerfile", APP.replace("USER app", "USER root"))
    repository.diff("HEAD", f"--fail-on={fail_on}", code=code)


def test_a_part_that_a_check_can_no_longer_read_counts(repository: Repository) -> None:
    repository.write("Dockerfile", "FROM alpine\0\n")
    text = repository.diff("HEAD", code=2)
    assert "  Dockerfile:1 was not checked after the change: " in text
    repository.commit()
    repository.write("Dockerfile", "FROM alpine\0\n# more\n")
    assert repository.diff("HEAD") == "", "it could not be checked before either"


def test_a_file_that_others_name_by_its_former_name_is_gone(repository: Repository) -> None:
    repository.write("part.yaml", "services: {web: {network_mode: host, volumes: ['/:/h']}}\n")
    side = "services: {b: {image: 'x:1', extends: {file: part.yaml, service: web}}}\n"
    repository.write("other.yaml", side)
    repository.commit()
    repository.git("mv", "part.yaml", "renamed.yaml")
    text = repository.diff("HEAD", code=2)
    assert "`part.yaml` does not exist" in text
    assert "renamed.yaml" not in text
    assert "worse" not in text
    repository.write("renamed.yaml", "services: {web: {network_mode: host, privileged: true}}\n")
    assert "renamed.yaml" in repository.diff("HEAD", code=2), "what else changes is told"


def test_a_comment_with_new_findings_is_short(repository: Repository) -> None:
    many = "".join(f"  s{n}: {{image: 'x{n}:1'}}\n" for n in range(40))
    repository.write("compose.yaml", f"services:\n{many}")
    repository.commit()
    worse = re.sub(r"1'}", "1', pid: host, ports: ['80'], ipc: host, uts: host}", many)
    repository.write("compose.yaml", f"services:\n{worse}")
    repository.write("tightship.toml", f"{ALL}exclude = ['Dockerfile']\n")
    comment = repository.diff("HEAD", "--output-format=markdown", code=1)
    text = re.sub(r"```mermaid.*?```", "", comment, flags=re.DOTALL)
    text = re.sub(r"(?s)<details><summary>(.*?)</summary>.*</details>", r"\1", text)
    lines = text.replace("|---|---|---|\n", "").replace("<br>", "\n").splitlines()
    assert len([line for line in lines if line and not line.startswith("<!--")]) <= 20


@pytest.mark.parametrize(
    ("name", "text", "place"),
    [
        ("start.sh", "docker run x:2\n", "start.sh:1 was not checked after the change: it starts"),
        (
            "Makefile",
            "up:\n\tdocker compose -f made.txt up\n",
            "Makefile:2 was not checked after the change: Makefile",
        ),
        ("Justfile", "up:\n    docker run x:2\n", "no front end reads it"),
    ],
)
def test_what_a_change_starts_and_nobody_reads_is_said(
    repository: Repository, name: str, text: str, place: str
) -> None:
    repository.write("tightship.toml", "")
    repository.commit()
    repository.write(name, text)
    assert main(["check", "--changed-since", "HEAD"]) == 2
    repository.diff("HEAD", code=2)
    repository.commit()
    assert place in repository.diff("HEAD~1", "HEAD", code=2)


def test_a_script_that_starts_nothing_changes_nothing(repository: Repository) -> None:
    repository.write("tightship.toml", "")
    repository.commit()
    repository.write("start.sh", "docker ps\n")
    repository.write("Makefile", "up:\n\tdocker compose -f stack.yaml up\n")
    assert main(["check", "--changed-since", "HEAD"]) == 0
    repository.diff("HEAD", code=0)
