"""The rule `dangerous-capability`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.capabilities.dangerous_capability import dangerous_capability
from tightship.rules.compose.capabilities.host_takeover_capability import host_takeover_capability
from tightship.values.capability import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_all_without_the_worst_is_still_dangerous(judge: Judge) -> None:
    text = service("cap_add: [ALL], cap_drop: [SYS_ADMIN, SYS_MODULE, SYS_RAWIO, DAC_READ_SEARCH]")
    [one] = judge(text, [host_takeover_capability, dangerous_capability])
    assert one.rule is dangerous_capability
    assert one.severity.word == "warning"
    assert "`BPF` among them" in one.finding.message


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        *(
            (name, "warning")
            for name in (
                "SYS_PTRACE",
                "BPF",
                "PERFMON",
                "MAC_ADMIN",
                "MAC_OVERRIDE",
                "SYS_BOOT",
                "CHECKPOINT_RESTORE",
                "LINUX_IMMUTABLE",
            )
        ),
        *((n, "info") for n in ("NET_ADMIN", "SYS_RESOURCE", "SYS_NICE", "IPC_LOCK")),
    ],
)
def test_dangerous_capabilities(found: Found, name: str, grade: str) -> None:
    text = service(f"cap_add: [{name}]")
    assert found(text, dangerous_capability) == [(grade, name)]


def test_default_capabilities_can_be_added(judge: Judge) -> None:
    text = service(f"cap_add: [{', '.join(DEFAULT_CAPABILITIES)}]")
    rules = [dangerous_capability, host_takeover_capability]
    assert judge(text, rules) == []


def test_the_host_network_can_come_through_another_service(judge: Judge) -> None:
    text = """
services:
  a: {image: x, network_mode: "service:b", cap_add: [NET_ADMIN]}
  b: {image: x, network_mode: host}
"""
    [one] = judge(text, [dangerous_capability])
    assert one.severity.word == "warning"
    assert [r.span.text for r in one.finding.because] == ['"service:b"']


def test_a_default_is_named(judge: Judge) -> None:
    [one] = judge(service("cap_add: ['${EXTRA:-SYS_PTRACE}']"), [dangerous_capability])
    assert one.finding.message.endswith(" (default of `${EXTRA}`)")
