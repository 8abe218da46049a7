"""The model of isolation, compared with what a real engine gave to containers.

The records are made by `make lab`, and compared here on every machine. The model is then
broken on purpose, to show that the records would tell.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from tests.lab.comparison import disagreements
from tests.lab.records import load

from tightship.isolation import hidden_content, limits, mounts, namespaces, security
from tightship.model.setting import Setting
from tightship.values import capability, process

HEADER, RECORDS = load()

Break = Callable[[pytest.MonkeyPatch], None]


@pytest.mark.parametrize("record", [pytest.param(one, id=one["name"]) for one in RECORDS])
def test_the_model_agrees_with_the_records(record: dict[str, Any]) -> None:
    assert disagreements(HEADER, record) == []


def test_the_records_are_many_and_know_where_they_come_from() -> None:
    seen = [f for one in RECORDS for _, f in one["services"].values() if f is not None]
    assert len(seen) > 300
    assert {"engine", "kernel", "compose"} <= HEADER.keys()


def attribute(target: object, name: str, value: object) -> Break:
    return lambda patch: patch.setattr(target, name, value)


def getter(target: type, name: str, value: Callable[[Any], object]) -> Break:
    return lambda patch: patch.setattr(target, name, property(value))


def absent(one: security.Security) -> Setting[str]:
    return Setting(one.options.span, None)


def first_option(one: security.Security) -> Setting[bool]:
    for key, value, item in one._entries():
        if key == "no-new-privileges":
            return Setting(item.span, value == "true")
    return Setting(one.options.span, None)


def allowed_unless_forbidden(one: hidden_content.Tmpfs, word: str) -> bool:
    return f"no{word}" not in one.options


def additions_lose(
    added: tuple[str, ...], dropped: tuple[str, ...], privileged: bool, *default: frozenset[str]
) -> frozenset[str]:
    held = effective(added, (), privileged)
    return held if privileged else held - frozenset(dropped)


effective = capability.bounding
owner = namespaces._owner


def never_privileged(
    added: tuple[str, ...], dropped: tuple[str, ...], _: bool, *default: frozenset[str]
) -> frozenset[str]:
    return effective(added, dropped, False)


def true_if_set(text: str | None) -> bool | None:
    return None if text is None else True


def never_the_host(field: Setting[str]) -> str:
    return owner(field).replace("host", "own")


def by_thousands(text: str) -> float:
    return float(text.rstrip("kKmMgGbB")) * 1000**2


def no_sources(*_: object) -> list[Setting[str]]:
    return []


BREAKS: dict[str, Break] = {
    "a default capability is left out": attribute(
        capability, "DEFAULTS", {"Docker": capability.DEFAULT_CAPABILITIES - {"SETPCAP"}}
    ),
    "a drop beats an addition": attribute(capability, "bounding", additions_lose),
    "privileged is not seen": attribute(capability, "bounding", never_privileged),
    "the first no-new-privileges counts": getter(
        security.Security, "no_new_privileges", first_option
    ),
    "no-new-privileges=false is true": attribute(security, "switch", true_if_set),
    "seccomp is never off": getter(security.Security, "seccomp", absent),
    "system paths are always masked": getter(security.Security, "system_paths", absent),
    "a tmpfs may run programs by default": attribute(
        hidden_content.Tmpfs, "allows", allowed_unless_forbidden
    ),
    "a chain of namespaces ends at once": attribute(namespaces, "_CHAIN", 1),
    "the host's namespace is its own": attribute(namespaces, "_owner", never_the_host),
    "limits below deploy do not count": attribute(limits, "_DEPLOY", ("deploy", "no")),
    "sizes are in units of 1000": attribute(limits, "parse_bytes", by_thousands),
    "volumes_from hands nothing on": attribute(mounts, "_sources", no_sources),
    "a volume is never a bind mount": attribute(mounts, "mounted_paths", no_sources),
    "only the name of root is root": attribute(process, "is_root", "root".__eq__),
}


@pytest.mark.parametrize("broken", BREAKS)
def test_the_records_detect_a_broken_model(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BREAKS[broken](monkeypatch)
    assert any(disagreements(HEADER, record) for record in RECORDS)
