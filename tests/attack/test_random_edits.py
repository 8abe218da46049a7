"""After many edits of many documents, the server shows what the command line finds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.bench.soak import Soak

if TYPE_CHECKING:
    from pathlib import Path

    from tests.attack.conftest import Extent, Figure

_AT_ONCE = 10


def test_after_many_edits_an_editor_shows_what_the_command_line_finds(
    tmp_path: Path, extent: Extent, seed: int, figure: Figure
) -> None:
    soak = Soak(tmp_path.resolve(), 10, seed)
    edits, compared = extent.times(50_000, 150), 0
    between = max(edits // 50, 50)
    until = time.monotonic() + extent.seconds
    number = 0
    try:
        while number < edits and time.monotonic() < until:
            for _ in range(_AT_ONCE):
                soak.edit()
            number += _AT_ONCE
            soak.settle()
            if number % between == 0:
                assert not soak.difference()
                compared += 1
        assert soak.shown()
        assert not soak.difference()
        assert not soak.complaints
        figure(
            f"{number:,} edits, {compared} comparisons with a check, no difference,"
            f" {soak.memory() / 1024:.0f} MiB"
        )
        soak.end()
    finally:
        soak.close()
