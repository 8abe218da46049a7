"""Files of hostile shapes: time that grows as the file does, and bounded memory."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from tests.bench.shapes import SHAPES, measured

if TYPE_CHECKING:
    from tests.attack.conftest import Figure

_SIZE = 400
_STEEPEST = 1.6
_SHORT = 0.5  # seconds within which growth is noise
_MOST = 400  # MiB


@pytest.mark.full_attack
@pytest.mark.parametrize("name", SHAPES)
def test_time_and_memory_grow_with_the_file(name: str, figure: Figure) -> None:
    small, _ = measured(name, _SIZE)
    large, peak = measured(name, 2 * _SIZE)
    exponent = math.log2(large / small)
    figure(f"{large:.2f} s, exponent {exponent:.2f}, {peak:.0f} MiB")
    assert large < _SHORT or exponent < _STEEPEST or _again(name, _SIZE) < _STEEPEST
    assert peak < _MOST


def _again(name: str, size: int) -> float:
    """Return the exponent of a second measurement: another program may have had the processor."""
    return math.log2(measured(name, 2 * size)[0] / measured(name, size)[0])


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("copies and patterns with wildcards", 800),
        ("rich services", 500),
        ("commands: variables of one command", 500),
    ],
)
def test_time_grows_with_the_file(name: str, size: int, figure: Figure) -> None:
    small, _ = measured(name, size)
    large, _ = measured(name, 2 * size)
    exponent = math.log2(large / small)
    figure(f"{large:.2f} s, exponent {exponent:.2f}")
    assert large < _SHORT or exponent < _STEEPEST or _again(name, size) < _STEEPEST
