"""The claims of rules, shown in the lab: one attempt and one control each.

An attempt runs files that the rule reports, and a control runs files that it does not;
what is looked at has to differ as the table says. The rules about Compose and about the
rights of build steps that report errors or warnings, and that no engine of the lab can
show, are listed with the reason.

What is looked at, ``see``, is one of

- ``attempts:NAME``, ``write:PATH``, ``read:PATH``, ``devices:PATH``, ``sockets:PATH``:
  an attempt of the probe, which is ``ok`` or the name of an errno
- ``uid``, ``nnp``, ``groups``, ``dev``, ``cgroups``, ``file:PATH``: what the probe saw
- ``propagation:TARGET``: whether mounts below a target are passed on
- ``ports``, ``logs``, ``environment``: what the engine tells
- ``start``: ``refused`` or ``started``; ``config``: the same without an engine
- ``build:attempts:NAME``: an attempt of the probe in a step that Compose builds, and
  ``buildx:attempts:NAME`` in one that may have what it asks for, built without Compose
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.lab.refused_values import ADDRESSES, FILES, VALUES
from tests.lab.run import IMAGE
from tests.lab.transcripts import IMAGES, images

from tightship.rules import every_rule
from tightship.rules.example import Unverified, Verified
from tightship.rules.page import files_to_run

if TYPE_CHECKING:
    from tightship.rules.definition import Rule

    Files = dict[str, str]


# An engine in use has no API over TCP, perhaps its socket elsewhere and no shared mounts.
NEEDING_OWN_ENGINE = ("daemon-api-over-tcp", "docker-socket-mounted", "shared-mount-propagation")


class Premise:
    """A claim of a rule, with the files that show it and those that do not.

    ``bad`` and ``fixed`` are the body of one service, ``s``, in YAML's flow style, or
    files by path. ``shown`` and ``control`` are regular expressions.
    """

    def __init__(
        self,
        rule: str,
        see: str,
        bad: str | Files,
        fixed: str | Files,
        *,
        shown: str = "ok",
        control: str = "E[A-Z]+",
    ) -> None:
        self.rule = rule
        self.see = see
        self.bad = _files(bad)
        self.fixed = _files(fixed)
        self.shown = shown
        self.control = control

    @property
    def needs_own_engine(self) -> bool:
        """Tell whether it looks at what only the host of the lab's own engine has."""
        named = "".join((self.see, *self.bad.values()))
        return self.rule in NEEDING_OWN_ENGINE or bool(re.search("victim|syslog", named))


def _files(given: str | Files) -> Files:
    if isinstance(given, dict):
        return given
    body = f", {given}" if given else ""
    return {"compose.yaml": f'services: {{s: {{image: "{IMAGE}"{body}}}}}\n'}


def _volume(source: str, target: str = "/x") -> str:
    return f'volumes: ["{source}:{target}"]'


def _local_volume(options: str) -> Files:
    return {
        "compose.yaml": f'services: {{s: {{image: "{IMAGE}", volumes: ["vol:/data"]}}}}\n'
        f"volumes: {{vol: {{driver_opts: {{{options}}}}}}}\n"
    }


def _profile(action: str) -> Files:
    """Return a service with a profile that has an action for one call."""
    rules = f'[{{"names": ["acct"], "action": "{action}"}}]'
    return {
        **_files('security_opt: ["seccomp=p.json"]'),
        "p.json": f'{{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": {rules}}}',
    }


def _asks(**variables: str) -> str:
    pairs = ", ".join(f'PROBE_{k.upper()}: "{v}"' for k, v in variables.items())
    return f"environment: {{{pairs}}}"


def _build(settings: str, flags: str = "") -> Files:
    step = f'RUN {flags}["/bin/probe", "once"]'
    return {
        "compose.yaml": f"services: {{s: {{build: {{context: .{settings}}}}}}}\n",
        "Dockerfile": f"FROM {IMAGE}\n{step}\n",
    }


def _heredoc(lines: str) -> Files:
    return {
        "compose.yaml": "services: {s: {build: .}}\n",
        "Dockerfile": f"FROM {IMAGES['busybox']} AS built\nRUN <<EOF\n{lines}\nEOF\n"
        f"FROM {IMAGE}\nCOPY --from=built /bin/sh /sh\n",
    }


def _client(environment: str) -> Files:
    """Return a service that asks an engine for the system that it runs on."""
    return {
        "compose.yaml": f'services: {{s: {{image: "{IMAGES["docker:cli"]}",'
        " command: [docker, version, -f, '{{.Server.Os}}'],"
        f' extra_hosts: ["host:host-gateway"], environment: {{{environment}}}}}}}\n'
    }


_READS = _asks(read="/x")
_SERVICE = f'services: {{s: {{image: "{IMAGE}"}}}}\n'

PREMISES: tuple[Premise, ...] = (
    # Files of the host
    Premise("writable-root-filesystem", "write:/", _asks(write="/"),
            f"read_only: true, {_asks(write='/')}"),
    Premise("docker-socket-mounted", "sockets:/var/run/docker.sock",
            f"{_volume('/var/run/docker.sock', '/var/run/docker.sock:ro')}, {_asks(sockets='/var/run/docker.sock')}",
            _asks(sockets="/var/run/docker.sock"), shown="201"),
    Premise("docker-socket-mounted", "sockets:/host/docker.sock",
            f"{_volume('/run', '/host')}, {_asks(sockets='/host/docker.sock')}",
            _asks(sockets="/host/docker.sock"), shown="201"),
    Premise("host-root-mounted", "read:/x/etc/shadow",
            f"{_volume('/', '/x:ro')}, {_asks(read='/x/etc/shadow')}", _asks(read="/x/etc/shadow")),
    Premise("sensitive-host-path-writable", "write:/x",
            f"{_volume('/usr/local/sbin')}, {_asks(write='/x')}",
            f"{_volume('/usr/local/sbin', '/x:ro')}, {_asks(write='/x')}"),
    Premise("sensitive-host-path-readable", "read:/x",
            f"{_volume('/etc/shadow', '/x:ro')}, {_READS}", _READS),
    Premise("shared-mount-propagation", "propagation:/x",
            _volume("/mnt/lab/a", "/x:rshared"), _volume("/mnt/lab/a"),
            shown="shared", control="private"),
    Premise("world-temp-mount", "read:/x", f"{_volume('/tmp')}, {_READS}", _READS),
    # Capabilities
    Premise("privileged-container", "attempts:mount", "privileged: true", ""),
    Premise("privileged-container", "attempts:block device", "privileged: true", ""),
    Premise("host-takeover-capability", "attempts:mount", "cap_add: [SYS_ADMIN]", ""),
    Premise("host-takeover-capability", "attempts:init_module", "cap_add: [SYS_MODULE]", "",
            shown="ok|ENOSYS|ENOEXEC|EFAULT", control="EPERM"),
    Premise("dangerous-capability", "attempts:trace victim",
            "cap_add: [SYS_PTRACE], pid: host", "pid: host"),
    Premise("host-process-control", "attempts:trace victim",
            "cap_add: [SYS_PTRACE], pid: host", "pid: host"),
    Premise("host-network-control", "attempts:connect to victim",
            "cap_add: [NET_ADMIN], network_mode: host", "cap_add: [NET_ADMIN]"),
    Premise("host-log-access", "attempts:kernel log", "cap_add: [SYSLOG]", ""),
    Premise("dangerous-capability", "attempts:priority", "cap_add: [SYS_NICE]", ""),
    Premise("default-capabilities-kept", "attempts:chown", "", "cap_drop: [ALL]"),
    Premise("capability-drop-defeated", "attempts:raw socket",
            "cap_drop: [NET_RAW], cap_add: [NET_RAW]", "cap_drop: [NET_RAW]"),
    Premise("unknown-capability", "start", "cap_drop: [NET_RAWS]", "cap_drop: [NET_RAW]",
            shown="refused", control="started"),
    Premise("host-clock-control", "attempts:clock", "cap_add: [SYS_TIME]", ""),
    Premise("kernel-modules-exposed", "attempts:init_module", "cap_add: [SYS_MODULE]", "",
            shown="ok|ENOSYS|ENOEXEC|EFAULT", control="EPERM"),
    Premise("kernel-modules-exposed", "write:/x", f"{_volume('/boot')}, {_asks(write='/x')}",
            _asks(write="/x")),
    # Namespaces
    Premise("host-pid-namespace", "attempts:see victim", "pid: host", ""),
    Premise("host-pid-namespace", "attempts:signal victim", "pid: host", "", control=""),
    Premise("host-network-namespace", "attempts:connect to victim", "network_mode: host", ""),
    Premise("host-network-namespace", "attempts:abstract socket of victim", "network_mode: host", ""),
    Premise("host-ipc-namespace", "attempts:shared memory of victim", "ipc: host", ""),
    Premise("host-cgroup-namespace", "cgroups", "cgroup: host", "cgroup: private",
            shown="the host's", control="its own"),
    # Limits
    Premise("unlimited-resources", "file:/sys/fs/cgroup/pids/pids.max", "",
            "pids_limit: 50, mem_limit: 64m, cpus: 1", shown="max", control="50"),
    Premise("unlimited-resources", "file:/sys/fs/cgroup/memory/memory.limit_in_bytes", "",
            "pids_limit: 50, mem_limit: 64m, cpus: 1", shown="[0-9]{19}", control="67108864"),
    Premise("oom-killer-disabled", "file:/sys/fs/cgroup/memory/memory.oom_control",
            "oom_kill_disable: true, mem_limit: 64m", "mem_limit: 64m",
            shown="oom_kill_disable 1(?s:.*)", control="oom_kill_disable 0(?s:.*)"),
    Premise("foreign-cgroup-parent", "file:/proc/self/cgroup", 'cgroup_parent: "/"', "",
            shown=r"(?s:.*pids:/[0-9a-f]{64}\b.*)", control=r"(?s:.*pids:/[^/\n]+/[0-9a-f]{64}\b.*)"),
    Premise("logging-disabled", "logs", "logging: {driver: none}", "", shown="", control="(?s:.+)"),
    # Filters
    Premise("seccomp-unconfined", "attempts:keyctl", "security_opt: [seccomp=unconfined]", ""),
    Premise("weak-seccomp-profile", "attempts:keyctl", _profile("SCMP_ACT_ERRNO"), ""),
    Premise("invalid-security-option", "start", _profile("ERRNO"), _profile("SCMP_ACT_ERRNO"), shown="refused", control="started"),
    Premise("invalid-security-option", "start", 'security_opt: ["seccomp=missing.json", "seccomp=unconfined"]', 'security_opt: ["seccomp=unconfined"]', shown="refused", control="started"),
    Premise("invalid-security-option", "start", 'security_opt: ["seccomp=missing.json"]', "", shown="refused", control="started"),
    Premise("seccomp-unconfined", "attempts:user namespace", 'security_opt: ["seccomp:unconfined"]', ""),
    Premise("system-paths-unmasked", "attempts:write /proc/sys",
            "security_opt: [systempaths=unconfined]", "", control="EROFS"),
    Premise("privilege-escalation-allowed", "attempts:setuid program", 'user: "1000"',
            'user: "1000", security_opt: ["no-new-privileges:true"]', control="EPERM"),
    # Devices
    Premise("host-disk-device", "devices:/dev/loop0", f"devices: [/dev/loop0], {_asks(devices='/dev/loop0')}",
            _asks(devices="/dev/loop0"), shown="ok|read"),
    Premise("dev-directory-mounted", "devices:/x/net/tun", f"{_volume('/dev')}, {_asks(devices='/x/net/tun')}",
            _asks(devices="/x/net/tun")),
    Premise("wildcard-device-rule", "attempts:block device", 'device_cgroup_rules: ["b *:* rwm"]', ""),
    Premise("wildcard-device-rule", "attempts:block device", 'device_cgroup_rules: ["b 7:0 r"]', ""),
    Premise("host-device-exposed", "devices:/dev/fuse", f"devices: [/dev/fuse], {_asks(devices='/dev/fuse')}",
            _asks(devices="/dev/fuse")),
    Premise("device-permission-as-target", "devices:/dev/fuse",
            f'devices: ["/dev/fuse:rw"], {_asks(devices="/dev/fuse")}',
            f'devices: ["/dev/fuse:/dev/fuse:rw"], {_asks(devices="/dev/fuse")}',
            shown="ENOENT", control="ok"),
    # Users
    Premise("root-user", "uid", "user: root", 'user: "1000"', shown="0", control="1000"),
    Premise("root-user", "attempts:chown", 'user: "0"', 'user: "1000"'),
    Premise("privileged-group", "read:/x",
            f"user: '1000', group_add: ['6'], {_volume('/mnt/lab/disk-only')}, {_READS}",
            f"user: '1000', {_volume('/mnt/lab/disk-only')}, {_READS}"),
    Premise("privileged-group", "read:/x",
            f"user: '1000:6', {_volume('/mnt/lab/disk-only')}, {_READS}",
            f"user: '1000', {_volume('/mnt/lab/disk-only')}, {_READS}"),
    # Interfaces of the host
    Premise("kernel-interface-mounted", "write:/x/sys/kernel/msgmax",
            f"{_volume('/proc')}, {_asks(write='/x/sys/kernel/msgmax')}",
            _asks(write="/x/sys/kernel/msgmax")),
    Premise("host-log-access", "read:/x/syslog", f"{_volume('/var/log', '/x:ro')}, {_asks(read='/x/syslog')}",
            _asks(read="/x/syslog")),
    # Network and secrets
    Premise("sensitive-port-published", "ports", 'environment: {NODE_OPTIONS: --inspect}, ports: ["19229:9229"]',
            'environment: {NODE_OPTIONS: --inspect}, ports: ["127.0.0.1:19229:9229"]',
            shown=r"0\.0\.0\.0:.*", control=r"127\.0\.0\.1:.*"),
    Premise("literal-secret-in-environment", "environment", "environment: {DB_PASSWORD: tr0ub4dor-and-3}",
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", secrets: [db]}}}}\nsecrets: {{db: {{file: ./db}}}}\n',
             "db": "tr0ub4dor-and-3"},
            shown="(?s:.*tr0ub4dor.*)", control="(?s:(?!.*tr0ub4dor).*)"),
    # Builds
    Premise("host-network-build", "build:attempts:connect to victim",
            _build(", network: host"), _build("")),
    Premise("host-network-build-step", "buildx:attempts:connect to victim",
            _build("", "--network=host "), _build("")),
    # Several files or documents
    Premise("hardening-lost-in-merge", "nnp",
            {"compose.yaml": 'x-hard: &hard {security_opt: ["no-new-privileges:true"]}\n'
             f'services: {{s: {{<<: *hard, image: "{IMAGE}", security_opt: [apparmor=unconfined]}}}}\n'},
            {"compose.yaml": 'x-hard: &hard {security_opt: ["no-new-privileges:true"]}\n'
             f'services: {{s: {{<<: *hard, image: "{IMAGE}"}}}}\n'},
            shown="0", control="1"),
    Premise("hardening-lost-in-override", "nnp",
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", security_opt: [no-new-privileges]}}}}\n',
             "compose.override.yaml": "services: {s: {security_opt: ['no-new-privileges:false']}}\n"},
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", security_opt: [no-new-privileges]}}}}\n',
             "compose.override.yaml": "services: {s: {read_only: true}}\n"},
            shown="0", control="1"),
    Premise("override-misses-extending-service", "attempts:mount",
            {"compose.yaml": f'services: {{base: {{image: "{IMAGE}", privileged: true}}, s: {{extends: base}}}}\n',
             "compose.override.yaml": "services: {base: {privileged: false}}\n"},
            {"compose.yaml": f'services: {{base: {{image: "{IMAGE}"}}, s: {{extends: base}}}}\n',
             "compose.override.yaml": "services: {base: {privileged: false}}\n"}),
    Premise("override-removes-nothing", "attempts:mount",
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", cap_add: [SYS_ADMIN]}}}}\n',
             "compose.override.yaml": "services: {s: {cap_add: []}}\n"},
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", cap_add: [SYS_ADMIN]}}}}\n',
             "compose.override.yaml": "services: {s: {cap_add: !reset []}}\n"}),
    Premise("port-published-twice", "start", 'ports: ["127.0.0.1:18080:80", "18080:81"]',
            'ports: ["127.0.0.1:18080:80", "18081:81"]', shown="refused", control="started"),
    Premise("port-published-twice", "start", 'scale: 2, ports: ["127.0.0.1:18080:80"]',
            'scale: 2, ports: ["127.0.0.1:18080-18081:80"]', shown="refused", control="started"),
    Premise("invalid-container-name", "start", "container_name: lab name",
            "container_name: lab-name", shown="refused", control="started"),
    Premise("negative-scale", "start", "scale: -1", "scale: 1", shown="refused", control="started"),
    Premise("tmpfs-over-volume", "start", "tmpfs: /x, volumes: ['/mnt/lab/a:/x']",
            "tmpfs: /y, volumes: ['/mnt/lab/a:/x']", shown="refused", control="started"),
    Premise("duplicate-container-name", "start",
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", container_name: lab-name}}, t: {{image: "{IMAGE}", container_name: lab-name}}}}\n'},
            {"compose.yaml": f'services: {{s: {{image: "{IMAGE}", container_name: lab-name}}, t: {{image: "{IMAGE}"}}}}\n'},
            shown="refused", control="started"),
    Premise("include-conflict", "config",
            {"compose.yaml": f"include: [more.yaml]\n{_SERVICE}", "more.yaml": _SERVICE.replace("}}", ", read_only: true}}")},
            {"compose.yaml": f"include: [more.yaml]\n{_SERVICE}", "more.yaml": _SERVICE.replace("{s:", "{t:")},
            shown="refused", control="started"),
    Premise("undefined-reference", "config", "networks: [nowhere]", "networks: [default]",
            shown="refused", control="started"),
    Premise("incomplete-definition", "config",
            {"compose.yaml": "services: {s: {read_only: true}}\n"}, "read_only: true",
            shown="refused", control="started"),
    Premise("invalid-variable", "config", 'hostname: "${NAME"', 'hostname: "${NAME:-app}"',
            shown="refused", control="started"),
    Premise("invalid-device-rule", "start", 'device_cgroup_rules: ["b 8:0"]', 'device_cgroup_rules: ["b 8:0 r"]',
            shown="refused", control="started"),
    Premise("invalid-limit", "start", "mem_limit: 4m", "mem_limit: 64m", shown="refused", control="started"),
    Premise("invalid-mount", "start", 'volumes: ["./html:rw"]', 'volumes: ["./html:/html:rw"]',
            shown="refused", control="started"),
    *(
        Premise("invalid-volume-options", "start", _local_volume(bad),
                _local_volume("type: none, o: bind, device: /mnt/lab/a"),
                shown="refused", control="started")
        for bad in (
            "o: bind, device: /mnt/lab/a", "o: size=1m", "type: tmpfs", "type: none, device: /mnt/lab/a",
            "type: bind, device: /mnt/lab/a", "type: none, o: bind, device: /mnt/lab/a, mode: x",
        )
    ),
    Premise("invalid-mount", "start", 'volumes: ["./html:/html:nocopy"]', 'volumes: ["./html:/html:ro"]',
            shown="refused", control="started"),
    Premise("invalid-mount", "start",
            {"compose.yaml": f'services: {{t: {{image: "{IMAGE}", volumes: [{{type: tmpfs, target: /t}}]}}, s: {{image: "{IMAGE}", volumes_from: [t]}}}}\n'},
            {"compose.yaml": f'services: {{t: {{image: "{IMAGE}", tmpfs: /t}}, s: {{image: "{IMAGE}", volumes_from: [t]}}}}\n'},
            shown="refused", control="started"),
    Premise("invalid-namespace", "start", "pid: private", "pid: host", shown="refused", control="started"),
    Premise("invalid-security-option", "start", 'security_opt: ["no_new_privileges:true"]',
            'security_opt: ["no-new-privileges:true"]', shown="refused", control="started"),
    Premise("invalid-sysctl", "start", "sysctls: {vm.max_map_count: 262144}", "sysctls: {net.core.somaxconn: 1024}",
            shown="refused", control="started"),
    Premise("invalid-user", "start", 'user: "4294967295"', 'user: "2147483647"', shown="refused", control="started"),
    Premise("port-address-without-brackets", "start", 'ports: ["::1:18080:80"]', 'ports: ["[::1]:18080:80"]',
            shown="refused", control="started"),
    # A step that the build accepts although a command of it fails.
    *(
        Premise("heredoc-without-errexit", "start", _heredoc(lines), _heredoc(f"set -e\n{lines}"),
                shown="started", control="refused")
        for lines in ("false\ntrue", "false; true\nfalse | true")
    ),
    Premise("heredoc-without-errexit", "start", _heredoc("echo 0  /bin/sh | sha256sum -c -\ntrue"),
            _heredoc("echo 0  /bin/sh | sha256sum -c - &&\ntrue"), shown="started", control="refused"),
    Premise("daemon-api-over-tcp", "logs", _client("DOCKER_HOST: tcp://host:2375"),
            _client("DOCKER_HOST: tcp://host:2376"), shown="linux", control="(?s:Cannot connect .*)"),
    *(
        Premise(rule, "start", bad, good, shown="refused", control="started")
        for rule, bad, good in VALUES
    ),
    *(
        Premise(rule, "start", bad, good, shown="refused", control="started")
        for rule, bad, good in (*FILES, *ADDRESSES)
    ),
)  # fmt: skip
"""The premises that are written out."""

BY_EXAMPLE = (
    "invalid-yaml",
    "duplicate-key",
    "wrong-type",
    "unknown-key",
    "duplicate-item-across-files",
    "dependency-cycle",
    "contradicting-settings",
)
"""Rules about what Compose refuses, which their own examples show."""


OF_STEPS = ("host-network-build-step", "insecure-build-step")
"""Rules about the rights of the steps of a Dockerfile."""
INFOS = ("heredoc-without-errexit",)
"""Rules that report infos only, shown all the same."""


def rules_to_show() -> list[Rule]:
    """Return the rules to show: those that report errors or warnings, and a few infos."""
    return [
        rule
        for rule in every_rule()
        if rule.name in INFOS
        or (
            (rule.language == "compose" or rule.name in OF_STEPS)
            and rule.severity.reaches("warning")
        )
    ]


NOT_SHOWN = {
    rule.name: rule.checked.why for rule in rules_to_show() if isinstance(rule.checked, Unverified)
}
"""Rules whose claims are not shown, with the reason that their pages give."""


ON_STAND_INS = frozenset(
    rule.name
    for rule in every_rule()
    if isinstance(rule.checked, Verified) and images(rule, rule.checked)
)
"""Rules about well-known images: the commands of their pages are attempt and control."""


def example_premise(rule: Rule) -> Premise:
    """Return the premise of a rule that its own examples show."""
    assert isinstance(rule.checked, Verified)
    bad, control = files_to_run(rule, rule.checked)
    return Premise(rule.name, "config", bad, control, shown="refused", control="started")


def every_premise() -> list[Premise]:
    """Return the premises that are written out, and those of examples."""
    examples = [example_premise(r) for r in every_rule() if r.name in BY_EXAMPLE]
    return [*PREMISES, *examples]
