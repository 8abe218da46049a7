"""A folder and a link that somebody exchanges in a loop while Tightship runs."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "d"
    folder.mkdir()
    (folder / "compose.yaml").write_text("services: {a: {image: a:1}}\n")
    (folder / "tightship.toml").write_text('select = ["default"]\n')
    monkeypatch.chdir(tmp_path)
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ["check"],
        ["check", "d/compose.yaml"],
        ["check", "--write-baseline", "b.json"],
        ["config", "d"],
        ["explain", "-f", "d/compose.yaml"],
        ["map", "-f", "d/compose.yaml"],
        ["harden", "-f", "d/compose.yaml", "--to", "new.yaml"],
        ["init"],
    ],
)
@pytest.mark.usefixtures("project")
def test_a_link_replaced_by_a_folder_during_a_run_ends_no_run(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """``os.path.realpath`` looks at each part, and then asks where the link leads."""
    really, calls = os.path.realpath, [0]

    def real(path: str, **options: Any) -> str:
        calls[0] += 1
        if calls[0] % 2:
            raise OSError(errno.EINVAL, "Invalid argument", path)
        return really(path, **options)

    monkeypatch.setattr(os.path, "realpath", real)
    assert main(words) in (0, 1)
    assert calls[0] > 1


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights there")
def test_no_run_fails_while_a_folder_and_a_link_are_exchanged(
    project: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(project, outside)
    kept, ended = tmp_path / "kept", threading.Event()

    def exchange() -> None:
        while not ended.is_set():
            project.rename(kept)
            project.symlink_to(outside)
            project.unlink()
            kept.rename(project)

    thread = threading.Thread(target=exchange)
    thread.start()
    try:
        codes = {main(["check", "d/compose.yaml"]) for _ in range(60)}
    finally:
        ended.set()
        thread.join()
    assert codes <= {0, 1, 2}
