"""Who reaches whom, compared with what a real engine let through, pair by pair.

The records are made by `make lab`, and compared here on every machine. The model is then
broken on purpose, to show that the records would tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.lab.network_comparison import compare
from tests.lab.networks import ORACLE
from tests.lab.records import load

from tightship.isolation import reach
from tightship.isolation.container import Container

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.frontends.compose.project import ComposeProject

    Break = Callable[[pytest.MonkeyPatch], None]

HEADER, RECORDS = load(ORACLE)


@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_the_model_agrees_with_the_recorded_connections(record: dict[str, Any]) -> None:
    assert compare([record]).disagreements == []


def test_the_records_are_many_and_all_decided() -> None:
    made = compare(RECORDS)
    assert made.pairs > 900
    assert made.open == 0
    assert {"engine", "kernel", "compose"} <= HEADER.keys()


def attribute(target: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(target, name, value)


make_network = reach._Network.__init__
names = reach._names


def always_open(self: reach._Network, project: ComposeProject, key: str) -> None:
    make_network(self, project, key)
    self.is_open = True


def never_internal(self: reach._Network, project: ComposeProject, key: str) -> None:
    make_network(self, project, key)
    self.is_internal = False


def without_an_inside(self: reach.Position) -> list[reach._Network]:
    return [one for one in self.networks if not one.is_internal]


def in_its_own(self: Container, _: str) -> Container:
    return self


def by_service(near: reach.Position, far: reach.Position) -> tuple[str, ...]:
    return names(near, far)[:1]


def every_address(near: reach.Position, _: object) -> bool:
    return near.is_host or near.is_out


BREAKS: dict[str, Break] = {
    "icc is always on": attribute(reach._Network, "__init__", always_open),
    "an internal network has a way out": attribute(reach._Network, "__init__", never_internal),
    "the host has no address on an internal network": attribute(
        reach.Position, "bridges", property(without_an_inside)
    ),
    "namespaces are not shared": attribute(Container, "namespace_holder", in_its_own),
    "only services have names": attribute(reach, "_names", by_service),
    "a port on the loopback interface is found": attribute(reach, "finds", every_address),
    "the default bridge has a name server": attribute(reach, "DEFAULT_BRIDGE", "x"),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_records_detect_a_broken_model(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[broken](monkeypatch)
    made = compare(RECORDS)
    assert made.disagreements or made.open
