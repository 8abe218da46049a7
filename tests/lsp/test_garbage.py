from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from tightship_lsp.work.garbage import Garbage, postpone

if TYPE_CHECKING:
    from collections.abc import Iterator


class Knot:
    """Something that only the collector can free."""

    def __init__(self) -> None:
        self.itself = self


@pytest.fixture(autouse=True)
def threshold() -> Iterator[None]:
    """Leave garbage alone, and the objects of the test run out of its collection."""
    before = gc.get_threshold()
    gc.freeze()
    postpone()
    yield
    gc.set_threshold(*before)
    gc.unfreeze()


@pytest.mark.asyncio
async def test_what_a_judgement_has_left_is_collected_soon_and_not_at_once() -> None:
    garbage = Garbage()
    knot = Knot()
    left = weakref.ref(knot)
    del knot
    garbage.collect_soon()
    garbage.collect_soon()
    assert left() is not None
    async with asyncio.timeout(15):
        while left() is not None:
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_it_is_collected_again_after_a_rest() -> None:
    garbage = Garbage()
    for _ in range(2):
        left = weakref.ref(Knot())
        garbage.collect_soon()
        async with asyncio.timeout(15):
            while left() is not None:
                await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_it_is_not_collected_while_work_is_done_unless_that_never_ends() -> None:
    asked = list[bool]()

    def is_busy() -> bool:
        asked.append(left() is not None)
        return True

    garbage = Garbage(is_busy)
    left = weakref.ref(Knot())
    garbage.collect_soon()
    async with asyncio.timeout(15):
        while left() is not None:
            await asyncio.sleep(0.01)
    assert len(asked) > 1
    assert all(asked)
