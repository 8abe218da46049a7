"""Kernel parameters that a container cannot have for itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_sysctl import invalid_sysctl

if TYPE_CHECKING:
    from tests.conftest import Judge


def found(judge: Judge, keys: str) -> list[str]:
    text = f"services:\n  s: {{image: x, {keys}}}\n"
    return [one.finding.message for one in judge(text, (invalid_sysctl,))]


@pytest.mark.parametrize(
    ("keys", "end"),
    [
        ("sysctls: {kernel.core_pattern: x}", "set it on the host instead"),
        ("privileged: true, sysctls: [vm.overcommit_memory=1]", "set it on the host instead"),
        ("sysctls: {kernel.hostname: x}", "write `hostname`"),
        ("uts: host, sysctls: {kernel.domainname: x}", "remove one of them"),
        ("ipc: host, sysctls: {kernel.msgmax: 8192}", "remove one of them"),
    ],
)
def test_sysctls_rejected_by_runc(judge: Judge, keys: str, end: str) -> None:
    [message] = found(judge, keys)
    assert message.endswith(end)


@pytest.mark.parametrize(
    "keys",
    [
        "sysctls: {net.ipv4.ip_unprivileged_port_start: 1024}",
        "sysctls: {kernel.msgmax: 1000, fs.mqueue.msg_max: 20}",
        "sysctls: {kernel.domainname: x}",
        "ipc: '${IPC}', sysctls: {kernel.msgmax: 8192}",
        "runtime: runsc, sysctls: {vm.overcommit_memory: 1}",
        "sysctls: {'${NAME}': 1}",
    ],
)
def test_sysctls_that_runc_may_accept(judge: Judge, keys: str) -> None:
    assert found(judge, keys) == []
