"""What people are shown works, as it is and hardened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.shown import Shown, every_shown, missing_root, problem

if TYPE_CHECKING:
    from tests.lab.engine import Engine


@pytest.mark.parametrize("shown", [pytest.param(one, id=one.name) for one in every_shown()])
def test_shown_examples_work_hardened(running: Engine, shown: Shown) -> None:
    if not running.own:
        pytest.skip("stand-ins are made only in an engine of the lab's own")
    if root := missing_root(shown):
        pytest.skip(f"no file system `{root}` in the cache; `make lab-images` makes it")
    assert problem(running, shown) == ""
