"""The rule `host-process-control`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said, service
from tests.rules.conftest import rules_of

from tightship.rules.compose.namespaces.host_process_control import host_process_control

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


@pytest.mark.parametrize("name", ["SYS_PTRACE", "cap_sys_ptrace"])
def test_the_pair_is_one_finding(judge: Judge, name: str) -> None:
    found = judge(service(f"pid: host, cap_add: [{name}]"), RULES)
    assert said(found) == [("host-process-control", "error")]
    assert sorted(one.rule.name for one in found[0].absorbed) == [
        "dangerous-capability",
        "host-pid-namespace",
    ]


@pytest.mark.parametrize(
    "body",
    [
        "pid: host",
        "cap_add: [SYS_PTRACE]",
        "pid: 'service:s2', cap_add: [SYS_PTRACE]",
        "pid: '${P}', cap_add: [SYS_PTRACE]",
        "pid: host, cap_add: ['${C}']",
        "pid: host, cap_add: [ALL]",
        "pid: host, cap_add: [SYS_PTRACE], privileged: true",
        "pid: host, cap_add: [NET_ADMIN]",
    ],
)
def test_a_single_or_undecided_setting_is_silent(found: Found, body: str) -> None:
    assert found(service(body), host_process_control) == []
