"""The rule `weak-seccomp-profile`, beyond its examples."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tightship.isolation.seccomp_default import default_profile
from tightship.rules.compose.mandatory_access.seccomp_unconfined import seccomp_unconfined
from tightship.rules.compose.mandatory_access.weak_seccomp_profile import weak_seccomp_profile

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def files(profile: dict[str, Any], service: str = "") -> dict[str, str]:
    option = f"security_opt: ['seccomp=p.json'], {service}"
    return {
        "compose.yaml": f"services: {{s: {{image: x, {option}}}}}\n",
        "p.json": json.dumps(profile),
    }


def opening(*names: str) -> dict[str, Any]:
    profile = default_profile("29.4.2")
    profile["syscalls"].append({"names": [*names], "action": "SCMP_ACT_ALLOW"})
    return profile


def test_the_message_names_the_calls(judge: Judge) -> None:
    [one] = judge(files(opening("keyctl", "bpf", "mount")), [weak_seccomp_profile])
    assert one.finding.message == (
        "the seccomp profile `p.json` of service `s` allows `mount`, `bpf` and 1 more,"
        " which Docker's default profile denies"
    )


def test_a_copy_of_an_older_default_is_an_info(judge: Judge, found: Found) -> None:
    older = files(default_profile("26.1.5"))
    assert found(older, weak_seccomp_profile) == [("info", "'seccomp=p.json'")]
    [one] = judge(older, [weak_seccomp_profile])
    assert one.finding.message.endswith(
        "allows `socket(AF_ALG)`, which Docker Engine 29.4.2 and later deny by default"
    )


def test_profiles_that_open_nothing_are_silent(found: Found) -> None:
    for profile in (
        default_profile("29.4.2"),
        {"defaultAction": "SCMP_ACT_ERRNO"},
        {"defaultAction": "X"},
    ):
        assert found(files(profile), weak_seccomp_profile) == []


def test_a_capability_of_the_container_opens_what_the_default_opens(found: Found) -> None:
    profile = opening("mount")
    assert found(files(profile), weak_seccomp_profile) != []
    admin = files(profile, "cap_add: [SYS_ADMIN]")
    assert found(admin, weak_seccomp_profile) == []


def test_privileged_may_ignore_the_profile(found: Found) -> None:
    privileged = files(opening("bpf"), "privileged: true")
    assert found(privileged, weak_seccomp_profile) == []


def test_a_profile_without_rules_turns_seccomp_off(judge: Judge) -> None:
    profiles: list[dict[str, Any]] = [{}, {"defaultAction": "", "syscalls": []}]
    for profile in profiles:
        [one] = judge(files(profile), [weak_seccomp_profile, seccomp_unconfined])
        assert one.rule is seccomp_unconfined
