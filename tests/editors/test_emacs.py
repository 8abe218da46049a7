"""Emacs with eglot and flymake, as they come with it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.editors.conftest import Documented, Expected, Program, SeenBy, Untouched

SCRIPT = Path(__file__).with_name("emacs.el")


def test_emacs_shows_findings_fixes_them_and_leaves_in_peace(
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


def found(texts: list[str]) -> tuple[str, ...]:
    """Return the rules' names from what flymake shows: `tightship [name]: message`."""
    return tuple(
        sorted(
            re.sub(r"^tightship \[([a-z-]+)\]: .*", r"\1", text, flags=re.S)
            for text in texts
        )
    )
