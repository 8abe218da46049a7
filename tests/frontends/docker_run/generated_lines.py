"""Command lines that start containers, by a seed: every kind of flag, in every spelling."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.frontends.docker_run.engine_settings import as_csv

if TYPE_CHECKING:
    from random import Random

_TRUE = ("1", "t", "T", "true", "TRUE", "True")
_FALSE = ("0", "f", "F", "false", "FALSE", "False")
_SWITCHES = (
    "privileged", "read-only", "init", "oom-kill-disable", "no-healthcheck", "tty", "interactive",
    "rm", "detach", "sig-proxy", "publish-all",
)  # fmt: skip
_SHORT = {
    "env": "e", "volume": "v", "publish": "p", "user": "u", "workdir": "w", "memory": "m",
    "cpu-shares": "c", "hostname": "h", "label": "l", "attach": "a",
}  # fmt: skip
_PATHS = ("/", "/etc", "/var/run/docker.sock", "/srv/a b", "/a,b", "/x=y", "/dev", "/proc/")
_TARGETS = ("/x", "/data/", "/var/lib/a", "/a//b/../c", "/in side")
_VALUES: dict[str, tuple[str, ...]] = {
    "add-host": ("a:1.2.3.4", "a:host-gateway", "a=1.2.3.4", "b:::1"),
    "annotation": ("a=b",),
    "attach": ("stdout", "STDERR"),
    "blkio-weight": ("100",),
    "cap-add": ("ALL", "sys_admin", "CAP_NET_RAW", "SYS_PTRACE", "NET_ADMIN"),
    "cap-drop": ("ALL", "all", "CHOWN", "cap_kill"),
    "cgroup-parent": ("/a", "system.slice"),
    "cgroupns": ("host", "private", ""),
    "cpu-period": ("1000",),
    "cpu-quota": ("50000", "-1"),
    "cpu-shares": ("512", "0"),
    "cpus": ("0.5", "2", "1.25", ".5"),
    "cpuset-cpus": ("0-1", "0,2"),
    "device": (
        "/dev/fuse", "/dev/fuse:rw", "/dev/sda:r", "/dev/sda:/dev/xvda", "/dev/kvm:/dev/kvm:rwm",
        "/dev/sda:mr", "/dev/sda:/dev/sda:m", "vendor.com/class=all", "/dev/a:rr", "/dev/x:rmw",
    ),
    "device-cgroup-rule": ("c 1:3 rwm", "a *:* rwm", "b 8:* r", "c 10:223 mr"),
    "dns": ("1.1.1.1", "::1"),
    "dns-option": ("ndots:2",),
    "dns-search": ("a.example", "."),
    "domainname": ("a.b",),
    "entrypoint": ("/bin/sh", "", "a b"),
    "env": ("A=b", "A=", "B", "C=d=e", "D=x y", "E='f'", "A=c"),
    "env-file": ("vars",),
    "expose": ("80", "90-92/udp"),
    "gpus": ("all", "2", "device=0"),
    "group-add": ("docker", "0", "audio"),
    "health-cmd": ("curl -f http://a", ""),
    "health-interval": ("1m",),
    "health-retries": ("3",),
    "hostname": ("web", "a.b.c"),
    "ipc": ("host", "private", "container:a", "shareable", ""),
    "isolation": ("default",),
    "label": ("a=b", "c", "d=e=f", "a=x"),
    "label-file": ("labels",),
    "link": ("a:b", "c"),
    "log-driver": ("none", "json-file"),
    "log-opt": ("max-size=1m", "tag=a=b"),
    "mac-address": ("02:42:ac:11:00:02",),
    "memory": ("1g", "512M", "1073741824", "1.5g", "64mb", "8MiB"),
    "memory-reservation": ("16m",),
    "memory-swap": ("2g", "-1"),
    "name": ("web", "a_b"),
    "network": (
        "host", "none", "bridge", "default", "mine", "container:a", "name=mine,alias=b",
        "alias=b,name=mine", "NAME=mine", "name=host",
    ),
    "oom-score-adj": ("-1000", "500"),
    "pid": ("host", "container:a", ""),
    "pids-limit": ("100", "-1"),
    "platform": ("linux/amd64",),
    "publish": (
        "80", "8080:80", "127.0.0.1:8080:80", "127.0.0.1::80", "8000-8002:90-92", "53:53/udp",
        "[::1]:70:70", "::1:71:71", "0.0.0.0:72:72/tcp", "9000-9001:99", "published=73,target=74",
        "target=75", "target=76,published=77,protocol=udp", "78:79/UDP", ":61:62", "100-102",
    ),
    "restart": ("always", "no", "on-failure", "on-failure:3", "unless-stopped"),
    "runtime": ("runc",),
    "security-opt": (
        "no-new-privileges", "no-new-privileges:true", "no-new-privileges=false",
        "seccomp=unconfined", "seccomp:unconfined", "apparmor=unconfined", "label=disable",
        "label:type:x", "systempaths=unconfined", "apparmor:mine",
    ),
    "shm-size": ("64m", "1g"),
    "stop-signal": ("SIGINT", "9"),
    "stop-timeout": ("5",),
    "storage-opt": ("size=1g",),
    "sysctl": ("net.core.somaxconn=1024", "kernel.msgmax=1"),
    "tmpfs": ("/run", "/tmp:size=1m,mode=1777", "/x:ro", "/y:rw,exec"),
    "ulimit": ("nofile=1024:2048", "nproc=512", "core=0"),
    "user": ("root", "0:0", "1000", "app:app", ""),
    "userns": ("host", ""),
    "uts": ("host", ""),
    "volumes-from": ("a", "b:ro"),
    "workdir": ("/app", "/a b"),
}  # fmt: skip
_OTHER_NAMES = {"network": "net", "dns-option": "dns-opt"}
_MODES = ("", "", ":ro", ":rw", ":z", ":ro,Z", ":rshared", ":ro,rslave", ":nocopy", ":RO")
_PROPAGATIONS = ("rshared", "slave", "private", "rprivate")


def line(random: Random) -> list[str]:
    """Return the words of a command."""
    words = list[str]()
    for _ in range(random.choice((1, 1, 2, 3, 5))):
        words += _flag(random)
    verb = random.choice((["run"], ["run"], ["container", "run"]))
    end = random.choice(([], [], ["--"]))
    command = random.choice(([], [], ["sh"], ["sh", "-c", "echo $A"], ["--privileged", "-v"]))
    image = random.choice(("alpine", "a.example/b:1", "x@sha256:" + "0" * 64))
    return ["docker", *verb, *words, *end, image, *command]


def _flag(random: Random) -> list[str]:
    drawn = random.random()
    if drawn < 0.2:
        return _switch(random)
    if drawn < 0.35:
        return _spelled(random, "mount", _mount(random))
    if drawn < 0.5:
        return _spelled(random, "volume", _volume(random))
    name = random.choice([*_VALUES])
    return _spelled(random, name, random.choice(_VALUES[name]))


def _switch(random: Random) -> list[str]:
    if random.random() < 0.2:
        short = "".join(random.sample("itd", random.randint(1, 3)))
        return [f"-{short}{random.choice(('', '', '=0', '=true'))}"]
    name = random.choice(_SWITCHES)
    value = random.choice((*_TRUE, *_FALSE, "", "", "", "yes"))
    return [f"--{name}={value}" if value else f"--{name}"]


def _spelled(random: Random, name: str, value: str) -> list[str]:
    """Return a flag with its value, in one of the ways in which it can be written."""
    short = _SHORT.get(name)
    if short is not None and random.random() < 0.6:
        before = random.choice(("", "", "i", "it"))
        joined = value[:1] not in ("", "=")
        return random.choice((
            [f"-{before}{short}", value],
            [f"-{before}{short}={value}"],
            [f"-{before}{short}{value}"] if joined else [f"-{short}", value],
        ))  # fmt: skip
    name = _OTHER_NAMES.get(name, name) if random.random() < 0.3 else name
    return random.choice(([f"--{name}", value], [f"--{name}={value}"]))


def _volume(random: Random) -> str:
    target, mode = random.choice(_TARGETS), random.choice(_MODES)
    source = random.choice((*_PATHS, "data", "./here", ".", "a.b-c"))
    return random.choice((target, *[f"{source}:{target}"] * 5)) + mode


def _mount(random: Random) -> str:
    kind = random.choice(("bind", "bind", "bind", "volume", "volume", "tmpfs", ""))
    fields = [f"{random.choice(('type', 'type', 'Type', 'TYPE'))}={kind}"] if kind else []
    if kind == "bind":
        source = random.choice((*_PATHS, "./here"))
        fields.append(f"{random.choice(('source', 'src', 'Source'))}={source}")
        if random.random() < 0.2:
            fields.append(f"bind-propagation={random.choice(_PROPAGATIONS)}")
        if random.random() < 0.1:
            fields.append(random.choice(("bind-recursive=disabled", "bind-nonrecursive")))
    elif kind != "tmpfs":
        fields += ["source=data"] if random.random() < 0.7 else []
        fields += _volume_options(random)
    elif random.random() < 0.5:
        fields.append(random.choice(("tmpfs-size=1m", "tmpfs-mode=1777")))
    fields.append(f"{random.choice(('target', 'dst', 'destination'))}={random.choice(_TARGETS)}")
    read_only = random.choice(("", "", *_TRUE, *_FALSE, "yes", "only"))
    if read_only and random.random() < 0.6:
        name = random.choice(("readonly", "ro", "ReadOnly"))
        fields.append(name if read_only == "only" else f"{name}={read_only}")
    random.shuffle(fields)
    return as_csv(*fields)


def _volume_options(random: Random) -> list[str]:
    drawn = random.random()
    if drawn < 0.3:
        words, device = random.choice(("o=bind", "o=rbind,ro", "o=bind,rw")), random.choice(_PATHS)
        return [f"volume-opt={one}" for one in ("type=none", words, f"device={device}")]
    if drawn < 0.4:
        return ["volume-opt=type=nfs", "volume-opt=o=addr=1.2.3.4", "volume-opt=device=:/x"]
    if drawn < 0.5:
        return ["volume-driver=local", "volume-nocopy"]
    return ["volume-driver=other", "volume-opt=o=bind", "volume-opt=device=/x"][
        : 3 * (drawn < 0.55)
    ]
