"""Large and hostile projects: a check takes steps as its files grow, and bounded memory.

The shapes are those of ``tests/bench/project_shapes.py``; ``shapes.py`` measures them in seconds.
"""

from __future__ import annotations

import tracemalloc
from typing import TYPE_CHECKING

import pytest
from tests.bench.project_shapes import PROJECTS
from tests.bench.shapes import write
from tests.checking import check
from tests.steps import steps

from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tightship.engine.verdict import Verdict

    Checked = Callable[[str, int], list[Verdict]]


@pytest.fixture
def checked(tmp_path: Path) -> Checked:
    """Return what checks the project of a shape with every rule."""

    def run(name: str, n: int) -> list[Verdict]:
        write(tmp_path, PROJECTS[name](n))
        return list(check([str(tmp_path)], ["strict"]))

    return run


@pytest.mark.parametrize("name", PROJECTS)
def test_the_steps_of_a_check_grow_with_the_files(name: str, checked: Checked) -> None:
    verdicts = checked(name, 10)  # loads what is loaded once
    found = [one.rule.name for verdict in verdicts for one in verdict.findings]
    assert verdicts
    assert "not-checked" not in found
    small = steps(lambda: checked(name, 40))
    large = steps(lambda: checked(name, 160))
    assert large < 5 * small + 2_000


def test_a_long_variable_in_many_places_does_not_fill_the_memory(checked: Checked) -> None:
    checked("one long variable", 10)
    tracemalloc.start()
    try:
        [verdict] = checked("one long variable", 1_000)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 60_000_000
    [gap] = (one.finding for one in verdict.findings if one.rule.name == "not-checked")
    assert "characters in all" in gap.message
    assert gap.span.text == "b$A"


def test_thousands_of_services_may_share_a_value_that_has_a_fix(checked: Checked) -> None:
    [verdict] = checked("services that share a value", 1_500)
    [shared] = (one for one in verdict.findings if one.rule.name == "privileged-container")
    assert len(shared.services) == 1_500
    assert shared.finding.fix is not None


def test_line_ends_are_found_once_for_many_questions() -> None:
    source = Source("a", "a\nb\r\nc\r\rd")
    ends = [source.line_end(at) for at in range(len(source.text) + 1)]
    assert ends == [1, 1, 3, 3, 4, 6, 6, 7, 9, 9]
