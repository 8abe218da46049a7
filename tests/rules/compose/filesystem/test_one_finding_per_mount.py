"""Each mount is one finding, by the rule that knows most of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said
from tests.rules.compose.filesystem.conftest import MOUNT_RULES, volumes, with_fixes

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("entry", "rule", "grade"),
    [
        ("/:/host", "host-root-mounted", "error"),
        ("/:/host:ro", "host-root-mounted", "error"),
        ("/:/host:${MODE}", "host-root-mounted", "error"),
        ("/run/docker.sock:/s", "docker-socket-mounted", "error"),
        ("/run/docker.sock:/s:ro,z", "docker-socket-mounted", "error"),
        ("/etc:/e", "sensitive-host-path-writable", "error"),
        ("/etc:/e:ro", "sensitive-host-path-readable", "warning"),
        ("/etc:/e:${MODE}", "sensitive-host-path-readable", "warning"),
        ("/var:/v:ro", "sensitive-host-path-readable", "error"),
        ("/etc/pihole/:/p/", "sensitive-host-path-writable", "info"),
        ("/etc/dnsmasq.d/:/d/", "sensitive-host-path-writable", "info"),
        ("~/.aws:/a", "sensitive-host-path-readable", "warning"),
        ("~/.aws:/a:ro", "sensitive-host-path-readable", "warning"),
        ("/tmp:/tmp", "world-temp-mount", "warning"),
        ("/srv:/srv:rshared", "shared-mount-propagation", "warning"),
        ("/tmp/.X11-unix/X0:/x:ro", "world-temp-mount", "warning"),
        ("/etc/localtime:/etc/localtime", "timezone-mount-writable", "info"),
    ],
)
def test_one_mount_is_reported_once(judge: Judge, entry: str, rule: str, grade: str) -> None:
    assert said(judge(volumes(entry), MOUNT_RULES)) == [(rule, grade)]


@pytest.mark.parametrize(
    "entry",
    [
        "/etc/localtime:/etc/localtime:ro",
        "/etc/timezone:/etc/timezone:ro",
        "/dev/null:/etc/motd",
        "/home/u/project:/project",
        "/var/lib/mysql:/var/lib/mysql",
        "/etc/pihole/:/p/:ro",
        "/etc/passwd:/etc/passwd:ro",
        "/usr/bin:/usr/bin:ro",
        "/srv:/srv:rslave",
        "./tmp:/tmp:z",
        "data:/etc",
        "/etc",
        "${DATA}:/data",
        "{type: tmpfs, target: /etc}",
    ],
)
def test_harmless_settings_are_silent(judge: Judge, entry: str) -> None:
    assert said(judge(volumes(entry), MOUNT_RULES)) == []


def test_unused_volumes_are_silent(judge: Judge) -> None:
    text = """
x-agent: &agent
  volumes: [/var/run/docker.sock:/var/run/docker.sock]
services:
  s: {image: x}
volumes:
  root: {driver_opts: {o: bind, device: /}}
secrets:
  api: {file: /var/run/docker.sock}
"""
    assert said(judge(text, MOUNT_RULES)) == []


def test_a_default_that_decides_is_named(judge: Judge) -> None:
    text = volumes(
        "${SOCKET:-/run/docker.sock}:/s",
        "{type: bind, source: /etc, target: /e, read_only: '${RO:-no}'}",
    )
    socket, etc = judge(text, MOUNT_RULES)
    assert socket.finding.message.endswith(" (default of `${SOCKET}`)")
    assert etc.finding.message.endswith(" (default of `${RO}`)")
    assert socket.finding.fix is None


def test_an_option_with_its_own_place_is_marked(judge: Judge) -> None:
    text = volumes(
        "{type: bind, source: /etc, target: /e, read_only: true,"
        " bind: {selinux: z, propagation: shared}}"
    )
    found = judge(text, MOUNT_RULES)
    assert [(one.span.text, one.rule.name) for one in found] == [
        ("/etc", "sensitive-host-path-readable"),
        ("z", "selinux-relabel-system-path"),
        ("shared", "shared-mount-propagation"),
    ]
    left = with_fixes(text, found)
    assert "bind: {propagation: slave}" in left
    assert len(judge(left, MOUNT_RULES)) == 1
