"""A mounted folder that becomes a link out of the repository, in the commands for changes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.ecosystem.work_tree import WorkTree

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

if shutil.which("git") is None:
    pytest.skip("there is no git", allow_module_level=True)

MOUNTED = "services:\n  web:\n    image: nginx:1.29\n    volumes: ['./{}:/x']\n"


@pytest.mark.parametrize(
    ("mounted", "link", "target"),
    [("data", "data", "/"), ("data/etc", "data", "/"), ("near", "far", "/var/run")],
)
@pytest.mark.parametrize(
    "command",
    [["check", "--changed-since", "HEAD"], ["diff", "HEAD"], ["diff", "HEAD~1", "HEAD~0"]],
)
def test_a_folder_that_becomes_a_link_is_a_change(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    command: list[str],
    mounted: str,
    link: str,
    target: str,
) -> None:
    tree = WorkTree(tmp_path / "repo")
    tree.write("compose.yaml", MOUNTED.format(mounted))
    tree.write("data/sub/file", "")
    tree.write("far/file", "")
    tree.write("data/etc/file", "")
    (tree.folder / "near").symlink_to("far")
    tree.commit()
    monkeypatch.chdir(tree.folder)
    assert main(["diff", "HEAD"]) == 0
    shutil.rmtree(tree.folder / link)
    (tree.folder / link).symlink_to(target)
    if command[-1] == "HEAD~0":
        tree.commit()
    assert main(command) == 1
    assert target.replace("/var/run", "/run") in capsys.readouterr().out.replace("/var/run", "/run")
