from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from tightship_lsp.work import garbage as garbage_module
from tightship_lsp.work.garbage import Garbage, collect_new, postpone

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
async def test_garbage_of_a_judgement_is_collected_after_a_pause() -> None:
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
async def test_garbage_is_collected_again_after_a_rest() -> None:
    garbage = Garbage()
    for _ in range(2):
        left = weakref.ref(Knot())
        garbage.collect_soon()
        async with asyncio.timeout(15):
            while left() is not None:
                await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_garbage_is_not_collected_during_work_unless_it_never_ends() -> None:
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


@pytest.mark.asyncio
async def test_only_new_objects_are_examined_during_a_scan() -> None:
    is_scanning = True
    old = Knot()
    left = weakref.ref(old)
    gc.collect()  # which takes it for one that stays
    del old
    garbage = Garbage(is_scanning=lambda: is_scanning)
    for _ in range(2):
        new = weakref.ref(Knot())
        garbage.collect_soon()
        async with asyncio.timeout(15):
            while new() is not None:
                await asyncio.sleep(0.01)
    assert left() is not None
    # The rest is collected as soon as the scan ends, without another judgement.
    is_scanning = False
    async with asyncio.timeout(15):
        while left() is not None:
            await asyncio.sleep(0.01)


@pytest.mark.asyncio
async def test_a_long_scan_does_not_delay_old_garbage_forever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(garbage_module, "_MOST_PARTIAL", 1)
    old = Knot()
    left = weakref.ref(old)
    gc.collect()
    del old
    gc.collect(1)
    Garbage(is_scanning=lambda: True).collect_soon()
    async with asyncio.timeout(15):
        while left() is not None:
            await asyncio.sleep(0.01)


def test_a_step_of_a_scan_collects_only_if_there_is_much() -> None:
    gc.collect()
    left = weakref.ref(Knot())
    collect_new()
    assert left() is not None
    many = [[0] for _ in range(20_000)]
    collect_new()
    assert left() is None
    assert len(many) == 20_000
