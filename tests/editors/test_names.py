"""Names in editors that run in a terminal: what a user types, and sees.

In each of them: an inlay hint, a definition in another file, the completion of a service's name,
and a rename in two files.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.editors.conftest import renamed
from tests.editors.terminal import Terminal
from tests.editors.test_neovim import NEWER
from tests.editors.waiting import wait_for, wait_for_text

if TYPE_CHECKING:
    from tests.editors.conftest import Documented, Program, Watched

HINT = "→ postgres:18 in compose.override.yaml"
STAGE = "FROM python:3.13-slim AS app"
EMACS = """\
(define-derived-mode dockerfile-mode prog-mode "Dockerfile")
(define-derived-mode yaml-mode text-mode "YAML")
(add-to-list 'auto-mode-alist '("\\\\.yaml\\\\'" . yaml-mode))
(add-to-list 'auto-mode-alist '("Dockerfile" . dockerfile-mode))
(setq make-backup-files nil)
(add-hook 'yaml-mode-hook 'eglot-ensure)
"""
HELIX = """\
[editor.lsp]
display-inlay-hints = true
"""


class Desk:
    """Starts editors in the folder of a project."""

    def __init__(self, folder: Path, tmux: str, watched: Watched) -> None:
        self.folder = folder
        self.watched = watched
        self.home = folder.parent / "home"
        self.home.mkdir()
        self._tmux = tmux

    def start(self, *command: str) -> Terminal:
        return Terminal(
            [*command, "compose.yaml"],
            tmux=self._tmux,
            socket=self.home.parent / "tmux",
            folder=self.folder,
            environment=self.watched.environment(self.home),
        )

    def wait_until_renamed(self) -> None:
        """Wait until both files are saved, with a service completed and one renamed."""
        for name in ("compose.yaml", "compose.override.yaml"):
            wait_for_text(self.folder / name, renamed(name))

    def wait_for_the_server_to_end(self) -> None:
        assert self.watched.started() == 1
        wait_for("the server to end", self.watched.ended)


@pytest.fixture
def desk(names: Path, program: Program, watched: Watched) -> Desk:
    return Desk(names, program("tmux"), watched)


@pytest.mark.parametrize("version", ["neovim", "neovim-0.11"])
def test_neovim(version: str, desk: Desk, documented: Documented, program: Program) -> None:
    nvim = program("nvim") if version == "neovim" else str(NEWER / "nvim")
    if not Path(nvim).exists():
        pytest.skip("Neovim 0.11 is not installed")
    configuration = documented(version).rename(desk.home / "init.lua")
    with desk.start(nvim, "--clean", "-u", str(configuration)) as neovim:
        neovim.type(":lua vim.lsp.inlay_hint.enable(true)")
        neovim.see(HINT)
        neovim.type(":call cursor(5, 16) | lua vim.lsp.buf.definition()")
        neovim.see(STAGE)
        neovim.type(":buffer compose.yaml")
        neovim.see("image: redis:8")
        neovim.type(":call append(7, '      - ') | call cursor(8, 8)")
        press(neovim, "A", "C-x", "C-o")
        neovim.see("- cache")
        neovim.press("Escape")
        neovim.type(":call cursor(9, 3) | lua vim.lsp.buf.rename('store')")
        neovim.see("  store:")
        neovim.type(":wall")
        desk.wait_until_renamed()
        neovim.type(":quitall")
        assert neovim.ended() == 0
    desk.wait_for_the_server_to_end()


def test_emacs(desk: Desk, documented: Documented, program: Program) -> None:
    configuration = desk.home / "init.el"
    text = documented("emacs").read_text(encoding="utf-8")
    configuration.write_text(EMACS + text, encoding="utf-8")
    with desk.start(program("emacs"), "-nw", "-Q", "-l", str(configuration)) as emacs:
        emacs.see(HINT)
        press(emacs, "M-g", "g")
        emacs.type("5")
        press(emacs, "C-e", "M-.")
        emacs.see(STAGE)
        press(emacs, "M-,", "M-g", "g")
        emacs.type("7")
        press(emacs, "C-e", "Enter")
        press(emacs, "M-\\", *["Space"] * 6, "-", "Space", "C-M-i")
        emacs.see("- cache")
        press(emacs, "M-g", "g")
        emacs.type("9")
        press(emacs, "M-m", "M-x")
        emacs.type("eglot-rename")
        emacs.see("Rename `db' to")
        emacs.type("store")
        emacs.see("  store:")
        press(emacs, "C-x", "s", "!")
        desk.wait_until_renamed()
        press(emacs, "C-x", "C-c")
        assert emacs.ended() == 0
    desk.wait_for_the_server_to_end()


def test_helix(desk: Desk, documented: Documented, program: Program) -> None:
    settings = desk.home / ".config" / "helix"
    settings.mkdir(parents=True)
    documented("helix").rename(settings / "languages.toml")
    (settings / "config.toml").write_text(HELIX, encoding="utf-8")
    with desk.start(program("hx")) as helix:
        helix.see("●  10")
        helix.press("j")  # it asks for hints when the user pauses
        helix.see(HINT)
        helix.type(":goto 5")
        press(helix, "g", "l", "g", "d")
        helix.see(STAGE)
        helix.type(":open compose.yaml")
        helix.see("image: redis:8")
        helix.type(":goto 7")
        press(helix, "A", "Enter", "C-u")
        press(helix, *["Space"] * 6, "-", "Space", "C-x")
        helix.see("cache module")
        press(helix, "Tab", "Escape")
        helix.see("- cache")
        helix.type(":goto 9")
        press(helix, "g", "s", "Space", "r")
        helix.see("rename-to:")
        helix.press("C-u")
        helix.type("store")
        helix.see("  store:")
        helix.type(":write-all")
        desk.wait_until_renamed()
        helix.type(":quit-all")
        assert helix.ended() == 0
    desk.wait_for_the_server_to_end()


def press(terminal: Terminal, *keys: str) -> None:
    """Press keys one after the other, as a user does."""
    for key in keys:
        terminal.press(key)
