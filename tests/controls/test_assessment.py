"""The states of controls: a false all-clear is the worst that may happen here."""

from __future__ import annotations

import pytest
from tests.controls.conftest import assess, states

from tightship.policies.reader import read as read_policy
from tightship.text import Source

DEFAULT = (
    "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD",
    "NET_BIND_SERVICE", "NET_RAW", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
)  # fmt: skip


def service(body: str) -> str:
    return f"services:\n  s: {{image: example/s, {body}}}\n"


@pytest.mark.parametrize(
    ("key", "body", "state"),
    [
        ("cis:4.1", "init: true", "undecided here"),  # the image decides
        ("cis:4.1", "user: '1000'", "met"),
        ("cis:4.1", "user: root", "not met"),
        ("cis:4.1", "user: '${U:-1000}'", "undecided here"),
        ("cis:5.2", "init: true", "met"),
        ("cis:5.2", "security_opt: ['apparmor=unconfined']", "not met"),
        ("cis:5.2", "security_opt: ['apparmor=${A}']", "undecided here"),
        ("cis:5.2", "privileged: true", "not met"),
        ("cis:5.3", "privileged: true", "not met"),
        ("cis:5.3", "pid: host", "not met"),  # the daemon takes off the label
        ("cis:5.3", "ipc: host", "not met"),
        ("cis:5.3", "pid: host, security_opt: ['label=type:container_t']", "met"),
        ("cis:5.4", "cap_drop: [ALL]", "met"),
        ("cis:5.4", f"cap_drop: [ALL], cap_add: [{', '.join(DEFAULT)}]", "not met"),
        ("cis:5.4", "cap_drop: ['${DROP}']", "undecided here"),
        ("cis:5.4", "cap_drop: [ALL], cap_add: ['${ADD}']", "undecided here"),
        ("cis:5.4", "cap_drop: [ALL], cap_add: [SYS_ADMIN]", "not met"),
        ("cis:5.5", "init: true", "met"),
        ("cis:5.5", "privileged: '${P:-false}'", "undecided here"),
        ("cis:5.5", "privileged: '${P}'", "undecided here"),
        ("cis:5.5", "privileged: true", "not met"),
        ("cis:5.6", "volumes: ['./data:/data', 'x:/x']", "met"),
        ("cis:5.6", "volumes: ['${DATA}:/data']", "undecided here"),
        ("cis:5.6", "volumes: ['${DATA:-./data}:/data']", "undecided here"),
        ("cis:5.6", "volumes: ['/etc:/data']", "not met"),
        ("cis:5.8", "init: true", "not applicable"),
        ("cis:5.8", "ports: ['8080:80', '80']", "met"),
        ("cis:5.8", "ports: ['8080:80', '${PORT}:80']", "undecided here"),
        ("cis:5.8", "ports: ['80:80']", "not met"),
        ("cis:5.10", "network_mode: host", "not met"),
        ("cis:5.10", "network_mode: 'container:other'", "undecided here"),
        ("cis:5.10", "network_mode: none", "met"),
        ("cis:5.11", "mem_limit: 1g", "met"),
        ("cis:5.11", "pids_limit: 100", "not met"),
        ("cis:5.11", "mem_limit: '${MEMORY}'", "undecided here"),
        ("cis:5.29", "mem_limit: 1g", "not met"),
        ("cis:5.29", "pids_limit: 100", "met"),
        ("cis:5.12", "cpu_shares: 512", "met"),
        ("cis:5.12", "cpu_shares: 1024", "not met"),
        ("cis:5.12", "cpus: 1", "met"),
        ("cis:5.13", "read_only: true", "met"),
        ("cis:5.13", "read_only: false", "not met"),
        ("cis:5.14", "ports: ['127.0.0.1:80:80']", "met"),
        ("cis:5.14", "ports: ['${BIND}:80:80']", "undecided here"),
        ("cis:5.15", "init: true", "met"),
        ("cis:5.15", "restart: 'on-failure:5'", "met"),
        ("cis:5.15", "restart: 'on-failure:0'", "not met"),
        ("cis:5.15", "restart: '${R}'", "undecided here"),
        ("cis:5.15", "restart: 'no', deploy: {restart_policy: {condition: any}}", "not met"),
        ("cis:5.18", "privileged: true", "not met"),
        ("cis:5.18", "devices: ['${D}:/dev/x']", "not met"),
        ("cis:5.18", "devices: ['/dev/null']", "not met"),
        ("cis:5.18", "runtime: nvidia", "undecided here"),  # its image may ask for GPUs
        ("cis:5.18", "runtime: nvidia-cdi", "undecided here"),
        ("cis:5.18", "runtime: nvidia, environment: {NVIDIA_VISIBLE_DEVICES: none}", "met"),
        ("cis:5.18", "volumes: ['/:/host']", "not met"),
        ("cis:5.18", "device_cgroup_rules: ['${R}']", "undecided here"),
        ("cis:5.18", "device_cgroup_rules: ['b 8:0 r']", "not met"),
        ("cis:5.20", "volumes: ['/srv:/srv:${P}']", "undecided here"),
        ("cis:5.20", "volumes: ['/srv:/srv:rshared']", "not met"),
        ("cis:5.14", "ports: ['127.0.0.1:80:80'], network_mode: host", "not met"),
        ("cis:5.22", "init: true", "met"),
        ("cis:5.22", "security_opt: ['seccomp=unconfined']", "not met"),
        ("cis:5.22", "security_opt: ['seccomp=builtin']", "met"),
        ("cis:5.22", "security_opt: ['seccomp=/etc/own.json']", "undecided here"),
        ("cis:5.22", "security_opt: ['seccomp=${S}']", "undecided here"),
        ("cis:5.25", "privileged: true", "not met"),
        ("cis:5.25", "cgroup_parent: own.slice", "not met"),
        ("cis:5.6", "volumes: ['/etc:/x:ro']", "not met"),
        ("cis:5.6", "volumes_from: ['container:x']", "undecided here"),
        ("cis:5.8", "ports: ['${PORTS}']", "undecided here"),
        ("cis:5.14", "ports: ['${PORTS}']", "undecided here"),
        ("cis:5.19", "init: true", "undecided here"),
        ("cis:5.26", "security_opt: ['no-new-privileges:true']", "met"),
        ("cis:5.27", "init: true", "undecided here"),
        ("cis:5.27", "healthcheck: {test: [CMD, a]}", "met"),
        ("cis:5.27", "healthcheck: {test: NONE}", "not met"),
        ("cis:5.30", "network_mode: bridge", "not met"),
        ("cis:5.30", "init: true", "met"),
        ("cis:5.32", "volumes: ['/run:/run']", "not met"),
        ("cis:5.32", "volumes: ['${SOCK}:/run/x']", "undecided here"),
        ("owasp:R1", "ports: ['8080:80']", "met"),
        ("owasp:R1", "ports: ['2370-2380:2370-2380']", "not met"),
        ("owasp:R1", "ports: ['12375:2375']", "not met"),
        ("owasp:R8", "read_only: true, volumes: ['/:/host']", "not met"),
        ("owasp:R8", "read_only: true, privileged: true", "not met"),
        ("nist:4.4.3", "cgroup: '${C}'", "undecided here"),
        ("nist:4.4.3", "security_opt: [systempaths=unconfined]", "not met"),
        ("nist:4.5.5", "volumes: ['/run:/x']", "not met"),
        ("nist:4.5.5", "privileged: true", "not met"),  # it mounts the disks of the host
        ("nist:4.5.5", "init: true", "met"),
        ("owasp:R2", "user: '1000'", "met"),
        ("owasp:R5", "init: true", "undecided here"),
        ("owasp:R7", "mem_limit: 1g, pids_limit: 9, cpus: 1", "not met"),
        (
            "owasp:R7",
            "mem_limit: 1g, pids_limit: 9, cpus: 1, ulimits: {nofile: 99}, restart: 'no'",
            "met",
        ),
        ("nist:4.4.4", "read_only: true", "met"),
        ("nist:4.4.3", "userns_mode: host", "not met"),
        ("bsi:A23", "read_only: true", "contribution"),
        ("bsi:A15", "mem_limit: 1g", "not met"),
    ],
)
def test_a_state(key: str, body: str, state: str) -> None:
    assert states(service(body), key) == [("s", state)]


@pytest.mark.parametrize(
    ("key", "section", "state"),
    [
        (
            "cis:5.6",
            "volumes: {data: {driver_opts: {type: none, o: bind, device: /etc}}}",
            "not met",
        ),
        (
            "cis:5.6",
            "volumes: {data: {driver_opts: {type: none, o: bind, device: '${D}'}}}",
            "undecided here",
        ),
        ("cis:5.6", "volumes: {data: {driver: local}}", "met"),
        ("cis:5.6", "volumes: {data: {external: true}}", "undecided here"),
        ("cis:5.32", "volumes: {data: {external: true}}", "undecided here"),
        ("cis:5.18", "volumes: {data: {driver: local-persist}}", "undecided here"),
        ("nist:4.5.5", "volumes: {data: {driver: rclone}}", "undecided here"),
        (
            "nist:4.5.5",
            "volumes: {data: {driver_opts: {type: ext4, device: /dev/sda1}}}",
            "not met",
        ),
        ("cis:5.10", "networks: {default: {external: true, name: host}}", "not met"),
        ("cis:5.10", "networks: {default: {external: true, name: '${N}'}}", "undecided here"),
        ("cis:5.30", "networks: {default: {external: true, name: bridge}}", "not met"),
        ("owasp:R12", "x-token: ghp_abcdefghijklmnopqrstuvwxyz0123456789", "not met"),
    ],
)
def test_the_top_level_counts_for_each_service(key: str, section: str, state: str) -> None:
    files = service("volumes: ['data:/x']") + section + "\n"
    assert states(files, key) == [("s", state)]


@pytest.mark.parametrize("key", ["cis:5.10", "cis:5.30", "nist:4.5.2"])
def test_a_network_that_no_file_declares_is_undecided(key: str) -> None:
    files = service("networks: [shared]")
    assert states(files, key) == [("s", "undecided here")]
    assert states(files + "networks: {shared: }\n", key) == [("s", "met")]


def test_what_files_never_decide_names_who_does() -> None:
    found = assess(service("init: true"), "cis:5.1")
    assert (found.state, found.outcomes, found.control.who) == (
        "not decidable from files",
        (),
        "the daemon",
    )


def test_a_gap_of_the_project_leaves_nothing_met() -> None:
    files = service("read_only: true, extends: {file: missing.yaml, service: x}")
    [one] = assess(files, "cis:5.13").outcomes
    assert one.state == "undecided here"
    assert one.reason.startswith("compose.yaml:2 was not checked: ")


def test_a_gap_that_a_comment_accepts_is_one() -> None:
    files = "services:\n  s:\n    image: x\n    read_only: true\n"
    files += "    extends: {file: missing.yaml, service: x}  # tightship: ignore not-checked -- x\n"
    assert states(files, "cis:5.13") == [("s", "undecided here")]


@pytest.mark.parametrize("comment", ["", "  # tightship: ignore privileged-container -- sure"])
def test_an_accepted_finding_is_a_finding(comment: str) -> None:
    files = f"services:\n  s:\n    image: x\n    privileged: true{comment}\n"
    assert states(files, "cis:5.5") == [("s", "not met")]


def test_a_finding_that_another_one_absorbs_is_a_finding() -> None:
    files = service("privileged: true, pid: host")
    assert states(files, "cis:5.16") == [("s", "not met")]


def test_a_control_counts_for_all_services() -> None:
    files = "services:\n  a: {image: x, read_only: true}\n  b: {image: x}\n"
    found = assess(files, "cis:5.13")
    assert (found.state, found.counts) == ("not met", {"not met": 1, "met": 1})


def test_evidence_is_a_place_or_a_default() -> None:
    files = "services:\n  a:\n    image: x\n    privileged: false\n  b: {image: x}\n"
    a, b = assess(files, "cis:5.5").outcomes
    [written], [absent] = a.facts, b.facts
    assert written.told == absent.told == "privileged: no"
    assert written.span.text == "false"
    assert absent.span == b.subject.span
    assert b.default == "not privileged (Compose Specification, services, privileged)"


def test_what_is_not_there_is_said_once() -> None:
    [one] = assess(service("init: true"), "cis:5.32").outcomes
    assert [fact.told for fact in one.facts] == ["mounts: 0"]


BUILT = {
    "compose.yaml": "services:\n  s: {build: .}\n  t: {build: ., user: '1'}\n",
    "Dockerfile": "FROM example/x:1\nENV API_TOKEN=ghp_abcdefghijklmnopqrstuvwxyz0123456789\nCMD a\n",
}


def test_what_an_image_does_counts_for_the_services_that_run_it() -> None:
    assert states(BUILT, "owasp:R12") == [("s", "not met"), ("t", "not met")]
    assert states(BUILT, "cis:4.10") == [("Dockerfile", "not met")]


def test_an_image_that_no_service_runs_is_asked_itself() -> None:
    alone = {"Dockerfile": "FROM scratch\nUSER 1000\nCMD a\n"}
    assert states(alone, "cis:4.1") == [("Dockerfile", "met")]
    assert states(alone, "cis:5.5") == []
    assert assess(alone, "cis:5.5").state == "not applicable"
    passed = {"Dockerfile": "ARG WHO=1000\nFROM scratch\nARG WHO=1000\nUSER ${WHO}\nCMD a\n"}
    assert states(passed, "cis:4.1") == [("Dockerfile", "undecided here")]


@pytest.mark.parametrize(
    ("key", "text", "state"),
    [
        ("cis:4.6", "FROM scratch\nHEALTHCHECK CMD a\n", "met"),
        ("cis:4.6", "FROM scratch\nHEALTHCHECK NONE\nCMD a\n", "not met"),
        ("cis:4.6", "FROM debian:13\nCMD a\n", "not met"),  # as official images
        ("cis:4.6", "FROM example/a\nCMD a\n", "undecided here"),
        ("cis:4.6", "FROM own\nCMD a\n", "undecided here"),
        ("cis:4.6", "ARG R\nFROM ${R}debian:13\nCMD a\n", "undecided here"),
        ("cis:4.7", "FROM debian:13\nRUN apt-get update\nRUN apt-get install -y a\n", "not met"),
        ("cis:4.7", "FROM debian:13\nRUN apt-get update && apt-get install -y a\n", "met"),
        ("cis:4.9", "FROM debian:13\nADD a.tar /\n", "not met"),
        ("cis:4.9", "FROM debian:13\nCOPY a /\n", "met"),
        ("cis:4.9", "FROM debian:${V}\nCOPY a /\n", "met"),
        ("cis:4.9", "ARG B=b\nFROM x AS b\nADD a.tar /\nFROM ${B}\nCMD a\n", "not met"),
        ("cis:4.9", "FROM x AS b\nADD a.tar /\nFROM scratch\nCOPY --from=b / /\n", "not met"),
        ("cis:4.9", "FROM x AS unused\nADD a.tar /\nFROM y\nCMD a\n", "not met"),
        ("cis:4.9", "FROM x\nONBUILD ADD a.tar /\n", "not met"),
        ("cis:4.7", "FROM a AS b\nRUN apk update\nFROM b\nRUN apk add x\n", "not met"),
        ("cis:4.10", "FROM debian:13\nCOPY a /\n", "undecided here"),
    ],
)
def test_a_state_of_a_dockerfile(key: str, text: str, state: str) -> None:
    assert states({"Dockerfile": text}, key) == [("Dockerfile", state)]


@pytest.mark.parametrize(
    ("image", "state"),
    [
        ("nginx:1.29", "not met"),  # nearly no official image has a check
        ("plone:5.2", "undecided here"),
        ("docker.io/library/nginx", "not met"),
        ("example/nginx", "undecided here"),
        ("${R}nginx", "undecided here"),
        ("nginx, build: .", "undecided here"),
        ("nginx, healthcheck: {interval: 5s}", "not met"),
    ],
)
def test_an_official_image_has_no_health_check(image: str, state: str) -> None:
    assert states(f"services: {{s: {{image: {image}}}}}", "cis:5.27") == [("s", state)]


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("FROM node:24\nUSER node\n", "met"),
        ("FROM debian:13\nUSER www-data\n", "met"),
        ("FROM postgres:18\nUSER postgres\n", "met"),
        ("FROM memcached:1.6\n", "met"),
        ("FROM postgres:18\n", "not met"),  # its entrypoint starts as root
        ("FROM debian:13\nRUN useradd a\nUSER a\n", "met"),
        ("FROM debian:13\nRUN useradd -o -u 0 a\nUSER a\n", "not met"),
        ("FROM debian:13\nENV N=0\nRUN useradd -o -u ${N} a\nUSER a\n", "not met"),
        ("FROM debian:13\nENV N=5\nRUN useradd -u $N a\nUSER a\n", "met"),
        ("FROM debian:13\nENV N=5\nRUN N=0; useradd -o -u $N a\nUSER a\n", "undecided here"),
        ("FROM debian:13\nRUN useradd -u $(id) a\nUSER a\n", "undecided here"),
        ("FROM node:24\nRUN echo node::0:0 >/etc/passwd\nUSER node\n", "not met"),
        ("FROM node:24\nRUN cd /etc && sed -i s/1000/0/ passwd\nUSER node\n", "undecided here"),
        ("FROM node:24\nWORKDIR /etc\nRUN echo a > passwd\nUSER node\n", "undecided here"),
        ("FROM node:24\nRUN passwd -l root\nUSER node\n", "met"),
        ("FROM node:24\nCOPY own /etc/passwd\nUSER node\n", "undecided here"),
        ("FROM example/x\nUSER a\n", "undecided here"),  # a name of root there, as toor is
        ("FROM example/x\n", "undecided here"),
    ],
)
def test_the_user_of_an_image_and_of_a_service_that_runs_it(text: str, state: str) -> None:
    assert states({"Dockerfile": text}, "cis:4.1") == [("Dockerfile", state)]
    files = {"Dockerfile": text, "compose.yaml": "services: {s: {build: .}}"}
    [one] = assess(files, "cis:4.1").outcomes
    assert (one.subject.name, one.state) == ("s", state)
    assert [fact.span.source.name for fact in one.facts] == ["Dockerfile"]


@pytest.mark.parametrize("build", ["https://example.org/a.git", "./missing", "{context: '${C}'}"])
def test_an_image_whose_dockerfile_nobody_read_is_undecided(build: str) -> None:
    files = f"services: {{s: {{build: {build}}}}}"
    for key in ("cis:4.6", "cis:4.7", "cis:4.9", "owasp:R9"):
        assert states(files, key) == [("s", "undecided here")]
    assert states(files, "cis:4.1") == [("s", "undecided here")]


def test_windows_is_undecided() -> None:
    files = service("platform: windows/amd64, read_only: true")
    assert states(files, "cis:5.13") == [("s", "undecided here")]


POLICY = """
[policy]
language = 1
name = "corp"
[[rule]]
id = "corp/ports"
for = "service"
require.ports.every.host.between = [8000, 8999]
message = "{name} publishes another port"
controls = ["CIS-Docker-1.6:5.9"]
[[rule.good]]
"compose.yaml" = "services: {a: {image: x}}"
[[rule.bad]]
"compose.yaml" = "services: {a: {image: x, ports: ['1:1']}}"
"""
EXCEPTION = """
[[exception]]
rule = "corp/ports"
services = ["s"]
reason = "until the move"
approved-by = "Ann"
until = 2999-01-31
"""


@pytest.mark.parametrize(
    ("policy", "ports", "state"),
    [
        (POLICY, "8080:80", "met"),
        (POLICY, "80:80", "not met"),
        (POLICY, "${PORT}:80", "not met"),
        (POLICY + EXCEPTION, "80:80", "met with exception"),
        (POLICY + EXCEPTION.replace("2999", "2001"), "80:80", "not met"),
    ],
)
def test_a_policy_decides_what_files_alone_do_not(policy: str, ports: str, state: str) -> None:
    files = service(f"ports: ['{ports}']")
    assert states(files, "cis:5.9") == [("s", "undecided here")]
    [one] = assess(files, "cis:5.9", [read_policy(Source("p.toml", policy))]).outcomes
    assert one.state == state
