"""What tests of a real engine share. They run only when `make lab-quick` asks."""

from __future__ import annotations

import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.lab.engine import LabError, missing_part
from tests.lab.prepared import prepared_engine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.lab.engine import Engine

HERE = Path(__file__).parent
BEGIN = time.monotonic()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lab", action="store_true", help="start a real Docker engine")
    parser.addoption(
        "--lab-minutes", type=float, help="begin no test of the lab after so many minutes"
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--lab", default=False):
        _interleave(items)
        return
    skip = pytest.mark.skip(reason="a real engine is started by `make lab-quick`")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(skip)


def _interleave(items: list[pytest.Item]) -> None:
    """Spread the cases of each test evenly, so that some of all run if time is short."""
    cases = Counter(_test_of(item) for item in items)
    seen = Counter[str]()
    place = dict[pytest.Item, float]()
    for item in items:
        test = _test_of(item)
        place[item] = seen[test] / cases[test]
        seen[test] += 1
    items.sort(key=place.__getitem__)


def _test_of(item: pytest.Item) -> str:
    return item.nodeid.partition("[")[0]


def pytest_runtest_setup(item: pytest.Item) -> None:
    minutes = item.config.getoption("--lab-minutes", default=None)
    if minutes is not None and HERE in item.path.parents:
        _skip_after(minutes * 60)


def _skip_after(seconds: float) -> None:
    if time.monotonic() - BEGIN > seconds:
        pytest.skip(f"not run: the lab's {seconds / 60:g} minutes are over")


@pytest.fixture(scope="session")
def running() -> Iterator[Engine]:
    """Start an engine; where it cannot start or run a container, skip with the reason."""
    missing = missing_part()
    if missing is not None:
        pytest.skip(missing)
    with ExitStack() as stack:
        try:
            started = stack.enter_context(prepared_engine())
        except LabError as error:
            pytest.skip(str(error))
        yield started
