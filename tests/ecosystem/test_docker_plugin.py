"""`docker tightship`, run by the real Docker command line where there is one."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tightship import __version__
from tightship.cli.docker_plugin import main

PROGRAM = Path(sys.executable).with_name("docker-tightship")
DOCKER = shutil.which("docker")
BAD = "services: {web: {image: 'nginx:1.29', privileged: true}}\n"


def test_docker_gets_a_description(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["docker-tightship", "docker-cli-plugin-metadata"])
    assert main() == 0
    given = json.loads(capsys.readouterr().out)
    assert given["SchemaVersion"] == "0.1.0"
    assert given["Version"] == __version__
    assert given["Vendor"]


def run(*words: str, folder: Path) -> tuple[int, str]:
    plugins = folder / "docker" / "cli-plugins"
    plugins.mkdir(parents=True, exist_ok=True)
    link = plugins / "docker-tightship"
    if not link.exists():
        link.symlink_to(PROGRAM)
    done = subprocess.run(
        [str(DOCKER), *words],
        cwd=folder,
        env={**os.environ, "DOCKER_CONFIG": str(plugins.parent), "HOME": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=60,
    )
    return done.returncode, done.stdout


@pytest.mark.skipif(
    DOCKER is None or not PROGRAM.exists(), reason="there is no docker, or no plugin"
)
@pytest.mark.parametrize("before", [(), ("--log-level", "error")], ids=str)
def test_docker_runs_the_commands_and_passes_on_the_exit_code(
    before: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "compose.yaml").write_text(BAD, "utf-8")
    code, text = run(*before, "tightship", "check", folder=tmp_path)
    assert code == 1
    assert "[privileged-container]" in text
    select = "--select=users"
    assert run(*before, "tightship", "check", select, folder=tmp_path)[0] == 0
    assert run(*before, "tightship", "chek", folder=tmp_path)[0] == 2


@pytest.mark.skipif(
    DOCKER is None or not PROGRAM.exists(), reason="there is no docker, or no plugin"
)
def test_docker_lists_it(tmp_path: Path) -> None:
    _, text = run("--help", folder=tmp_path)
    assert "tightship*" in text
    assert "Check the isolation of containers" in text
    code, text = run("tightship", "--version", folder=tmp_path)
    assert (code, text) == (0, f"tightship {__version__}\n")
