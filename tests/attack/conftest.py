"""What attacks share: how much is tried, with which seed, and the figures at the end."""

from __future__ import annotations

import os
import random
import secrets
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from _pytest.mark import ParameterSet

_FIGURE = "attack"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--attack", action="store_true", help="try all, not a short part")
    parser.addoption("--attack-seed", type=int, help="the seed of everything random")
    parser.addoption(
        "--attack-minutes",
        type=float,
        default=20,
        help="end a full attack after so many minutes (default: 20)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "full_attack: is tried by `make attack`, and not in CI")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only a full attack tries."""
    if config.getoption("--attack", default=False):
        return
    left_out = [item for item in items if item.get_closest_marker("full_attack")]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if not item.get_closest_marker("full_attack")]


def some(names: Iterable[str], short: Collection[str]) -> list[ParameterSet]:
    """Return the parameters of a test, of which the short part in CI has some."""
    return [
        pytest.param(name, id=name, marks=() if name in short else pytest.mark.full_attack)
        for name in names
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    figures = [
        f"{report.location[2]}: {value}"
        for category in ("passed", "failed")
        for report in terminalreporter.getreports(category)
        for name, value in report.user_properties
        if name == _FIGURE
    ]
    if figures:
        terminalreporter.section("attacks")
        for one in figures:
            terminalreporter.write_line(one)


class Figure(Protocol):
    """Keep a figure, which is printed when all tests have run."""

    def __call__(self, text: str) -> None: ...


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Figure:
    def keep(text: str) -> None:
        record_property(_FIGURE, text)

    return keep


class Extent:
    """How much an attack tries: a number of times, within a number of minutes."""

    def __init__(self, *, full: bool, minutes: float) -> None:
        self.is_full = full
        self.seconds = minutes * 60

    def times(self, full: int, short: int) -> int:
        """Return the number for a full attack, or that for the short part in CI."""
        return full if self.is_full else short


@pytest.fixture(scope="session")
def extent(pytestconfig: pytest.Config) -> Extent:
    full = bool(pytestconfig.getoption("--attack", default=False))
    minutes = float(pytestconfig.getoption("--attack-minutes", default=1) or 1)
    return Extent(full=full, minutes=minutes if full else 1)


@pytest.fixture
def seed(pytestconfig: pytest.Config, figure: Figure) -> int:
    """Return the seed of a test; in CI it is the same each time."""
    given: int | None = pytestconfig.getoption("--attack-seed", default=None)
    if given is None:
        given = 1 if os.environ.get("CI") else secrets.randbelow(1_000_000)
    figure(f"seed {given}")
    return given


@pytest.fixture
def chance(seed: int) -> random.Random:
    return random.Random(seed)
