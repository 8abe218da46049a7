"""Cases written by hand: what chance seldom makes, and what was once wrong.

Each entry is a project; the services of one project do not lean on one another unless
they say so. What is refused is recorded too, each in a project of its own.
"""

from __future__ import annotations

from typing import Any

from tests.lab.run import IMAGE

Body = dict[str, Any]

_BIND = {"type": "none", "device": "/mnt/lab/a"}


def _services(**bodies: Body) -> dict[str, Body]:
    return {name: {"image": IMAGE, **body} for name, body in bodies.items()}


def _volume(options: str, **body: Any) -> Body:
    return {
        "services": _services(s={"volumes": ["vol:/data"], **body}),
        "volumes": {"vol": {"driver_opts": {**_BIND, "o": options}}},
    }


def _each(key: str, *values: Any) -> Body:
    bodies = {f"s{index:02}": {key: value} for index, value in enumerate(values)}
    return {"services": _services(**bodies)}


CASES: dict[str, Body] = {
    "plain": {"services": _services(s={})},
    "privileged": {
        "services": _services(
            plain={"privileged": True},
            text={"privileged": "true"},
            dropped={"privileged": True, "cap_drop": ["ALL"]},
            user={"privileged": True, "user": "1000"},
            paths={"privileged": True, "security_opt": ["systempaths=unconfined"]},
            read_only={"privileged": True, "read_only": True},
            cgroup={"privileged": True, "cgroup": "private"},
            tmpfs={"privileged": True, "tmpfs": "/tmp"},
            limited={"privileged": True, "pids_limit": 20, "mem_limit": "64m"},
        )
    },
    "capabilities": {
        "services": _services(
            none={"cap_drop": ["ALL"]},
            all={"cap_add": ["ALL"]},
            both={"cap_add": ["ALL"], "cap_drop": ["ALL"]},
            all_but={"cap_add": ["ALL"], "cap_drop": ["SYS_ADMIN", "NET_RAW"]},
            readded={"cap_add": ["NET_RAW"], "cap_drop": ["NET_RAW"]},
            only={"cap_add": ["NET_BIND_SERVICE"], "cap_drop": ["ALL"]},
            lower={"cap_add": ["cap_sys_time"], "cap_drop": ["all"]},
            user={"cap_add": ["SYS_TIME"], "user": "1000"},
        )
    },
    "security": _each(
        "security_opt",
        ["no-new-privileges:true"],
        ["no-new-privileges=TRUE"],
        ["no-new-privileges:1"],
        ["no-new-privileges=f"],
        ["no-new-privileges:true", "no-new-privileges:false"],
        ["no-new-privileges:false", "no-new-privileges:true"],
        ["no-new-privileges", "no-new-privileges=false"],
        ["seccomp=unconfined"],
        ["seccomp:unconfined"],
        ["systempaths=unconfined"],
        ["systempaths=unconfined", "no-new-privileges:true"],
        ["label=disable", "label=type:x_t"],
    ),
    "seccomp-profile": {
        "services": _services(
            named={"security_opt": ["seccomp=./open.json"]},
            last={"security_opt": ["seccomp=./open.json", "seccomp=unconfined"]},
            privileged={"security_opt": ["seccomp=./open.json"], "privileged": True},
        ),
        "x-files": {"open.json": '{"defaultAction": "SCMP_ACT_ALLOW"}'},
    },
    "tmpfs": _each(
        "tmpfs",
        "/t",
        ["/t:exec"],
        ["/t:suid,dev"],
        ["/t:exec,noexec"],
        ["/t:noexec,exec"],
        ["/t:size=1m,mode=1777"],
        ["/run", "/tmp:uid=1000"],
    ),
    "users": _each(
        "user", *("root", "0", "1000", "toor", "007", "0:1000", ":1000", "1000:", "+0", "app:42")
    ),
    "groups": {
        "services": _services(
            numbers={"group_add": ["4", 6]},
            names={"group_add": ["staff"]},
            zero={"user": "1000", "group_add": ["0"]},
        )
    },
    "limits": {
        "services": _services(
            none={"mem_limit": 0, "pids_limit": -1, "cpus": 0.0},
            own={"mem_limit": "64m", "pids_limit": 50, "cpus": 0.5},
            deployed={
                "deploy": {"resources": {"limits": {"memory": "0.1gb", "cpus": "1.5", "pids": 60}}}
            },
            quota={"cpu_quota": 20000},
            pinned={"cpuset": "1"},
            weight={"cpu_shares": 512},
            files={"ulimits": {"nofile": {"soft": 100, "hard": 200}}},
            processes={"ulimits": {"nproc": 100}},
        )
    },
    "namespaces": {
        "services": _services(
            a={"ipc": "shareable"},
            b={"pid": "service:a", "ipc": "service:a", "network_mode": "service:a"},
            c={"pid": "service:b", "network_mode": "service:b"},
            d={"pid": "host", "uts": "host", "ipc": "host", "network_mode": "host"},
            e={"pid": "service:d", "network_mode": "service:d"},
            f={"network_mode": "none", "ipc": "none", "cgroup": "private"},
            g={"cgroup": "host", "userns_mode": "host"},
        )
    },
    "volumes": {
        "services": _services(
            short={"volumes": ["/mnt/lab/a:/a:ro", "/mnt/lab/b:/b"]},
            same={"volumes": ["/mnt/lab/a:/a", "/mnt/lab/b:/a/"]},
            over={"volumes": ["/mnt/lab/a:/a", "plain:/a"]},
            climbs={"volumes": ["/mnt/lab/a/../b:/a/../c"]},
            file={"volumes": ["/mnt/lab/a/file:/file:ro"]},
        ),
        "volumes": {"plain": {}},
    },
    "volumes-from": {
        "services": _services(
            t={"volumes": ["/mnt/lab/a:/a", "/mnt/lab/b:/b:ro"]},
            plain={"volumes_from": ["t"]},
            reading={"volumes_from": ["t:ro"]},
            chain={"volumes_from": ["reading"]},
            covered={"volumes_from": ["t"], "volumes": ["/mnt/lab/b:/a"]},
        )
    },
    "bind-options": _volume("bind"),
    "bind-ro": _volume("bind,ro"),
    "bind-ro-first": _volume("ro,bind"),
    "bind-blank-ro": _volume("bind, ro"),
    "bind-ro-rw": _volume("bind,ro,rw"),
    "bind-rw-ro": _volume("bind,rw,ro"),
    "bind-mounted-ro": _volume("rbind", volumes=["vol:/data:ro"]),
    "devices": {
        "services": _services(
            mapped={"devices": ["/dev/fuse"], "environment": {"PROBE_DEVICES": "/dev/fuse"}},
            moved={"devices": ["/dev/fuse:/dev/x:rw"], "environment": {"PROBE_DEVICES": "/dev/x"}},
            twice={"devices": ["/dev/fuse:/dev/x:r", "/dev/kmsg:/dev/x:r"]},
            every={"device_cgroup_rules": ["a *:* rwm"]},
            loops={"device_cgroup_rules": ["b 7:* rwm"]},
            making={"device_cgroup_rules": ["b *:* m"]},
            unable={"device_cgroup_rules": ["b 7:* rwm"], "cap_drop": ["MKNOD"]},
        )
    },
    "ports": {
        "services": _services(
            all={"ports": ["18001:80"]},
            local={"ports": ["127.0.0.1:18002:80"]},
            range={"ports": ["127.0.0.1:18010-18012:80-82"]},
            udp={"ports": ["0.0.0.0:18003:53/udp"]},
            long={"ports": [{"target": 80, "published": "18004", "host_ip": "127.0.0.1"}]},
            none={"network_mode": "none"},
            inner={"networks": ["inner"], "ports": ["18005:80"]},
        ),
        "networks": {"inner": {"internal": True}},
    },
    "refused-capability": _each("cap_drop", ["NOT_A_CAPABILITY"]),
    "refused-option": _each("security_opt", ["no_new_privileges:true"]),
    "refused-pid": _each("pid", "private"),
    "refused-memory": _each("mem_limit", "1m"),
    "refused-user": _each("user", "4294967295"),
    "refused-ipc": {"services": _services(a={}, b={"ipc": "service:a"})},
    "refused-tmpfs-from": {
        "services": _services(
            a={"volumes": [{"type": "tmpfs", "target": "/t"}]}, b={"volumes_from": ["a"]}
        )
    },
}
