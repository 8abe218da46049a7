"""A renamed rule is found by its old name everywhere, and no baseline has to be rewritten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.rules.test_examples import messages

from tightship.engine.settings.selection import Selection, named
from tightship.report.sarif import descriptor
from tightship.rules import every_rule
from tightship.rules.definition import FORMER_NAMES
from tightship.rules.index import INDEX

if TYPE_CHECKING:
    from tests.conftest import Judge

TEXT = """\
services:
  a:
    image: x
    volumes:
      - /var/run/docker.sock:/var/run/docker.sock
      - /run/dbus/system_bus_socket:/run/dbus/system_bus_socket
      - /run/podman/podman.sock:/p.sock
  cache:
    image: redis:8
    command: redis-server --protected-mode no
    ports: ["6379:6379"]
  db:
    image: postgres:17
    environment: {POSTGRES_HOST_AUTH_METHOD: trust}
    ports: ["5432:5432"]
"""

# As they were recorded before any rule had another name.
RECORDED = {
    "docker-socket-mounted": ["17ce02cfef6699f62db5c2f5b9fd6824"],
    "host-control-socket-mounted": [
        "2a495909e0ea648d631395a4eb5001b9",
        "f9e7c8ef906fd4575426f8901953169e",
    ],
    "unauthenticated-service": [
        "d33d33e0b97c061c24fb3366968f0fba",
        "d2c6ecc683d6ae05fcd6bac74111b119",
    ],
}


def test_fingerprints_are_those_of_the_former_name(judge: Judge) -> None:
    found = judge(TEXT, [rule for rule in every_rule() if rule.name in RECORDED])
    prints: dict[str, list[str]] = {}
    for one in sorted(found, key=lambda one: one.span.start):
        prints.setdefault(one.rule.name, []).append(one.fingerprint)
    assert prints == RECORDED, messages(found)


@pytest.mark.parametrize(("name", "former"), FORMER_NAMES.items())
def test_the_former_name_selects_and_ignores(name: str, former: str) -> None:
    assert name in {rule.name for rule in named(former, INDEX)}
    assert name in {rule.name for rule in Selection([former]).rules(INDEX)}
    left = {rule.name for rule in Selection(["strict"], ignore=[former]).rules(INDEX)}
    assert name not in left


@pytest.mark.parametrize(("name", "former"), FORMER_NAMES.items())
def test_the_page_and_sarif_name_the_former_name(name: str, former: str) -> None:
    [rule] = [one for one in every_rule() if one.name == name]
    described: Any = descriptor(rule)
    assert described["deprecatedIds"] == [former]
    markdown = described["help"]["markdown"]
    assert f"Former name: `{former}`" in markdown
    others = markdown.partition("Names in other linters: ")[2].partition("\n")[0]
    assert f"`{former}`" not in others


def test_no_former_name_is_that_of_an_unrelated_rule() -> None:
    names = {rule.name for rule in INDEX}
    # A part of a rule left it, and the rule is still there.
    assert names & {*FORMER_NAMES.values()} == {"docker-socket-mounted"}
    assert FORMER_NAMES.keys() <= names
