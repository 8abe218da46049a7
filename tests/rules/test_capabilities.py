"""The rules about capabilities, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.capabilities.capability_drop_defeated import (
    capability_drop_defeated,
)
from tightship.rules.compose.capabilities.dangerous_capability import (
    dangerous_capability,
)
from tightship.rules.compose.capabilities.default_capabilities_kept import (
    default_capabilities_kept,
)
from tightship.rules.compose.capabilities.host_takeover_capability import (
    host_takeover_capability,
)
from tightship.rules.compose.capabilities.privileged_container import (
    privileged_container,
)
from tightship.rules.compose.capabilities.unknown_capability import (
    unknown_capability,
)
from tightship.values.capability import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def service(body: str) -> str:
    return f"services:\n  s: {{image: x, {body}}}\n"


WRECK = """
services:
  s:
    image: x
    privileged: true
    cap_add: [SYS_ADMIN, SYS_PTRACE, SYS_MODULE]
    cap_drop: [NET_RAW]
    security_opt:
      - seccomp=unconfined
      - apparmor=unconfined
      - label=disable
      - systempaths=unconfined
    devices: [/dev/sda, /dev/mem, /dev/kmsg:r]
    device_cgroup_rules: ["a *:* rwm"]
    pid: host
    user: root
    volumes: [/dev:/dev]
"""


def test_a_privileged_container_is_one_error(judge: Judge) -> None:
    [error] = [one for one in judge(WRECK) if one.rule is privileged_container]
    unconfined = {"capabilities", "mandatory_access", "devices"}
    assert {one.rule.theme for one in error.absorbed} >= unconfined
    others = [one for one in judge(WRECK) if one.rule is not privileged_container]
    assert not {one.rule.theme for one in others} & unconfined


def test_what_privileges_do_not_lift_is_reported_beside_them(judge: Judge) -> None:
    names = {one.rule.name for one in judge(WRECK)}
    assert {
        "host-pid-namespace",
        "root-user",
        "unlimited-resources",
        "writable-root-filesystem",
    } <= names


def test_an_anchor_that_two_services_use_is_reported_once(judge: Judge) -> None:
    text = """
x-base: &base {privileged: true}
services:
  a: {<<: *base, image: x}
  b: {<<: *base, image: y}
"""
    [one] = judge(text, [privileged_container])
    assert one.span.text == "true"
    assert [r.span.text for r in one.finding.because] == ["b"]


@pytest.mark.parametrize(
    "text",
    [
        service("privileged: 'False'"),
        service("privileged: ${P}"),
        service("privileged: ${P:-no}"),
        service("extends: base"),
        "x-base: {privileged: true}\nservices:\n  s: {image: x}\n",
        "x-base: &b {privileged: true}\nservices:\n  s: {<<: *b, privileged: false}\n",
        "services:\n  s: {provider: {type: x}, privileged: true}\n",
    ],
)
def test_not_privileged(found: Found, text: str) -> None:
    assert found(text, privileged_container) == []


def test_privileges_that_an_anchor_would_bring_back_are_denied(fixed: Fixed) -> None:
    text = "x: &b {privileged: true}\nservices:\n  s: {<<: *b, privileged: true}\n"
    assert "{<<: *b, privileged: false}" in fixed(text, privileged_container)


def test_a_service_that_is_an_alias_has_no_fix(judge: Judge) -> None:
    text = "x: &b {privileged: true}\nservices:\n  s: *b\n"
    [one] = judge(text, [privileged_container])
    assert one.finding.fix is None


def test_privileges_that_an_override_takes_away_are_gone(found: Found) -> None:
    files = {
        "compose.yaml": service("privileged: true"),
        "compose.override.yaml": "services:\n  s: {privileged: false}\n",
    }
    assert found(files, privileged_container) == []


def test_of_a_base_and_its_override_the_last_word_is_marked(judge: Judge) -> None:
    files = {
        "compose.yaml": service("privileged: true"),
        "compose.override.yaml": "services:\n  s: {privileged: true}\n",
    }
    [one] = judge(files, [privileged_container])
    assert one.span.source.name == "compose.override.yaml"
    # To remove it there would bring back what the base has.
    assert one.finding.fix is not None
    assert [edit.text for edit in one.finding.fix.edits] == ["false"]


@pytest.mark.parametrize(
    "name", ["SYS_ADMIN", "sys_module", "CAP_SYS_RAWIO", "cap_dac_read_search", "All"]
)
def test_what_hands_over_the_host(found: Found, name: str) -> None:
    assert found(service(f"cap_add: [{name}]"), host_takeover_capability) == [
        ("error", name)
    ]


def test_all_added_and_dropped_points_at_the_drop_that_fails(judge: Judge) -> None:
    text = service("cap_add: [ALL], cap_drop: [all]")
    rules = [host_takeover_capability, dangerous_capability, capability_drop_defeated]
    [one] = judge(text, rules)
    assert one.rule is host_takeover_capability
    assert [r.span.text for r in one.finding.because] == ["all"]


def test_all_without_the_worst_is_dangerous_still(judge: Judge) -> None:
    text = service(
        "cap_add: [ALL], cap_drop: [SYS_ADMIN, SYS_MODULE, SYS_RAWIO, DAC_READ_SEARCH]"
    )
    [one] = judge(text, [host_takeover_capability, dangerous_capability])
    assert one.rule is dangerous_capability
    assert one.severity.word == "warning"
    assert "`BPF` among them" in one.finding.message


def test_what_is_taken_back_from_all_is_no_finding_of_its_own(found: Found) -> None:
    text = service("cap_add: [ALL, SYS_ADMIN], cap_drop: [SYS_ADMIN]")
    assert found(text, host_takeover_capability) == [("error", "ALL")]


def test_sys_module_speaks_for_the_modules_too(judge: Judge) -> None:
    for one in judge(service("cap_add: [SYS_MODULE]")):
        assert one.rule.name != "kernel-modules-exposed"
        if one.rule is host_takeover_capability:
            assert [a.rule.name for a in one.absorbed] == ["kernel-modules-exposed"]


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
def test_what_is_dangerous(found: Found, name: str, grade: str) -> None:
    text = service(f"cap_add: [{name}]")
    assert found(text, dangerous_capability) == [(grade, name)]


def test_what_docker_grants_anyway_may_be_added(judge: Judge) -> None:
    text = service(f"cap_add: [{', '.join(DEFAULT_CAPABILITIES)}]")
    rules = [dangerous_capability, host_takeover_capability]
    assert judge(text, rules) == []


def test_the_hosts_network_may_be_another_services(judge: Judge) -> None:
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
    assert one.finding.message.endswith(", with the default of `${EXTRA}`")


@pytest.mark.parametrize(
    "body",
    [
        "cap_drop: [ALL]",
        "cap_drop: [all, NET_RAW]",
        "cap_drop: ['${DROP:-ALL}']",
        "extends: base",
        "cap_add: [ALL]",
        f"cap_drop: [{', '.join(DEFAULT_CAPABILITIES)}]",
    ],
)
def test_nothing_is_kept_unasked(found: Found, body: str) -> None:
    assert found(service(body), default_capabilities_kept) == []


def test_what_is_kept_is_counted(judge: Judge) -> None:
    text = service("cap_drop: [CAP_NET_RAW, SYS_ADMIN], cap_add: [chown]")
    [one] = judge(text, [default_capabilities_kept])
    assert "keeps 12 of Docker's default capabilities" in one.finding.message


def test_a_drop_list_from_an_anchor_is_written_out_at_the_service(fixed: Fixed) -> None:
    text = """\
x-drop: &drop
  cap_drop: [NET_RAW]
services:
  s:
    <<: *drop
    image: x
"""
    after = fixed(text, default_capabilities_kept)
    assert after == f"{text}    cap_drop:\n      - NET_RAW\n      - ALL\n"


def test_an_addition_defeats_a_drop_in_any_spelling(judge: Judge) -> None:
    text = service("cap_drop: [net_raw, KILL], cap_add: [CAP_NET_RAW]")
    [one] = judge(text, [capability_drop_defeated])
    assert one.span.text == "net_raw"
    assert one.severity.word == "warning"
    assert [r.span.text for r in one.finding.because] == ["CAP_NET_RAW"]


@pytest.mark.parametrize(
    "body",
    [
        "cap_drop: [ALL], cap_add: [NET_RAW]",
        "cap_drop: [ALL, SYS_ADMIN]",
        "cap_drop: ['${DROP}', SYS_ADMIN]",
        "cap_drop: [SYS_ADMIN], cap_add: [ALL]",
        "cap_drop: [SYS_ADMIN], cap_add: ['${ADD}']",
        "cap_drop: [SYSADMIN]",
        "cap_drop: [NET_RAW], cap_add: [CHOWN]",
    ],
)
def test_a_drop_that_may_take_effect(found: Found, body: str) -> None:
    assert found(service(body), capability_drop_defeated) == []


def test_beside_all_an_item_is_still_defeated_by_its_addition(found: Found) -> None:
    text = service("cap_drop: [ALL, NET_RAW], cap_add: [NET_RAW]")
    assert found(text, capability_drop_defeated) == [("warning", "NET_RAW")]


def test_under_privileged_the_whole_list_is_dead_once(found: Found) -> None:
    text = service("privileged: true, cap_drop: [NET_RAW, KILL], cap_add: [KILL]")
    assert found(text, capability_drop_defeated) == [("info", "[NET_RAW, KILL]")]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SYS_ADMN", "SYS_ADMIN"),
        ("NET-RAW", "NET_RAW"),
        ("cap_net_bind_servcie", "NET_BIND_SERVICE"),
        ("CAP_ALL", "ALL"),
        ('" KILL"', "KILL"),
    ],
)
def test_one_slip_is_put_right(
    judge: Judge, fixed: Fixed, written: str, meant: str
) -> None:
    text = service(f"cap_drop: [CHOWN, {written}]")
    [one] = judge(text, [unknown_capability])
    assert one.finding.message.endswith(f"did you mean `{meant}`?")
    after = fixed(text, unknown_capability)
    assert judge(after, [unknown_capability]) == []
    assert meant in after


@pytest.mark.parametrize("item", ["NETWORK", "SYS_", "'${X:-SYS_ADMN}'"])
def test_what_is_not_sure_is_not_put_right(
    judge: Judge, fixed: Fixed, item: str
) -> None:
    text = service(f"cap_add: [{item}]")
    assert len(judge(text, [unknown_capability])) == 1
    assert fixed(text, unknown_capability) == text


def test_known_names_in_any_spelling(found: Found) -> None:
    text = service("cap_add: [cap_kill, Kill, ALL, '${X}'], cap_drop: [all, ]")
    assert found(text, unknown_capability) == []
