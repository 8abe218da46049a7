"""The rule `privileged-container`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.capabilities.privileged_container import privileged_container

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

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


def test_settings_unaffected_by_privileged_are_reported(judge: Judge) -> None:
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


def test_privileged_from_an_anchor_is_set_to_false(fixed: Fixed) -> None:
    text = "x: &b {privileged: true}\nservices:\n  s: {<<: *b, privileged: true}\n"
    assert "{<<: *b, privileged: false}" in fixed(text, privileged_container)


def test_a_service_that_is_an_alias_has_no_fix(judge: Judge) -> None:
    text = "x: &b {privileged: true}\nservices:\n  s: *b\n"
    [one] = judge(text, [privileged_container])
    assert one.finding.fix is None


def test_privileged_removed_by_an_override_is_silent(found: Found) -> None:
    files = {
        "compose.yaml": service("privileged: true"),
        "compose.override.yaml": "services:\n  s: {privileged: false}\n",
    }
    assert found(files, privileged_container) == []


def test_the_override_of_a_base_is_marked(judge: Judge) -> None:
    files = {
        "compose.yaml": service("privileged: true"),
        "compose.override.yaml": "services:\n  s: {privileged: true}\n",
    }
    [one] = judge(files, [privileged_container])
    assert one.span.source.name == "compose.override.yaml"
    # To remove it there would bring back what the base has.
    assert one.finding.fix is not None
    assert [edit.text for edit in one.finding.fix.edits] == ["false"]
