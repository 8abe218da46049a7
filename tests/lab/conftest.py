"""What tests of a real engine share. They run only when `make lab-quick` asks."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.lab.engine import engine, missing_part
from tests.lab.run import make_image

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.lab.engine import Engine

HERE = Path(__file__).parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--lab", action="store_true", help="start a real Docker engine")


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    if config.getoption("--lab", default=False):
        return
    skip = pytest.mark.skip(reason="a real engine is started by `make lab-quick`")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(skip)


@pytest.fixture(scope="session")
def running() -> Iterator[Engine]:
    missing = missing_part()
    if missing is not None:
        pytest.skip(missing)
    with engine() as started:
        make_image(started)
        yield started
