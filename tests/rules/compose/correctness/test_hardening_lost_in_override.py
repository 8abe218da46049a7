"""The rule `hardening-lost-in-override`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import HARDENED, say, two

from tightship.rules.compose.correctness.hardening_lost_in_merge import (
    hardening_lost_in_merge as lost_in_merge,
)
from tightship.rules.compose.correctness.hardening_lost_in_override import (
    hardening_lost_in_override as lost_in_override,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("base", "over", "place"),
    [
        ("privileged: false", "privileged: true", "true"),
        ("user: '1000'", "user: '0:0'", "'0:0'"),
        ("pid: private", "pid: host", "host"),
        ("network_mode: none", "network_mode: host", "host"),
        ("network_mode: none", "network_mode: bridge", "bridge"),
        ("runtime: runsc", "runtime: runc", "runc"),
        ("runtime: io.containerd.kata.v2", "runtime: !reset null", "runtime"),
        ("mem_limit: 1g", "mem_limit: 0", "0"),
        ("pids_limit: 9", "pids_limit: -1", "-1"),
        ("ulimits: {nproc: 9}", "ulimits: {nproc: -1}", "-1"),
        ("oom_kill_disable: false", "oom_kill_disable: true", "true"),
        ("cap_drop: [ALL]", "cap_drop: !override [NET_RAW]", "cap_drop"),
        ("cap_drop: [ALL]", "cap_drop: !reset []", "cap_drop"),
        ("read_only: true", "read_only: !reset null", "read_only"),
        (
            "deploy: {resources: {limits: {pids: 9}}}",
            "deploy: {resources: {limits: !reset null}}",
            "limits",
        ),
        ("security_opt: [label=type:a_t]", "security_opt: [label:disable]", "label:d"),
        ("volumes: ['/etc:/e:ro']", "volumes: ['/etc:/e/']", "'/etc:/e/'"),
        (
            "security_opt: [seccomp=a.json]",
            "security_opt: [seccomp=b.json, seccomp=unconfined]",
            "seccomp=unconfined",
        ),
    ],
)
def test_hardening_lost_by_an_override(judge: Judge, base: str, over: str, place: str) -> None:
    files = two(
        f"services:\n  web:\n    image: nginx\n    {base}\n", f"services:\n  web:\n    {over}\n"
    )
    [found] = judge(files, [lost_in_override])
    assert found.span.source.name == "compose.override.yaml"
    assert found.span.text.startswith(place)
    assert found.finding.because[0].span.source.name == "compose.yaml"


@pytest.mark.parametrize(
    ("base", "over"),
    [
        ("privileged: false", "privileged: !reset null"),
        ("privileged: false", "privileged: ${PRIVILEGED}"),
        ("user: '1000'", "user: '2000'"),
        ("pid: private", "pid: 'service:web'"),
        ("mem_limit: 1g", "mem_limit: 8g"),
        ("cap_drop: [NET_RAW]", "cap_drop: !override [ALL]"),
        ("volumes: ['./a:/e:ro']", "volumes: ['./a:/e']"),
        ("ports: ['80:80']", "ports: !reset []"),
        ("cap_drop: [ALL]", "cap_drop:"),
    ],
)
def test_harmless_overrides_are_no_loss(judge: Judge, base: str, over: str) -> None:
    files = two(
        f"services:\n  web:\n    image: nginx\n    {base}\n", f"services:\n  web:\n    {over}\n"
    )
    assert say(judge, files, lost_in_override) == []


def test_a_loss_by_an_override_of_an_anchor_belongs_to_the_file(judge: Judge) -> None:
    files = two(HARDENED, "services: {web: {read_only: false}}\n")
    [message] = say(judge, files, lost_in_merge, lost_in_override)
    assert message == (
        "service `web` loses `read_only: true` from `compose.yaml`: it is `false` here"
    )


def test_a_service_weaker_than_its_base_is_found(judge: Judge) -> None:
    files = {
        "compose.yaml": """
        services:
          web:
            extends: {file: common.yaml, service: base}
            user: root
        """,
        "common.yaml": "services: {base: {image: nginx, user: '1000'}}\n",
    }
    [message] = say(judge, files, lost_in_override)
    assert message.endswith("`user: 1000` from service `base`: it is `root` here")


def test_one_cause_is_one_finding(judge: Judge) -> None:
    files = two(
        "services: {web: {image: nginx, read_only: true}}\n",
        "services: {web: {read_only: false}}\n",
    )
    [found] = [one for one in judge(files) if one.span.text == "false"]
    assert found.rule is lost_in_override
    assert [one.rule.name for one in found.absorbed] == ["writable-root-filesystem"]


def test_a_log_that_is_discarded_has_a_rule_of_its_own(judge: Judge) -> None:
    """`logging-disabled` reports the same place."""
    base = "services:\n  web:\n    image: nginx\n    logging: {driver: local}\n"
    for over in ("{driver: none}", "!override {driver: none}"):
        files = two(base, f"services:\n  web:\n    logging: {over}\n")
        assert [*judge(files, [lost_in_override])] == []
