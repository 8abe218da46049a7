"""Who has capabilities, compared with the sets that the kernel showed in the lab.

`make lab` makes the records, and they are compared here on every machine. The model is then
broken on purpose, to show that the records would tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.lab.capability_comparison import disagreements, undecided
from tests.lab.capability_matrix import ORACLE, PROGRAMS, cases
from tests.lab.records import load

from tightship.isolation import capability_holders, first_user
from tightship.isolation.container import Container
from tightship.values import capability, process

HEADER, RECORDS = load(ORACLE)

Break = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_the_model_agrees_with_the_recorded_sets(record: dict[str, Any]) -> None:
    assert disagreements(HEADER, record) == []


def test_the_records_have_each_case_and_each_program() -> None:
    seen = {record["name"]: record["services"] for record in RECORDS}
    assert {name: [*services] for name, services in seen.items()} == {
        name: [*services] for name, services in cases().items()
    }
    for name, services in cases().items():
        for service, body in services.items():
            recorded, facts = seen[name][service]
            assert recorded == body
            assert facts.keys() - {"hooks"} == set(PROGRAMS)


def test_only_names_and_variables_leave_the_user_open() -> None:
    is_open = {one["name"] for one in RECORDS if undecided(one)}
    assert is_open == {"image-app", "toor", "admin", "app", "variable"}


def changed(facts: dict[str, Any], key: str) -> dict[str, Any]:
    """Return the facts of a program with another value of one of them."""
    if key == "uid":
        return {**facts, key: 1000 - facts[key]}
    return {**facts, key: "none +SYSLOG" if facts[key] != "none +SYSLOG" else "none"}


@pytest.mark.exhaustive
@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_a_different_set_of_any_program_is_detected(record: dict[str, Any]) -> None:
    for service, (body, facts) in record["services"].items():
        for program in PROGRAMS:
            if isinstance(facts[program], str):
                continue
            for key in ("eff", "prm", "inh", "bnd", "amb"):
                other = {**facts, program: changed(facts[program], key)}
                alone = {**record, "services": {service: [body, other]}}
                assert disagreements(HEADER, alone), (service, program, key)


def attribute(target: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(target, name, value)


def always(value: object) -> Break:
    """Break who has the capabilities of each container, and of each hook."""

    def made(patch: pytest.MonkeyPatch) -> None:
        patch.setattr(Container, "capability_hold", property(lambda _: value))

    return made


def without_options(one: Container) -> str:
    return "held" if one.starts_as_root is not False else "obtainable"


def in_privileged_too(one: Container) -> str:
    return "held" if one.privileged.is_surely(True) else hold_of(one)


def never_privileged(
    added: tuple[str, ...], dropped: tuple[str, ...], _: bool, *default: frozenset[str]
) -> frozenset[str]:
    return bounding(added, dropped, False)


def yes(_: object) -> bool:
    return True


def no(*_: object) -> bool:
    return False


def by_service(one: Container, _: object) -> bool | None:
    return original_root(one, one.user)


hold_of = capability_holders.hold_of
bounding = capability.bounding
original_root = first_user.is_root_in


BREAKS: dict[str, Break] = {
    "every user has the capabilities": always("held"),
    "no-new-privileges leaves them to setuid programs": always("obtainable"),
    "another user never gets them": always("unobtainable"),
    "no-new-privileges has no effect": attribute(capability_holders, "hold_of", without_options),
    "privileged gives them to every user": attribute(
        capability_holders, "hold_of", in_privileged_too
    ),
    "the user of the image does not count": attribute(first_user, "_is_root_of", yes),
    "a name is never root's": attribute(first_user, "has_unknown_id", no),
    "a number is never root's": attribute(process, "is_root", "root".__eq__),
    "hooks have the user of the service": attribute(first_user, "is_root_in", by_service),
    "privileged is not seen": attribute(capability, "bounding", never_privileged),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_records_detect_a_broken_model(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[broken](monkeypatch)
    assert any(disagreements(HEADER, record) for record in RECORDS)
