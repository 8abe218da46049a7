"""The real pre-commit runs the hooks with the program of the wheel."""

from __future__ import annotations

import re
import shutil
import sys
from typing import TYPE_CHECKING

import yaml
from tests.installed.installation import CHECKOUT, ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.installed.installation import Installation, Outcome

HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))


def committed(installation: Installation, project: Path, folder: Path) -> Outcome:
    """Run the hooks on all files of a project, with the program of an installation."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(project, folder)
    shutil.rmtree(folder / "broken")
    hooks = [hook | {"language": "system"} for hook in HOOKS]
    configuration = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(configuration), "utf-8")
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose"]
    installation.run(["git", "rm", "--quiet", "-r", "--cached", "broken"], folder)
    done = installation.run(command, folder)
    return done._replace(output=re.sub(r"(?m)^- duration: .*\n", "", done.output))


def test_hooks_do_the_same(installed: Installation, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    expected = committed(CHECKOUT, project, folder)
    assert expected.code == 1
    assert "privileged-container" in expected.output
    assert committed(installed, project, folder) == expected
