"""Each command prints, returns and writes the same from the wheel as from the checkout."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.cli.test_own_rules import Installed
from tests.installed.cases import ELSEWHERE, LINES, OWN_RULES, TYPED
from tests.installed.installation import CHECKOUT, Installation, add_own_rules, python_of, site_of

from tightship.annexes import COMMANDS
from tightship.cli.main import _COMMANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.installed.installation import Outcome


def each(lines: Mapping[int, tuple[str, ...]]) -> list[tuple[str, int]]:
    return [(line, code) for code, group in lines.items() for line in group]


def outcome(
    installation: Installation, line: str, project: Path, folder: Path, below: str = ""
) -> Outcome:
    """Run a command line in a copy of the project, at a path that is the same for each."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder)
    command = installation.module(*line.split())
    return installation.run(command, folder / below, TYPED.get(line, ""))


@pytest.mark.parametrize(("line", "code"), each(LINES))
def test_a_command(
    line: str, code: int, installed: Installation, project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    expected = outcome(CHECKOUT, line, project, folder)
    assert expected.code == code, expected.errors
    assert outcome(installed, line, project, folder) == expected


@pytest.mark.parametrize(("line", "code"), each(ELSEWHERE))
def test_a_command_elsewhere(
    line: str, code: int, installed: Installation, project: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "project"
    expected = outcome(CHECKOUT, line, project, folder, "other")
    assert expected.code == code, expected.errors
    assert outcome(installed, line, project, folder, "other") == expected


def test_rules_of_an_installed_package(environment: Path, project: Path, tmp_path: Path) -> None:
    shutil.copytree(environment, tmp_path / "environment", symlinks=True)
    installed = Installation(python_of(tmp_path / "environment"))
    checkout = Installed(tmp_path / "checkout")
    add_own_rules(site_of(tmp_path / "environment"))
    add_own_rules(checkout.site)
    folder = tmp_path / "project"
    for line, code in each(OWN_RULES):
        expected = outcome(Installation(checkout.python), line, project, folder)
        assert expected.code == code, expected.errors
        assert "corp/" in expected.output
        assert outcome(installed, line, project, folder) == expected


def test_each_command_is_run() -> None:
    run = {line.split()[0] for line, _ in each(LINES) if not line.endswith("--help")}
    assert run >= {*_COMMANDS, *COMMANDS}


def test_the_wheel_is_what_runs(installed: Installation, environment: Path, project: Path) -> None:
    show = "import tightship, tightship_lsp; print(tightship.__file__, tightship_lsp.__file__)"
    files = installed.run([str(installed.python), "-c", show], project).output.split()
    assert [Path(one).parents[1] for one in files] == [site_of(environment)] * 2


def test_programs_are_installed(installed: Installation, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    programs = installed.python.parent
    expected = outcome(CHECKOUT, "check compose.yaml", project, folder)
    command = [str(programs / "tightship"), "check", "compose.yaml"]
    assert installed.run(command, folder) == expected
    plugin = [str(programs / "docker-tightship"), "tightship", "check", "compose.yaml"]
    done = installed.run(plugin, folder)
    assert (done.code, done.output) == (expected.code, expected.output)
