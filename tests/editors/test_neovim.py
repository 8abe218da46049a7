"""Neovim with its own client: `vim.lsp`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.editors.conftest import Documented, Expected, Program, SeenBy, Untouched

SCRIPT = Path(__file__).with_name("neovim.lua")


def test_neovim_shows_findings_fixes_them_and_leaves_in_peace(
    project: Path,
    documented: Documented,
    program: Program,
    seen_by: SeenBy,
    expected: Expected,
    untouched: Untouched,
) -> None:
    nvim: list[str | Path] = [program("nvim"), "--headless", "--clean", "-l", SCRIPT]
    seen = seen_by([*nvim, project, documented("neovim")])

    assert seen["one_server"] is True
    assert found(seen["compose"]) == expected.compose
    assert found(seen["dockerfile"]) == expected.dockerfile
    assert seen["source"] == "tightship"
    assert seen["place"] == [11, 8, 11, 37]
    assert seen["compose_fixed"] == expected.fixed("compose.yaml")
    assert seen["dockerfile_fixed"] == expected.fixed("Dockerfile")
    assert "Whoever can connect to the Docker socket" in seen["hover"]
    assert seen["modified"] == [True, True]
    assert seen["exit"] == {"code": 0, "signal": 0}
    assert untouched()


def found(codes: list[Any]) -> tuple[str, ...]:
    return tuple(sorted(codes))
