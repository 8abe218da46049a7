"""A seccomp profile of the project, compared with Docker's default."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tightship.isolation.mechanisms import table
from tightship.isolation.seccomp_default import ENGINES, default_profile
from tightship.isolation.seccomp_profile import RejectedProfile, SeccompProfile

if TYPE_CHECKING:
    from tests.isolation.conftest import ContainersOf

    from tightship.isolation.container import Container

ALLOW, STOP = "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO"
NEWEST = default_profile(list(ENGINES)[-1])


def rule(*names: str, action: str = ALLOW, **more: Any) -> dict[str, Any]:
    return {"names": [*names], "action": action, **more}


def argument(op: str, value: int, index: int = 0) -> dict[str, Any]:
    return {"index": index, "value": value, "op": f"SCMP_CMP_{op}"}


def with_default(*rules: dict[str, Any]) -> dict[str, Any]:
    return {**NEWEST, "syscalls": [*rules, *NEWEST["syscalls"]]}


def container_with(containers_of: ContainersOf, profile: object, service: str = "") -> Container:
    text = profile if isinstance(profile, str) else json.dumps(profile)
    option = f"security_opt: ['seccomp=./p.json'], {service}"
    compose = f"services: {{s: {{image: x, {option}}}}}\n"
    return containers_of(compose, {"p.json": text})["s"]


@pytest.mark.parametrize(
    ("profile", "opened"),
    [
        (NEWEST, ()),
        (default_profile("26.1.5"), ()),
        (with_default(rule("mount", "bpf", "keyctl")), ("mount", "bpf", "keyctl")),
        (with_default(rule("keyctl", action="SCMP_ACT_LOG")), ("keyctl",)),
        (with_default(rule("keyctl", action="SCMP_ACT_TRACE")), ("keyctl",)),
        (with_default(rule("keyctl", action="SCMP_ACT_KILL")), ()),
        (with_default(rule("keyctl", args=[argument("EQ", 7)])), ("keyctl",)),
        (with_default(rule("personality", args=[argument("LE", 9)])), ("personality",)),
        (with_default(rule("personality", args=[argument("EQ", 8)])), ()),
        (with_default(rule("socket", args=[argument("EQ", 1)])), ()),
        (
            with_default(rule("socket", args=[argument("NE", 38), argument("NE", 40)])),
            ("socket(AF_VSOCK)",),
        ),
        (with_default(rule("clone", args=[argument("EQ", 0x10000000)])), ("clone",)),
        (with_default(rule("mount", includes={"caps": ["CAP_SYS_ADMIN"]})), ()),
        (with_default(rule("mount", excludes={"caps": ["CAP_SYS_ADMIN"]})), ("mount",)),
        (with_default(rule("mount", includes={"minKernel": "3.0"})), ("mount",)),
        (with_default(rule("mkdir", action=STOP)), ()),
        ({"defaultAction": STOP, "syscalls": [rule("read", "write")]}, ()),
    ],
)
def test_the_calls_that_a_profile_opens_are_named(
    containers_of: ContainersOf, profile: object, opened: tuple[str, ...]
) -> None:
    found = container_with(containers_of, profile).seccomp_profile
    assert isinstance(found, SeccompProfile)
    assert found.opened == opened
    assert found.perhaps == ()


def test_a_list_of_refusals_opens_all_other_calls(containers_of: ContainersOf) -> None:
    profile = {"defaultAction": ALLOW, "syscalls": [rule("acct", action=STOP)]}
    container = container_with(containers_of, profile)
    found = container.seccomp_profile
    assert isinstance(found, SeccompProfile)
    assert found.opened[:4] == ("mount", "bpf", "unshare", "io_uring_setup")
    assert "acct" not in found.opened
    assert {"kexec_load", "ptrace", "read"} & {*found.opened} == {"kexec_load"}
    [row] = [row for row in table(container) if row.mechanism == "seccomp"]
    more = len(found.opened) - 2
    assert (row.mark, row.state) == (
        "weak",
        f"./p.json, allows `mount`, `bpf` and {more} more that Docker's default denies",
    )


def test_the_capabilities_of_the_container_count(containers_of: ContainersOf) -> None:
    profile = with_default(rule("mount", "sethostname"))
    for service, opened in (
        ("", ("mount", "sethostname")),
        ("cap_add: [SYS_ADMIN]", ()),
        ("cap_add: [SYS_ADMIN], cap_drop: [ALL]", ()),
        ("cap_add: [ALL], cap_drop: [SYS_ADMIN]", ("mount", "sethostname")),
    ):
        found = container_with(containers_of, profile, service).seccomp_profile
        assert isinstance(found, SeccompProfile)
        assert found.opened == opened, service


@pytest.mark.parametrize(
    ("profile", "service", "perhaps"),
    [
        (with_default(rule("mount", includes={"arches": ["arm64"]})), "", ("mount",)),
        (with_default(rule("mount", includes={"minKernel": "6.9"})), "", ("mount",)),
        (with_default(rule("mount", action="SCMP_ACT_NOTIFY")), "", ("mount",)),
        (with_default(rule("mount")), "cap_add: ['${MORE}']", ("mount",)),
        (with_default(rule("a_call_of_next_year")), "", ("a_call_of_next_year",)),
    ],
)
def test_decisions_of_the_host_are_unknown(
    containers_of: ContainersOf, profile: object, service: str, perhaps: tuple[str, ...]
) -> None:
    container = container_with(containers_of, profile, service)
    found = container.seccomp_profile
    assert isinstance(found, SeccompProfile)
    assert (found.opened, found.perhaps) == ((), perhaps)
    [row] = [row for row in table(container) if row.mechanism == "seccomp"]
    assert row.mark == "unknown"


@pytest.mark.parametrize(
    ("profile", "mark", "state"),
    [
        (NEWEST, "strong", "./p.json, as Docker's default"),
        (
            default_profile("29.0"),
            "unknown",
            "./p.json, allows `socket(AF_ALG)` as engines before 29.4.2 do",
        ),
        ({"defaultAction": STOP}, "strong", "./p.json, stricter than Docker's default"),
        (
            with_default(rule("mkdir", action="SCMP_ACT_KILL")),
            "strong",
            "./p.json, stricter than Docker's default",
        ),
        ({"defaultAction": ALLOW}, "weak", "./p.json, which allows everything"),
        ({}, "weak", "off: `./p.json` has no rules"),
        ("null", "weak", "off: `./p.json` has no rules"),
        ("{", "unknown", "./p.json, which Compose rejects"),
        ("[]", "unknown", "./p.json, which the Docker Engine rejects"),
    ],
)
def test_the_row_describes_the_difference_of_the_profile(
    containers_of: ContainersOf, profile: object, mark: str, state: str
) -> None:
    container = container_with(containers_of, profile)
    [row] = [row for row in table(container) if row.mechanism == "seccomp"]
    assert (row.mark, row.state) == (mark, state)


# Each was seen on Engine 26.1.5 with Compose 2.26.1.
@pytest.mark.parametrize(
    ("text", "by", "why"),
    [
        ("{", "Compose", "not valid JSON"),
        ('{"x": NaN}', "Compose", "not valid JSON"),
        ("[" * 5000, "Compose", "not valid JSON"),
        ("[]", "the Docker Engine", "not an object"),
        ('{"syscalls": [{"names": ["bpf"], "action": "SCMP_ACT_ERRNO"}]}', "", "``"),
        ('{"defaultAction": "scmp_act_allow"}', "", "`scmp_act_allow`"),
        ('{"defaultAction": 1}', "", "`defaultAction` is not a text"),
        ('{"defaultAction": "SCMP_ACT_LOG", "syscalls": [{"names": ["a"]}]}', "", "``"),
        ('{"defaultAction": "SCMP_ACT_LOG", "syscalls": [null]}', "", "null"),
        ('{"defaultAction": "SCMP_ACT_LOG", "syscalls": {}}', "", "not a list"),
        ('{"defaultAction": "SCMP_ACT_LOG", "defaultErrnoRet": 1.0}', "", "a number"),
        ('{"defaultAction": "SCMP_ACT_LOG", "architectures": ["x"]}', "", "`x`"),
        (
            '{"defaultAction": "SCMP_ACT_LOG", "architectures": ["SCMP_ARCH_X86"],'
            ' "archMap": [{"architecture": "SCMP_ARCH_X86_64"}]}',
            "",
            "both `architectures` and `archMap`",
        ),
        *(
            (json.dumps({"defaultAction": ALLOW, "syscalls": [one]}), "", why)
            for one, why in (
                (rule("bpf", name="bpf"), "both `name` and `names`"),
                (rule(""), "an empty call"),
                (rule("bpf", args=[{"index": 0}]), "has no `op`"),
                (rule("bpf", args=[argument("FOO", 0)]), "`SCMP_CMP_FOO`"),
                (rule("bpf", args=[argument("EQ", 0, 6)]), "at most 5"),
                (rule("bpf", args=[argument("EQ", -1)]), "out of range"),
                (rule("bpf", includes={"minKernel": "4"}), "`4`"),
                (rule("bpf", includes={"minKernel": "0.0"}), "`0.0`"),
                (rule("bpf", includes={"minKernel": "4.8.1"}), "`4.8.1`"),
            )
        ),
    ],
)
def test_a_profile_that_is_rejected_is_a_fault(
    containers_of: ContainersOf, text: str, by: str, why: str
) -> None:
    found = container_with(containers_of, text).seccomp_profile
    assert isinstance(found, RejectedProfile)
    assert found.by == (by or "the Docker Engine")
    assert why in found.why


@pytest.mark.parametrize(
    "profile",
    [
        {"DefaultAction": STOP, "SYSCALLS": None},
        {"defaultAction": STOP, "comment": 1, "archMap": [{"architecture": "FOO"}]},
        {"defaultAction": STOP, "syscalls": [{"action": ALLOW}]},
        {
            "defaultAction": STOP,
            "syscalls": [rule("bpf", action="FOO", includes={"arches": ["s390x"]})],
        },
    ],
)
def test_unusual_profiles_that_the_engine_accepts_are_read(
    containers_of: ContainersOf, profile: object
) -> None:
    found = container_with(containers_of, profile).seccomp_profile
    assert isinstance(found, SeccompProfile)
    assert found.is_stricter
