"""A service whose own settings ask for more than its image does works hardened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.own_settings import every_case
from tests.lab.own_settings_again import more_cases
from tests.lab.shown import Shown, missing_root, problem

if TYPE_CHECKING:
    from tests.lab.engine import Engine


@pytest.mark.parametrize(
    "case", [pytest.param(one, id=one.name) for one in [*every_case(), *more_cases()]]
)
def test_the_patch_keeps_the_settings_of_a_project(running: Engine, case: Shown) -> None:
    if not running.own:
        pytest.skip("stand-ins are made only in an engine of the lab's own")
    if root := missing_root(case):
        pytest.skip(f"no file system `{root}` in the cache; `make lab-images` makes it")
    assert problem(running, case) == ""
