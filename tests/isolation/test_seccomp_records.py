"""Seccomp profiles, compared call by call with what the kernel let through.

The records are made by `make lab`, and compared here on every machine. The model is then
broken on purpose, to show that the records would tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.lab.records import load
from tests.lab.seccomp import ORACLE, disagreements

from tightship.isolation import seccomp_default, seccomp_filter
from tightship.isolation.seccomp_filter import Environment, Filter

if TYPE_CHECKING:
    from collections.abc import Callable

    Break = Callable[[pytest.MonkeyPatch], None]

HEADER, RECORDS = load(ORACLE)


@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_the_model_stops_the_calls_that_the_kernel_stopped(record: dict[str, Any]) -> None:
    assert list(disagreements(HEADER, record)) == []


def test_the_records_are_many_and_know_where_they_come_from() -> None:
    assert len(RECORDS) > 50
    assert len(HEADER["attempts"]) > 300
    assert {"engine", "kernel", "architecture"} <= HEADER.keys()


def attribute(target: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(target, name, value)


add, goes_on, applies = Filter._add, Filter._goes_on, Environment.applies
holds = seccomp_filter._holds


def all_conditions_count(self: Filter, rule: dict[str, Any]) -> None:
    """Take only the first of two conditions on an argument."""
    args = {one.get("index", 0): one for one in reversed(rule.get("args") or ())}
    add(self, {**rule, "args": list(args.values())})


def no_rule_is_skipped(self: Filter, rule: dict[str, Any]) -> None:
    default, self.default = self.default, ("none", 0)
    add(self, rule)
    self.default = default


def the_last_rule_wins(self: Filter, rule: dict[str, Any]) -> None:
    for name in rule.get("names") or ():
        self._certain.pop(name, None)
    add(self, rule)


def logging_stops(self: Filter, action: tuple[str, int]) -> bool | None:
    return action[0] == "SCMP_ACT_ALLOW" and goes_on(self, action)


def nothing_is_excluded(self: Environment, rule: dict[str, Any]) -> bool:
    return applies(self, {**rule, "excludes": None})


def no_kernel_is_too_old(self: Environment, rule: dict[str, Any]) -> bool:
    includes: dict[str, Any] = rule.get("includes") or {}
    return applies(self, {**rule, "includes": {**includes, "minKernel": None}})


def at_most_is_less(condition: dict[str, Any], arguments: dict[int, int]) -> bool:
    op = condition["op"].replace("_LE", "_LT")
    return holds({**condition, "op": op}, arguments)


def nothing_by_capability(_: str) -> tuple[()]:
    return ()


BREAKS: dict[str, Break] = {
    "one of two conditions is lost": attribute(Filter, "_add", all_conditions_count),
    "rules with the default action count": attribute(Filter, "_add", no_rule_is_skipped),
    "the last rule for a call wins": attribute(Filter, "_add", the_last_rule_wins),
    "a logged call is stopped": attribute(Filter, "_goes_on", logging_stops),
    "excludes are ignored": attribute(Environment, "applies", nothing_is_excluded),
    "minKernel is ignored": attribute(Environment, "applies", no_kernel_is_too_old),
    "at most is less": attribute(seccomp_filter, "_holds", at_most_is_less),
    "capabilities open nothing": attribute(
        seccomp_default, "_by_capability", nothing_by_capability
    ),
    "every socket is open by default": attribute(
        seccomp_default, "_SOCKETS", (("SCMP_CMP_GE", 0),)
    ),
    "clone makes namespaces by default": attribute(seccomp_default, "_NEW_NAMESPACES", 0),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_records_detect_a_broken_model(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[broken](monkeypatch)
    assert any(any(disagreements(HEADER, record)) for record in RECORDS)
