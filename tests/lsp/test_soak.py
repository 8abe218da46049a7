from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.soak import Soak

if TYPE_CHECKING:
    from pathlib import Path


def test_after_many_edits_an_editor_shows_what_the_command_line_finds(
    tmp_path: Path,
) -> None:
    soak = Soak(tmp_path.resolve(), 10, seed=7)
    try:
        for number in range(200):
            soak.edit()
            if number % 10 == 0:
                soak.settle()
        soak.settle()
        assert soak.shown()
        assert not soak.difference()
        assert not soak.complaints
        soak.end()
    finally:
        soak.close()
