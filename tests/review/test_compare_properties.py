"""Comparisons of real projects: silent about what means the same, exact about the rest.

The exhaustive number is that of the programs in `refactorings.py` and
`isolation_changes.py`, which take more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest
from tests.review import isolation_changes, refactorings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Known: TypeAlias = "list[tuple[Path, dict[str, str], str]]"

QUICK, MANY = 60, 1_500


@pytest.fixture(scope="module")
def known() -> Known:
    return refactorings.projects()


@pytest.mark.parametrize(
    "seeds", [range(QUICK), pytest.param(range(QUICK, MANY), marks=pytest.mark.exhaustive)], ids=str
)
@pytest.mark.parametrize("make", [refactorings.one, isolation_changes.one])
def test_generated_changes_are_reported_exactly(
    make: Callable[[int, Known], list[str] | None], seeds: range, known: Known
) -> None:
    results = [make(seed, known) for seed in seeds]
    made = [one for one in results if one is not None]
    assert len(made) > len(seeds) / 5, "most do not apply"
    wrong = [line for one in made for line in one]
    assert not wrong, "\n".join(wrong[:40])
