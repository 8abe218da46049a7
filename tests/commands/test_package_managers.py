"""The model of package managers says what the programs say themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.commands.package_managers import ORACLES, Oracle, compared, stop

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SAMPLE = 3


@pytest.fixture(params=ORACLES, ids=lambda kind: kind.program)
def oracle(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Oracle]:
    """Return the program of a package manager with its repository."""
    made: Oracle = request.param(tmp_path)
    if reason := made.missing():
        pytest.skip(reason)
    made.prepare()
    yield made
    stop(made)


def test_a_few_lines_are_read_alike(oracle: Oracle) -> None:
    taken, found = compared(oracle, SAMPLE, seed=1)
    assert taken
    assert not found, "\n".join(found)


@pytest.mark.exhaustive
def test_many_lines_are_read_alike(oracle: Oracle) -> None:
    taken, found = compared(oracle, oracle.lines, seed=2)
    assert taken > oracle.lines * 3 // 4
    assert not found, "\n".join(found)
