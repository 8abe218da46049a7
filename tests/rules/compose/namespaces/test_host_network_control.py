"""The rule `host-network-control`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said, service
from tests.rules.conftest import rules_of

from tightship.rules.compose.namespaces.host_network_control import host_network_control

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = (
    *rules_of("compose", "namespaces"),
    *(
        rule
        for rule in rules_of("compose", "capabilities")
        if rule.name != "default-capabilities-kept"
    ),
)


@pytest.mark.parametrize("name", ["NET_ADMIN", "cap_net_admin"])
def test_the_pair_is_one_finding(judge: Judge, name: str) -> None:
    found = judge(service(f"network_mode: host, cap_add: [{name}]"), RULES)
    assert said(found) == [("host-network-control", "warning")]
    assert sorted(one.rule.name for one in found[0].absorbed) == [
        "dangerous-capability",
        "host-network-namespace",
    ]


def test_other_namespaces_and_capabilities_stay_findings_of_their_own(judge: Judge) -> None:
    body = "network_mode: host, pid: host, cap_add: [NET_ADMIN, SYS_PTRACE, BPF]"
    assert sorted(said(judge(service(body), RULES))) == [
        ("dangerous-capability", "warning"),
        ("host-network-control", "warning"),
        ("host-process-control", "error"),
    ]


def test_a_service_in_the_network_of_one_that_is_in_the_hosts_counts(judge: Judge) -> None:
    text = (
        "services:\n  a: {image: x, network_mode: host}\n"
        "  b: {image: x, network_mode: 'service:a', cap_add: [NET_ADMIN]}\n"
    )
    found = judge(text, [host_network_control])
    assert [one.subject.name for one in found] == ["b"]


@pytest.mark.parametrize(
    "body",
    [
        "network_mode: host",
        "cap_add: [NET_ADMIN]",
        "network_mode: '${N}', cap_add: [NET_ADMIN]",
        "network_mode: host, cap_add: ['${C}']",
        "network_mode: host, cap_add: [ALL]",
        "network_mode: host, cap_add: [NET_RAW]",
        "network_mode: host, cap_add: [NET_ADMIN], privileged: true",
    ],
)
def test_a_single_or_undecided_setting_is_silent(found: Found, body: str) -> None:
    assert found(service(body), host_network_control) == []
