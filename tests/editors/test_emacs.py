"""Emacs with eglot and flymake, as they come with it, and with lsp-mode."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.editors.conftest import Documented, Expected, Program, SeenBy, Untouched

SCRIPT = Path(__file__).with_name("emacs.el")
LSP_MODE = Path(__file__).with_name("lsp-mode.el")


def test_emacs_shows_findings_fixes_them_and_exits_cleanly(
    project: Path,
    documented: Documented,
    program: Program,
    seen_by: SeenBy,
    expected: Expected,
    untouched: Untouched,
) -> None:
    emacs: list[str | Path] = [program("emacs"), "--batch", "-Q", "-l", SCRIPT]
    seen = seen_by([*emacs, project, documented("emacs")])

    assert seen["one-server"] is True
    assert found(seen["compose"]) == expected.compose
    assert found(seen["dockerfile"]) == expected.dockerfile
    assert seen["compose-fixed"] == expected.fixed("compose.yaml")
    assert seen["dockerfile-fixed"] == expected.fixed("Dockerfile")
    assert seen["exit"] == 0
    assert untouched()


def test_lsp_mode_shows_findings_and_fixes_them(
    project: Path, documented: Documented, program: Program, seen_by: SeenBy, expected: Expected
) -> None:
    emacs: list[str | Path] = [program("emacs"), "--batch", "-q", "-l", LSP_MODE]
    seen = seen_by([*emacs, project, documented("lsp-mode")])
    if not seen:
        pytest.skip("lsp-mode, dockerfile-mode or yaml-mode is not installed")

    assert seen["one-server"] is True
    assert tuple(sorted(seen["compose"])) == expected.compose
    assert tuple(sorted(seen["dockerfile"])) == expected.dockerfile
    assert seen["compose-fixed"] == expected.fixed("compose.yaml")
    assert seen["dockerfile-fixed"] == expected.fixed("Dockerfile")


def found(texts: list[str]) -> tuple[str, ...]:
    """Return the rules' names from what flymake shows: `tightship [name]: message`."""
    return tuple(
        sorted(re.sub(r"^tightship \[([a-z-]+)\]: .*", r"\1", text, flags=re.S) for text in texts)
    )
