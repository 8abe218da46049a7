"""Comments that accept findings in files without Compose: they hold, and change nothing else."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.frontends.docker_run.test_check import put

from tightship.cli.main import main
from tightship.engine.accept.suppress import suppress
from tightship.text import apply_edits

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOW = ".github/workflows/ci.yml"
FOLDED = """\
jobs:
  a:
    container:
      image: node:22
      options: >-
        --privileged
        --init
"""
FILES = {
    "start.sh": (
        "#!/bin/sh\nset -e\nrun() {\n\tdocker run --privileged \"$@\"\n}\nrun a:1\n"
        "docker run -d \\\n  --pid host \\\n  b:1\n"
    ),
    "Makefile": "run: build\n\tdocker run --privileged a:1\n\t@echo done\nbuild:\n\ttrue\n",
    WORKFLOW: """\
jobs:
  a:
    container:
      image: node:22
      options: --privileged
    services:
      b: {image: "postgres:17", env: {POSTGRES_PASSWORD: "9f86d081884c7d65"}}
    steps:
      - uses: docker/build-push-action@v6
        with:
          network: host
      - run: docker run --privileged a:1
      - run: |
          true
          docker run -d --pid host \\
            b:1
""",
    ".gitlab-ci.yml": "a:\n  script:\n    - docker run --privileged a:1\n",
    ".devcontainer/devcontainer.json": '{\n  "image": "a:1",\n\n  "privileged": true\n}\n',
    "docker-bake.hcl": 'target "a" {\n  network = "host"\n  entitlements = [\n    "security.insecure",\n  ]\n}\n',
    "web.container": "[Container]\nImage=a:1\nNetwork=host\nPodmanArgs=--privileged\n",
    "web.service": "[Service]\nExecStart=/usr/bin/docker run --privileged a:1\n",
}  # fmt: skip
HELD = {
    "start.sh": "#!/bin/sh\ntrue && \\\n  docker run -d --pid host a:1\n",
    WORKFLOW: FOLDED,
    ".gitlab-ci.yml": "a:\n  script:\n    - >\n      docker run\n      --privileged a:1\n",
    "package.json": '{"scripts": {"a": "docker run --privileged a:1"}}\n',
    "README.md": "```sh\ndocker run --privileged a:1\n```\n",
}


def written(root: Path, name: str, text: str) -> str:
    """Return a file in which comments accept all findings that they can."""
    (root / ".git").mkdir()
    put(root, {name: text, "Dockerfile": "FROM alpine:3.22\nUSER 1000\n"})
    main(["check", str(root / name), "--add-ignores", "--reason", "for now"])
    return (root / name).read_bytes().decode()


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("name", FILES)
def test_comments_accept_all_findings(name: str, newline: str, tmp_path: Path) -> None:
    text = FILES[name].replace("\n", newline)
    made = written(tmp_path, name, text)
    lines = [one for one in made.split(newline) if "tightship: ignore" not in one]
    assert newline.join(lines) == text
    assert len(lines) < made.count(newline) + 1
    verdicts = [*check([str(tmp_path / name)], ("default",))]
    assert [one.rule.name for verdict in verdicts for one in verdict.findings] == []


@pytest.mark.parametrize("name", HELD)
def test_nothing_is_written_where_a_comment_would_be_text(name: str, tmp_path: Path) -> None:
    made = written(tmp_path, name, HELD[name])
    lines = [one for one in made.split("\n") if "tightship: ignore" not in one]
    assert "\n".join(lines) == HELD[name]
    assert "privileged-container" not in made
    assert "host-pid-namespace" not in made


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_make_does_not_print_a_comment(tmp_path: Path) -> None:
    def printed() -> str:
        command = ["make", "-n", "-C", str(tmp_path), "run"]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    put(tmp_path, {"Makefile": FILES["Makefile"]})
    before = printed()
    made = written(tmp_path, "Makefile", FILES["Makefile"])
    assert "# tightship: ignore[" in made
    assert printed() == before


def test_an_editor_gets_the_same_comment(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    name = ".devcontainer/devcontainer.json"
    put(tmp_path, {name: FILES[name]})
    [verdict] = check([str(tmp_path / name)], ("privileged-container",))
    [one] = verdict.findings
    made = apply_edits(one.span.source, suppress([one], "because", kind="declared"))
    comment = "  // tightship: ignore[privileged-container] because\n"
    assert made == FILES[name].replace('  "privileged"', f'{comment}  "privileged"')
