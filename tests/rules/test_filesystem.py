"""The rules about files: what hides, what only looks alike, what a fix leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.engine.verdict import Judged

RULES = rules_of("compose", "filesystem")

MOUNT_RULES = tuple(r for r in RULES if r.name != "writable-root-filesystem")


WRITABLE = [r for r in RULES if r.name == "writable-root-filesystem"]


def volumes(*entries: str) -> str:
    lines = "".join(f"      - {entry}\n" for entry in entries)
    return f"services:\n  s:\n    image: x\n    volumes:\n{lines}"


def said(found: list[Judged]) -> list[tuple[str, str]]:
    return [(one.rule.name, one.severity.word) for one in found]


def fixed(text: str, found: list[Judged]) -> str:
    edits = [edit for one in found if one.finding.fix for edit in one.finding.fix.edits]
    return apply_edits(found[0].span.source, edits)


@pytest.mark.parametrize(
    ("entry", "rule", "grade"),
    [
        ("/:/host", "host-root-mounted", "error"),
        ("/:/host:ro", "host-root-mounted", "warning"),
        ("/:/host:${MODE}", "host-root-mounted", "warning"),
        ("/run/docker.sock:/s", "docker-socket-mounted", "error"),
        ("/run/docker.sock:/s:ro,z", "docker-socket-mounted", "error"),
        ("/etc:/e", "sensitive-host-path-writable", "error"),
        ("/etc:/e:ro", "sensitive-host-path-readable", "warning"),
        ("/etc:/e:${MODE}", "sensitive-host-path-readable", "warning"),
        ("/var:/v:ro", "sensitive-host-path-readable", "warning"),
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
def test_one_mount_is_reported_once(
    judge: Judge, entry: str, rule: str, grade: str
) -> None:
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
def test_what_is_harmless_is_passed_over(judge: Judge, entry: str) -> None:
    assert said(judge(volumes(entry), MOUNT_RULES)) == []


def test_what_no_service_uses_is_silent(judge: Judge) -> None:
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


def test_an_anchor_is_reported_once_and_names_who_else_gets_it(judge: Judge) -> None:
    text = """
x-agent: &agent
  volumes: [/var/run/docker.sock:/var/run/docker.sock]
services:
  a: {image: x, <<: *agent}
  b: {image: x, <<: *agent}
"""
    [one] = judge(text, MOUNT_RULES)
    assert one.span.text == "/var/run/docker.sock:/var/run/docker.sock"
    assert "service `a`" in one.finding.message
    assert [r.span.text for r in one.finding.because] == ["b"]


def test_a_default_that_decides_is_named(judge: Judge) -> None:
    text = volumes(
        "${SOCKET:-/run/docker.sock}:/s",
        "{type: bind, source: /etc, target: /e, read_only: '${RO:-no}'}",
    )
    socket, etc = judge(text, MOUNT_RULES)
    assert socket.finding.message.endswith(", with the default of `${SOCKET}`")
    assert etc.finding.message.endswith(", with the default of `${RO}`")
    assert socket.finding.fix is None


@pytest.mark.parametrize(
    "image",
    [
        "tecnativa/docker-socket-proxy",
        "lscr.io/linuxserver/socket-proxy:3.2.4",
        "ghcr.io/wollomatic/socket-proxy@sha256:" + "a" * 64,
        "${PROXY:-tecnativa/docker-socket-proxy:0.3}",
        "hectorm/cetusguard:v1",
    ],
)
def test_a_socket_proxy_is_a_warning(judge: Judge, image: str) -> None:
    text = volumes("/var/run/docker.sock:/var/run/docker.sock:ro")
    [one] = judge(text.replace("image: x", f"image: {image}"), MOUNT_RULES)
    assert said([one]) == [("docker-socket-mounted", "warning")]
    assert "what it lets through" in one.finding.message


def test_only_the_images_own_name_makes_a_proxy(judge: Judge) -> None:
    text = volumes("/var/run/docker.sock:/var/run/docker.sock")
    text = text.replace("image: x", "image: socket-proxy.example/traefik")
    assert said(judge(text, MOUNT_RULES)) == [("docker-socket-mounted", "error")]


def test_a_pipe_of_windows_is_a_socket(judge: Judge) -> None:
    text = volumes(
        r"//./pipe/docker_engine://./pipe/docker_engine",
        r"{type: npipe, source: '\\.\pipe\docker_engine', target: '\\.\pipe\other'}",
    )
    assert said(judge(text, MOUNT_RULES)) == [("docker-socket-mounted", "error")] * 2


def test_read_only_is_written_where_each_syntax_has_it(judge: Judge) -> None:
    text = volumes(
        "/etc:/a",
        '"/etc:/b:rw"',
        "'/etc:/c:cached,z'  # kept",
        "{type: bind, source: /etc, target: /d}",
        "type: bind\n        source: /etc\n        target: /e\n        read_only: false",
        "type: bind\n        source: /etc\n        target: /f\n        bind: {}",
    )
    [*found] = [
        one
        for one in judge(text, MOUNT_RULES)
        if one.rule.name == "sensitive-host-path-writable"
    ]
    assert fixed(text, found) == volumes(
        "/etc:/a:ro",
        '"/etc:/b:ro"',
        "'/etc:/c:cached,z,ro'  # kept",
        "{type: bind, source: /etc, target: /d, read_only: true}",
        "type: bind\n        source: /etc\n        target: /e\n        read_only: true",
        "type: bind\n        source: /etc\n        target: /f\n        bind: {}\n"
        "        read_only: true",
    )


@pytest.mark.parametrize(
    "text",
    [
        "x: &v [/etc:/e]\nservices: {s: {image: x, volumes: *v}}\n",
        "x: &v /etc:/e\nservices: {s: {image: x, volumes: [*v]}}\n",
        "x: &b {volumes: [/etc:/e]}\nservices: {s: {<<: *b, image: x}}\n",
        "services: {s: {image: x, volumes: ['${V:-/etc}:/e']}}\n",
        "services:\n  s: {image: x, volumes_from: [t]}\n"
        "  t: {image: x, volumes: ['/opt/x:/e'], volumes_from: [u]}\n"
        "  u: {image: x, volumes: ['/etc:/f']}\n",
    ],
)
def test_what_others_may_use_too_is_not_edited(judge: Judge, text: str) -> None:
    found = [one for one in judge(text, MOUNT_RULES) if one.subject.name == "s"]
    assert said(found) == [("sensitive-host-path-writable", "error")]
    assert found[0].finding.fix is None


def test_an_option_of_its_own_place_is_pointed_at(judge: Judge) -> None:
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
    left = fixed(text, found)
    assert "bind: {propagation: slave}" in left
    assert len(judge(left, MOUNT_RULES)) == 1


@pytest.mark.parametrize(
    ("source", "found"),
    [
        *((s, True) for s in ("/", "/etc", "/usr", "/home", "/root", "/var", "/tmp")),
        *((s, True) for s in ("/etc/ssh", "/var/lib/docker", "/boot", "/proc", "/dev")),
        *((s, True) for s in ("~/.ssh", "/etc/localtime", "/var/log")),
        *((s, False) for s in ("/srv/x", "/home/u/app", "/var/lib/mysql", "./x", "x")),
        *((s, False) for s in ("/etc/pihole", "/tmp/x", "/run/docker.sock")),
    ],
)
def test_relabelling_is_found_on_what_belongs_to_the_system(
    judge: Judge, source: str, found: bool
) -> None:
    rules = [r for r in RULES if r.name == "selinux-relabel-system-path"]
    assert bool(judge(volumes(f"{source}:/t:ro,Z"), rules)) is found


@pytest.mark.parametrize(
    ("tmpfs", "left"),
    [
        ("/tmp:exec", "/tmp"),
        ("[/a, '/b:exec,size=1m', /c]", "[/a, '/b:size=1m', /c]"),
        ("['/b:noexec,exec,suid,nosuid']", "['/b:noexec,suid,nosuid']"),
        ("[/a:dev]", "[/a]"),
    ],
)
def test_a_tmpfs_loses_its_weakening_options_only(
    judge: Judge, tmpfs: str, left: str
) -> None:
    text = f"services: {{s: {{image: x, tmpfs: {tmpfs}}}}}\n"
    found = judge(text, MOUNT_RULES)
    assert said(found) == [("tmpfs-weakened", "info")]
    assert fixed(text, found) == text.replace(tmpfs, left)


@pytest.mark.parametrize(
    "tmpfs", ["/exec", "/tmp:noexec", "['/tmp:exec,noexec']", "'${TMP}'", "/a:size=1"]
)
def test_a_tmpfs_as_docker_makes_it_is_fine(judge: Judge, tmpfs: str) -> None:
    text = f"services: {{s: {{image: x, tmpfs: {tmpfs}}}}}\n"
    assert said(judge(text, MOUNT_RULES)) == []


def test_a_tmpfs_that_an_anchor_brings_is_not_edited(judge: Judge) -> None:
    text = "x: &b {tmpfs: '/t:exec'}\nservices: {s: {<<: *b, image: x}}\n"
    [one] = judge(text, MOUNT_RULES)
    assert one.finding.fix is None


def test_an_override_that_takes_a_target_silences_the_base(judge: Judge) -> None:
    files = {
        "compose.yaml": volumes("/var/run/docker.sock:/var/run/docker.sock"),
        "compose.override.yaml": volumes("/dev/null:/var/run/docker.sock"),
    }
    assert said(judge(files, MOUNT_RULES)) == []


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ("{image: x}", "{image: x, read_only: true, tmpfs: [/tmp, /run]}"),
        (
            "{image: x, read_only: no, tmpfs: /run}",
            "{image: x, read_only: true, tmpfs: [/run, /tmp]}",
        ),
        (
            '{image: x, read_only: "${RO:-false}", tmpfs: [/tmp, /run]}',
            '{image: x, read_only: "true", tmpfs: [/tmp, /run]}',
        ),
        (
            "{<<: {read_only: false}}",
            "{<<: {read_only: false}, read_only: true, tmpfs: [/tmp, /run]}",
        ),
    ],
)
def test_the_root_is_made_read_only_for_this_service(
    judge: Judge, body: str, left: str
) -> None:
    text = f"services: {{s: {body}}}\n"
    found = judge(text, WRITABLE)
    assert fixed(text, found) == f"services: {{s: {left}}}\n"
    assert ("`${RO}`" in found[0].finding.message) == ("${RO" in body)


@pytest.mark.parametrize(
    "body",
    [
        "{image: x, read_only: yes}",
        "{image: x, read_only: '${RO}'}",
        "{image: x, read_only: '${RO:-true}'}",
        "{image: x, read_only: maybe}",
        "{image: x, extends: {file: ../elsewhere.yaml, service: base}}",
        "{provider: {type: cloud}}",
    ],
)
def test_a_root_that_may_be_read_only_is_passed_over(judge: Judge, body: str) -> None:
    assert said(judge(f"services: {{s: {body}}}\n", WRITABLE)) == []
