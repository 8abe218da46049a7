"""Each finding is known by the id that compose-lint 0.36.2 gives to the same key."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("keys", "rule", "known_as"),
    [
        ("cap_add: [SYS_ADMIN]", "host-takeover-capability", "CL-0024"),
        ("cap_add: [ALL]", "host-takeover-capability", "CL-0024"),
        ("cap_add: [DAC_READ_SEARCH]", "host-takeover-capability", "CL-0027"),
        ("cap_add: [SYS_PTRACE]", "dangerous-capability", "CL-0027"),
        ("cap_add: [NET_ADMIN]", "dangerous-capability", "CL-0011"),
        ("cap_add: [BPF]", "dangerous-capability", "CL-0011"),
        ("cap_add: [SYS_BOOT]", "dangerous-capability", "CL-0011"),
        ("cap_add: [PERFMON]", "dangerous-capability", "CL-0028"),
        ("cap_add: [SYS_TIME]", "host-clock-control", "CL-0028"),
        ("cap_add: [SYS_NICE]", "dangerous-capability", "CL-0029"),
        ("cap_add: [IPC_LOCK]", "dangerous-capability", "CL-0029"),
        ("cap_add: [SYSLOG]", "host-log-access", "CL-0030"),
        ("devices: [/dev/kmsg]", "host-log-access", "CL-0016"),
        ("devices: [/dev/sda]", "host-disk-device", "CL-0016"),
        ("devices: [/dev]", "dev-directory-mounted", "CL-0016"),
        ("device_cgroup_rules: ['b *:* rwm']", "wildcard-device-rule", "CL-0016"),
        ("volumes: ['/dev/kmsg:/x']", "host-log-access", "CL-0013"),
        ("volumes: ['/dev/log:/x']", "host-log-access", "CL-0013"),
        ("volumes: ['/dev/sda:/x']", "host-disk-device", "CL-0013"),
        ("volumes: ['/dev:/x']", "dev-directory-mounted", "CL-0013"),
        ("volumes: ['/lib/modules:/x']", "kernel-modules-exposed", "CL-0025"),
        # What compose-lint is silent about has no id of it.
        ("cap_add: [SYS_RESOURCE]", "dangerous-capability", ""),
        ("volumes: ['/var/log:/x']", "host-log-access", ""),
        ("volumes: ['/lib/modules:/x:ro']", "kernel-modules-exposed", ""),
    ],
)
def test_the_id_of_a_finding(judge: Judge, keys: str, rule: str, known_as: str) -> None:
    wanted = [one for one in every_rule() if one.name == rule]
    text = f"services:\n  s:\n    image: example/app:1\n    {keys}\n"
    [one] = judge(text, wanted)
    ids = one.finding.known_as
    known = one.rule.aliases if ids is None else ids
    assert [one for one in known if one.startswith("CL-")] == [known_as] * bool(known_as)
