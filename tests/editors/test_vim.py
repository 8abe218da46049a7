"""Vim with ALE, in a terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.editors.terminal import Terminal
from tests.editors.waiting import wait_for, wait_for_text

if TYPE_CHECKING:
    from tests.editors.conftest import Documented, Expected, Program, Watched

# Where Debian lays it, so that Vim finds it by itself.
ALE = Path("/usr/share/vim/vimfiles/pack/dist-bundle/start/ale")


def test_vim_with_ale_shows_findings_fixes_them_and_exits_cleanly(
    project: Path,
    documented: Documented,
    program: Program,
    watched: Watched,
    expected: Expected,
    tmp_path: Path,
) -> None:
    if not ALE.exists():
        pytest.skip("ALE is not installed")
    compose, dockerfile = project / "compose.yaml", project / "Dockerfile"
    # A user's own vimrc turns file types on; one that is named by `-u` has to.
    vimrc = tmp_path / "vimrc"
    vimrc.write_text(
        "filetype plugin on\n" + documented("vim-ale").read_text(encoding="utf-8"), encoding="utf-8"
    )

    with Terminal(
        [program("vim"), "-N", "-u", str(vimrc), compose.name],
        tmux=program("tmux"),
        socket=tmp_path / "tmux",
        folder=project,
        environment=watched.environment(tmp_path / "home"),
    ) as vim:
        vim.see("E: service `db` can command the Docker daemon")
        vim.type(":call cursor(11, 12) | ALEHover")
        vim.see("Anyone who can connect to the Docker socket")
        vim.type(":pclose | call cursor(12, 12) | ALECodeAction")
        vim.see("1) Mount it read-only", "Type number and <Enter>")
        vim.type("1")
        vim.see("/etc/localtime:/etc/localtime:ro")
        vim.type(":write")
        wait_for_text(compose, expected.fixed("compose.yaml"))

        vim.type(":edit Dockerfile")
        vim.see("W: `COPY` does the same as this `ADD`")
        vim.type(":ALECodeAction")
        vim.see("1) Apply all fixes that keep behaviour", "<Enter>")
        vim.type("1")
        vim.see("COPY main.py")
        vim.type(":wqall")
        assert vim.ended() == 0
    assert dockerfile.read_text() == expected.fixed("Dockerfile")
    assert watched.started() == 1
    wait_for("the server to end", watched.ended)
