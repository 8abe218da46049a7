"""Partly known values: what gives something away without its variables is judged as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest
from tests.checking import check

if TYPE_CHECKING:
    from pathlib import Path

    class Findings(Protocol):
        """Return the messages about a service, by rule."""

        def __call__(
            self, body: str, image: str = ..., more: str = ..., env: str = ...
        ) -> dict[str, str]: ...


@pytest.fixture
def findings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Findings:
    def found(
        body: str, image: str = "alpine:3.23", more: str = "", env: str = ""
    ) -> dict[str, str]:
        monkeypatch.chdir(tmp_path)
        text = f"services:\n  s:\n    image: {image}\n    {body}\n{more}\n"
        (tmp_path / "compose.yaml").write_text(text)
        (tmp_path / ".env").write_text(f"Y=un\n{env}\n")
        judged = [one for verdict in check(["."]) for one in verdict.findings]
        every = [two for one in judged for two in (one, *one.absorbed)]
        return {one.rule.name: one.finding.message for one in every}

    return found


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        ('privileged: "${X}true"', "privileged-container"),
        ('privileged: "t${X}rue"', "privileged-container"),
        ("pid: ${X}host", "host-pid-namespace"),
        ("ipc: host${X}", "host-ipc-namespace"),
        ("uts: ${X}host", "host-uts-namespace"),
        ("cgroup: ${X}host", "host-cgroup-namespace"),
        ("userns_mode: ${X}host", "host-user-namespace"),
        ("network_mode: ${X}host", "host-network-namespace"),
        ("user: ${X}root", "root-user"),
        ("user: 0${X}:${GID}", "root-user"),
        ('cap_add: ["${X}SYS_ADMIN"]', "host-takeover-capability"),
        ('cap_add: ["CAP_${X}sys_admin"]', "host-takeover-capability"),
        ('cap_add: ["${X}ALL"]', "host-takeover-capability"),
        ('security_opt: ["seccomp:${X}unconfined"]', "seccomp-unconfined"),
        ('security_opt: ["${X}apparmor=unconfined"]', "apparmor-unconfined"),
        ('security_opt: ["label${X}:disable"]', "selinux-disabled"),
        ('security_opt: ["${X}systempaths=unconfined"]', "system-paths-unmasked"),
        ('group_add: ["${X}docker"]', "privileged-group"),
        ('devices: ["${X}/dev/sda:/dev/sda"]', "host-disk-device"),
        ('devices: ["/dev/${X}mem"]', "host-memory-device"),
        ('devices: [{source: "${X}/dev/sda", target: /dev/sda}]', "host-disk-device"),
        ('device_cgroup_rules: ["${X}a *:* rwm"]', "wildcard-device-rule"),
        ('oom_kill_disable: "${X}true"', "oom-killer-disabled"),
        ('volumes: ["${X}/:/h"]', "host-root-mounted"),
        ('volumes: ["/${X}:/h"]', "host-root-mounted"),
        ('volumes: ["/:/h${X}"]', "host-root-mounted"),
        ('volumes: ["${X}/etc:/e"]', "sensitive-host-path-writable"),
        ('volumes: ["/et${X}c:/e"]', "sensitive-host-path-writable"),
        ('volumes: ["/proc:/p:${X}rw"]', "kernel-interface-mounted"),
        ('volumes: [{type: bind, source: "${X}/", target: /h}]', "host-root-mounted"),
        ('volumes: [{type: "${X}bind", source: /, target: /h}]', "host-root-mounted"),
        ('ports: ["${X}0.0.0.0:2375:2375"]', "daemon-api-over-tcp"),
        ('post_start: [{command: id, privileged: "${X}true"}]', "privileged-hook"),
        ('environment: ["MYSQL_ALLOW_EMPTY_PASSWORD=${X}yes"]', "empty-password-allowed"),
        ('environment: {MYSQL_ALLOW_EMPTY_PASSWORD: "${X}yes"}', "empty-password-allowed"),
    ],
)
def test_what_gives_something_away_is_judged(findings: Findings, body: str, rule: str) -> None:
    image = {"daemon": "docker:29-dind", "empty-": "mysql:9.5"}.get(rule[:6], "alpine:3.23")
    messages = findings(body, image)
    assert "` is unset)" in messages[rule]


@pytest.mark.parametrize(
    "body",
    [
        "privileged: ${X}",  # Compose takes it as unset, or rejects it
        "privileged: ${X:?}true",  # must have a value
        'privileged: "${Y}true"',  # has one
        "pid: container:${X}",
        "network_mode: service:${X}",
        'user: "${X}:${Z}"',
        "user: ${X}1000",
        'cap_add: ["NET_${X}"]',
        'security_opt: ["apparmor:${X}"]',
        'security_opt: ["seccomp:${X}/profile.json"]',
        'volumes: ["${X}:/data"]',
        'volumes: ["${X}/data:/data"]',
        'volumes: ["./${X}/etc:/data"]',
        'volumes: ["${HOME}${X}/:/data"]',
        'volumes: ["${X}named:/data"]',
        'volumes: ["/etc:/e:${X}"]',
        'devices: ["${X}:/dev/ttyUSB0"]',
        'group_add: ["${X}"]',
        'ports: ["${X}:5432:5432"]',
        'device_cgroup_rules: ["c ${X}:* rwm"]',
    ],
)
def test_what_says_nothing_without_its_variables_stays_open(findings: Findings, body: str) -> None:
    messages = findings(body)
    assert not [one for one in messages.values() if "is unset)" in one]


def test_a_part_is_unset_behind_a_variable_of_a_file(findings: Findings) -> None:
    message = findings("privileged: ${A}", env="A=${B}true")["privileged-container"]
    assert message.endswith("(`${A}` from `.env`, `${B}` is unset)")


@pytest.mark.parametrize(
    "more",
    [
        'volumes: {data: {driver_opts: {type: none, o: bind, device: "${X}/"}}}',
        'volumes: {data: {driver_opts: {type: none, o: "${X}bind", device: /}}}',
    ],
)
def test_a_volume_is_what_its_options_are_without_variables(findings: Findings, more: str) -> None:
    messages = findings('volumes: ["data:/h"]', more=more)
    assert "whole file system" in messages["host-root-mounted"]


def test_a_judged_mount_is_not_called_unknown(findings: Findings) -> None:
    assert "security-setting-from-environment" not in findings('volumes: ["${X}/:/h"]')
    assert "security-setting-from-environment" in findings('volumes: ["${X}/data:/h"]')


def test_a_limit_of_zero_is_none(findings: Findings) -> None:
    message = findings('mem_limit: "${X}0"')["unlimited-resources"]
    assert "the memory and processes" in message


@pytest.mark.parametrize("name", ["host", "${X}host"])
def test_the_default_network_may_be_that_of_the_host(findings: Findings, name: str) -> None:
    more = f'networks: {{default: {{external: true, name: "{name}"}}}}'
    assert "`host` rejects" in findings("init: true", more=more)["invalid-namespace"]
    assert "invalid-namespace" not in findings("network_mode: host", more=more)
    assert "invalid-namespace" not in findings("init: true")
