"""Each published port is one finding, by the strongest rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service
from tests.rules.conftest import rules_of

from tightship.rules.compose.network.port_on_all_interfaces import port_on_all_interfaces
from tightship.rules.compose.network.sensitive_port_published import sensitive_port_published

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "network")


@pytest.mark.parametrize(
    ("entry", "rule"),
    [
        ("'8080:80'", "port-on-all-interfaces"),
        ("'5432:5432'", "sensitive-port-published"),
        ("'192.0.2.7:5432:5432'", "sensitive-port-published"),
        ("'2375:2375'", "daemon-api-over-tcp"),
        ("'2376:2376'", "sensitive-port-published"),
        ("'${BIND:-}:8080:80'", "port-on-all-interfaces"),
        ("'${BIND}:2375:2375'", None),
        ("'127.0.0.1:2375:2375'", None),
        ("'192.0.2.7:8080:80'", None),
        ("'nonsense'", None),
        ("''", None),
    ],
)
def test_an_entry_is_one_finding_by_the_strongest_rule(
    judge: Judge, entry: str, rule: str | None
) -> None:
    found = judge(service(f"ports: [{entry}]").replace("x,", "docker/postgres,"), RULES)
    assert [one.rule.name for one in found] == ([rule] if rule else [])
    assert all(one.span.text == entry for one in found)


def test_the_message_names_server_and_interface(judge: Judge) -> None:
    text = service("command: postgres, ports: ['${A:-192.0.2.7}:15432:5432']")
    [one] = judge(text, [sensitive_port_published])
    assert one.finding.message == (
        "service `s` publishes port 5432 (PostgreSQL) on `192.0.2.7` as 15432 (default of `${A}`)"
    )
    text = service("ports: ['${PORT:-53}:53/udp']")
    [one] = judge(text, [port_on_all_interfaces])
    assert one.finding.message == ("service `s` publishes port 53/udp on all interfaces")
