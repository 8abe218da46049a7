"""Each command prints, returns and writes the same from the wheel as from the checkout."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.installed.cases import CHECKS, ELSEWHERE, OTHERS, TYPED
from tests.installed.installation import CHECKOUT

from tightship.cli.main import _COMMANDS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.installed.installation import Installation, Outcome

HELPED = [f"{name} --help" for name in _COMMANDS]


def outcome(
    installation: Installation, line: str, project: Path, folder: Path, below: str = ""
) -> Outcome:
    """Run a command line in a copy of the project, at a path that is the same for each."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder)
    command = installation.module(*line.split())
    return installation.run(command, folder / below, TYPED.get(line, ""))


@pytest.mark.parametrize("line", [*CHECKS, *OTHERS, *HELPED])
def test_a_command(line: str, installed: Installation, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    expected = outcome(CHECKOUT, line, project, folder)
    assert outcome(installed, line, project, folder) == expected
    # Neither has failed, or every wheel is as good as the checkout.
    assert expected.code != 3
    assert "Traceback" not in expected.errors


@pytest.mark.parametrize("line", ELSEWHERE)
def test_a_command_elsewhere(
    line: str, installed: Installation, project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    expected = outcome(CHECKOUT, line, project, folder, "other")
    assert outcome(installed, line, project, folder, "other") == expected
    assert expected.code in {0, 2}


def test_each_command_is_run() -> None:
    lines = [*CHECKS, *OTHERS, *ELSEWHERE]
    assert {line.split()[0] for line in lines} >= set(_COMMANDS)


def test_programs_are_installed(installed: Installation, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    programs = installed.python.parent
    expected = outcome(CHECKOUT, "check compose.yaml", project, folder)
    command = [str(programs / "tightship"), "check", "compose.yaml"]
    assert installed.run(command, folder) == expected
    plugin = [str(programs / "docker-tightship"), "tightship", "check", "compose.yaml"]
    done = installed.run(plugin, folder)
    assert (done.code, done.output) == (expected.code, expected.output)
