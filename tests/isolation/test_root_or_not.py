"""What a capability is worth: each rule about one asks who the user is.

That the kernel does the same is in test_capability_records.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.isolation.connection import HOST, Node
from tightship.isolation.profile import Profile
from tightship.isolation.reach_map import ReachMap
from tightship.isolation.weakness import POWERFUL_GROUP

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.isolation.conftest import ContainerOf

NO_MORE = 'security_opt: ["no-new-privileges:true"]'
OTHER = 'user: "1000:1000"'
# What the rules say to root, to another user, and to one who gains no privileges.
WORTH = {
    "cap_add: [SYS_ADMIN]": ("host-takeover-capability", "error", "warning", "info"),
    "cap_add: [SYS_ADMIN], cap_drop: [ALL]": (
        *("host-takeover-capability", "error", "warning", "info"),
    ),
    "cap_add: [ALL]": ("host-takeover-capability", "error", "warning", "info"),
    "cap_add: [SYS_PTRACE]": ("dangerous-capability", "warning", "info", "info"),
    "cap_add: [NET_ADMIN]": ("dangerous-capability", "info", "info", "info"),
    "cap_add: [SYS_TIME]": ("host-clock-control", "warning", "info", "info"),
    "cap_add: [SYSLOG]": ("host-log-access", "warning", "info", "info"),
    "cap_add: [AUDIT_CONTROL]": ("audit-control", "warning", "info", "info"),
    "cap_add: [SYS_PTRACE], pid: host": (*("host-process-control", "error", "warning", None),),
    "cap_add: [NET_ADMIN], network_mode: host": (*("host-network-control", "warning", None, None),),
    "device_cgroup_rules: ['b *:* rwm']": (
        *("wildcard-device-rule", "error", "warning", "warning"),
    ),
    "privileged: true": ("privileged-container", "error", "error", "warning"),
}


def severity(judge: Judge, body: str, rule: str) -> str | None:
    found = [one for one in judge(service(body)) if one.rule.name == rule]
    return found[0].severity.word if found else None


@pytest.mark.parametrize("body", WORTH)
def test_the_user_decides_the_effect_of_a_capability(judge: Judge, body: str) -> None:
    rule, as_root, as_other, with_no_more = WORTH[body]
    assert severity(judge, body, rule) == as_root
    assert severity(judge, f"{body}, user: root", rule) == as_root
    assert severity(judge, f"{body}, {NO_MORE}", rule) == as_root
    assert severity(judge, f"{body}, {OTHER}", rule) == as_other
    assert severity(judge, f"{body}, {OTHER}, {NO_MORE}", rule) == with_no_more


@pytest.mark.parametrize(
    "user", ["${WHO}", "app", "toor", '"${WHO:-}"', "0:0", '":1000"', "${WHO:-root}"]
)
def test_a_user_who_may_be_root_counts_as_root(judge: Judge, user: str) -> None:
    body = f"cap_add: [SYS_ADMIN], user: {user}, {NO_MORE}"
    assert severity(judge, body, "host-takeover-capability") == "error"


def test_the_condition_is_named_where_the_user_is_unknown(judge: Judge) -> None:
    for user, ending in (("root", "the host: it can"), ("app", "if it runs as root: it")):
        [message] = [
            one.finding.message
            for one in judge(service(f"cap_add: [SYS_ADMIN], user: {user}"))
            if one.rule.name == "host-takeover-capability"
        ]
        assert ending in message


BUILT = """
services:
  s: {build: ., cap_add: [SYS_ADMIN]}
"""


@pytest.mark.parametrize(
    ("dockerfile", "wanted"),
    [
        ("FROM debian:13\nUSER 1000\n", "warning"),
        ("FROM debian:13\nRUN useradd app\nUSER app\n", "warning"),
        ("FROM debian:13\nRUN useradd -o -u 0 app\nUSER app\n", "error"),
        ("FROM debian:13\nUSER app\n", "error"),
        ("FROM debian:13\n", "error"),
        ("FROM scratch\n", "error"),
        ("FROM example/base:1\n", "error"),
        ('FROM debian:13\nENTRYPOINT ["gosu", "app", "serve"]\n', "error"),
        ("FROM debian:13\nARG WHO\nUSER ${WHO}\n", "error"),
    ],
)
def test_the_user_of_the_built_image_counts_like_user(
    judge: Judge, dockerfile: str, wanted: str
) -> None:
    files = {"compose.yaml": BUILT, "Dockerfile": dockerfile}
    found = [one for one in judge(files) if one.rule.name == "host-takeover-capability"]
    assert [one.severity.word for one in found] == [wanted]


def test_user_wins_over_the_user_of_the_image(judge: Judge) -> None:
    text = BUILT.replace("build: .", "build: ., user: root")
    files = {"compose.yaml": text, "Dockerfile": "FROM debian:13\nUSER 1000\n"}
    found = [one for one in judge(files) if one.rule.name == "host-takeover-capability"]
    assert [one.severity.word for one in found] == ["error"]


@pytest.mark.parametrize(
    ("image", "wanted"),
    [("grafana/grafana:12.0.0", "warning"), ("redis:8.0", "error")],
    ids=["a USER of its own", "an entrypoint that switches"],
)
def test_the_user_of_a_known_image_counts_like_user(judge: Judge, image: str, wanted: str) -> None:
    text = f"services: {{s: {{image: '{image}', cap_add: [SYS_ADMIN]}}}}\n"
    found = [one for one in judge(text) if one.rule.name == "host-takeover-capability"]
    assert [one.severity.word for one in found] == [wanted]


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("cap_sys_admin+ep", "error"),
        ("cap_chown,cap_sys_admin=eip", "error"),
        ("=ep", "error"),
        ("cap_net_raw+ep", "warning"),
        ("cap_sys_admin+i", "warning"),
    ],
)
def test_a_program_of_the_image_with_the_file_capability_has_it(
    judge: Judge, given: str, wanted: str
) -> None:
    dockerfile = f"FROM debian:13\nRUN setcap {given} /usr/bin/mounter\nUSER 1000\n"
    files = {"compose.yaml": BUILT, "Dockerfile": dockerfile}
    found = [one for one in judge(files) if one.rule.name == "host-takeover-capability"]
    assert [one.severity.word for one in found] == [wanted]


def test_a_hook_as_root_has_the_capability_in_spite_of_no_new_privileges(judge: Judge) -> None:
    body = f"cap_add: [SYS_ADMIN], {OTHER}, {NO_MORE}"
    for hook, wanted in (
        ("post_start: [{command: a, user: root}]", "warning"),
        ('post_start: [{command: a, user: "${WHO}"}]', "warning"),
        ('post_start: [{command: a, user: "1001"}]', "info"),
        ("post_start: [{command: a, user: ''}]", "info"),
        ("post_start: [{command: a}]", "info"),
    ):
        found = severity(judge, f"{body}, {hook}", "host-takeover-capability")
        assert found == wanted


def test_a_privileged_hook_has_capabilities_only_as_root(
    judge: Judge, container_of: ContainerOf
) -> None:
    hook = "post_start: [{command: a, privileged: true%s}]"
    for body, wanted, grade in (
        (hook % "", "warning", "F"),
        (f"{OTHER}, {hook % ''}", "info", "D"),
        (f"{OTHER}, {hook % ', user: root'}", "warning", "F"),
        (f"{OTHER}, {NO_MORE}, {hook % ''}", "info", "B"),
        (f"user: root, {hook % ', user: 1000:1000'}", "info", "E"),
    ):
        found = [one for one in judge(service(body)) if one.rule.name == "privileged-hook"]
        assert max(one.severity.word == "warning" for one in found) == (wanted == "warning"), body
        assert (Profile(container_of(body)).best == "F") == (grade == "F"), body


@pytest.mark.parametrize(
    ("group", "wanted"),
    [
        ("user: '1000:6'", "error"),
        ("user: '1000', group_add: [disk]", "error"),
        ("user: '1000', devices: [/dev/sda]", "error"),
        ("user: '1000', group_add: [audio]", "warning"),
        ("user: '1000', group_add: ['${GID}']", "error"),
        ("user: '1000:${GID}'", "error"),
    ],
)
def test_a_privileged_user_with_a_disk_has_the_host(
    judge: Judge, container_of: ContainerOf, group: str, wanted: str
) -> None:
    body = f"privileged: true, {group}, {NO_MORE}"
    assert severity(judge, body, "privileged-container") == wanted
    assert (Profile(container_of(body)).best == "F") == (wanted == "error")


def test_no_capability_is_suggested_to_a_user_who_would_not_have_it(judge: Judge) -> None:
    body = "privileged: true, pid: host, volumes: ['/dev/net/tun:/dev/net/tun']"
    for user, wanted in (("user: root", True), (OTHER, False)):
        [one] = [
            one
            for one in judge(service(f"{body}, {user}"))
            if one.rule.name == "privileged-container"
        ]
        assert one.finding.fix is not None
        assert ("the capability" in (one.finding.fix.may_break or "")) == wanted
        assert "the device `/dev/net/tun`" in (one.finding.fix.may_break or "")


@pytest.mark.parametrize("first", ["6", "docker", "042"])
def test_the_first_group_of_a_user_counts_like_others(judge: Judge, first: str) -> None:
    assert severity(judge, f"user: '1000:{first}'", "privileged-group") == "warning"
    assert severity(judge, "user: '1000:0'", "privileged-group") is None


def test_an_undecided_group_may_be_privileged(container_of: ContainerOf) -> None:
    profile = Profile(container_of('user: "1000", group_add: [audio, "${GID}"]'))
    [row] = [row for row in profile.rows if row.mechanism == "group"]
    assert (row.mark, row.possible) == ("unknown", (POWERFUL_GROUP,))
    plain = Profile(container_of('user: "1000", group_add: [audio]'))
    assert not [row for row in plain.rows if row.mechanism == "group"]


GRADES = {
    "cap_add: [SYS_ADMIN]": ("F", "E", "C"),
    "cap_add: [ALL]": ("F", "E", "C"),
    "pid: host, cap_add: [SYS_PTRACE]": ("F", "E", "D"),
    "device_cgroup_rules: ['a *:* rwm']": ("F", "D", "D"),
    "privileged: true": ("F", "F", "E"),
}


@pytest.mark.parametrize("body", GRADES)
def test_grade_and_map_know_the_user(container_of: ContainerOf, body: str) -> None:
    users = ("user: root", OTHER, f"{OTHER}, {NO_MORE}")
    for user, grade in zip(users, GRADES[body], strict=True):
        profile = Profile(container_of(f"{body}, {user}"))
        assert profile.best == profile.worst == grade, (user, profile.weaknesses)
        ways = ReachMap([profile]).ways_from(Node("service", "s"), certain=True)
        assert (HOST in ways) == (grade == "F")


def test_an_unknown_user_keeps_the_worst_grade(container_of: ContainerOf) -> None:
    for user in ('"${WHO}"', "app"):
        profile = Profile(container_of(f"cap_add: [SYS_ADMIN], user: {user}"))
        assert profile.best == profile.worst == "F"


def test_low_ports_need_a_capability_where_a_sysctl_takes_them_from_users(judge: Judge) -> None:
    for sysctl, needs in (
        ("", False),
        ("sysctls: {net.ipv4.ip_unprivileged_port_start: 1024}, ", True),
        ("sysctls: [net.ipv4.ip_unprivileged_port_start=0], ", False),
    ):
        text = f"services:\n  s: {{{sysctl}image: 'nginx:1.29'}}\n"
        [one] = [one for one in judge(text) if one.rule.name == "default-capabilities-kept"]
        assert one.finding.fix is not None
        edits = "".join(edit.text for edit in one.finding.fix.edits)
        assert ("NET_BIND_SERVICE" in edits) == needs
