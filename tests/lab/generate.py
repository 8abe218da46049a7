"""Make services at random, of everything that the model of isolation reads.

All of them are meant to start: what contradicts itself is left out. The same seed makes
the same project.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

from tests.lab.run import IMAGE
from tests.lab.seen import CAPABILITIES

if TYPE_CHECKING:
    from collections.abc import Callable

SERVICES = 8

Body = dict[str, Any]

_DEFAULT = [
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "KILL",
    "SETGID",
    "SETUID",
    "SETPCAP",
    "NET_BIND_SERVICE",
    "NET_RAW",
    "SYS_CHROOT",
    "MKNOD",
    "AUDIT_WRITE",
    "SETFCAP",
]
# The lab may not have it, and then the engine cannot give it.
_CAPABILITIES = [one for one in CAPABILITIES if one != "SYS_RESOURCE"]
_VOLUMES: Body = {
    "plain": {},
    "bound": {"driver_opts": {"type": "none", "o": "bind", "device": "/mnt/lab/a"}},
    "bound-ro": {"driver_opts": {"type": "none", "o": "bind,ro", "device": "/mnt/lab/b"}},
    "memory": {"driver_opts": {"type": "tmpfs", "device": "tmpfs", "o": "size=1m"}},
}
_NETWORKS: Body = {"open": {}, "inner": {"internal": True}}


def project(seed: int) -> Body:
    """Return a project of several services."""
    random = Random(seed)
    services: dict[str, Body] = {}
    for index in range(SERVICES):
        name = f"s{index}"
        services[name] = _Service(random, services, seed * 100 + index).body
    used = {
        _part(entry, "source") or str(entry).split(":")[0]
        for body in services.values()
        for entry in body.get("volumes", ())
    }
    volumes = {name: body for name, body in _VOLUMES.items() if name in used}
    made: Body = {"services": services, "networks": _NETWORKS}
    return {**made, "volumes": volumes} if volumes else made


class _Service:
    """One service, which may lean on those before it."""

    def __init__(self, random: Random, others: dict[str, Body], number: int) -> None:
        self.random = random
        self.others = others
        self.number = number
        self.body: Body = {"image": IMAGE}
        parts: tuple[tuple[float, Callable[[], None]], ...] = (
            (0.6, self._capabilities),
            (0.08, self._privileged),
            (0.5, self._security),
            (0.4, self._user),
            (0.3, self._read_only),
            (0.4, self._tmpfs),
            (0.5, self._volumes),
            (0.3, self._devices),
            (0.5, self._limits),
            (0.6, self._namespaces),
            (0.5, self._network),
        )
        for chance, part in parts:
            if random.random() < chance:
                part()

    def _chance(self, chance: float) -> bool:
        return self.random.random() < chance

    def _some(self, values: list[Any], most: int) -> list[Any]:
        return self.random.sample(values, self.random.randint(1, min(most, len(values))))

    def _capabilities(self) -> None:
        def spelled(name: str) -> str:
            name = f"CAP_{name}" if name != "ALL" and self._chance(0.2) else name
            return name.lower() if self._chance(0.2) else name

        def names(of: list[str], all_: float) -> list[str]:
            some = self._some(of, 4)
            return [spelled(one) for one in (["ALL", *some] if self._chance(all_) else some)]

        # Names of both kinds in both lists, so that they meet.
        mixed = [*_DEFAULT, *self.random.sample(_CAPABILITIES, 8)]
        if self._chance(0.6):
            self.body["cap_add"] = names(sorted(set(mixed)), 0.1)
        if self._chance(0.7):
            given = [one.upper().removeprefix("CAP_") for one in self.body.get("cap_add", ())]
            known = [one for one in given if one != "ALL"]
            self.body["cap_drop"] = names(sorted({*mixed, *known}), 0.4)

    def _privileged(self) -> None:
        self.body["privileged"] = self._chance(0.9)

    def _security(self) -> None:
        self.body["security_opt"] = self._some(
            [
                "no-new-privileges",
                "no-new-privileges:true",
                "no-new-privileges=true",
                "no-new-privileges:false",
                "no-new-privileges=false",
                "no-new-privileges=1",
                "seccomp=unconfined",
                "seccomp:unconfined",
                "apparmor=unconfined",
                "label=disable",
                "label:type:spc_t",
                "systempaths=unconfined",
            ],
            3,
        )

    def _user(self) -> None:
        if self._chance(0.8):
            self.body["user"] = self.random.choice(
                [
                    "0",
                    "root",
                    "1000",
                    "1000:1000",
                    "0:0",
                    "app",
                    "00",
                    "root:staff",
                    "1000:0",
                    "app:app",
                    "65534",
                    ":1000",
                    "+0",
                    "0:1000",
                    "12:34",
                ]
            )
        if self._chance(0.5):
            self.body["group_add"] = self._some(["4", "6", "42", "1000", 77, "staff"], 3)

    def _read_only(self) -> None:
        self.body["read_only"] = self._chance(0.8)

    def _tmpfs(self) -> None:
        targets = self._some(["/run", "/tmp", "/new", "/data"], 2)
        options = ["", ":exec", ":suid", ":dev", ":noexec,exec", ":exec,noexec", ":ro"]
        options += [":size=1m,mode=1777", ":rw,nosuid,exec", ":uid=1000,dev,nodev"]
        some = [target + self.random.choice(options) for target in targets]
        self.body["tmpfs"] = some if len(some) > 1 or self._chance(0.5) else some[0]

    def _volumes(self) -> None:
        entries: list[Any] = []
        for target in self._some(["/one", "/two", "/three", "/mnt/deep/er"], 3):
            source = self.random.choice(["/mnt/lab/a", "/mnt/lab/b", "/mnt/lab/../lab/a"])
            name = self.random.choice(list(_VOLUMES))
            mode = self.random.choice(["", ":ro", ":rw", ":z", ":ro,z"])
            long: Body = {"type": "bind", "source": source, "target": target}
            if self._chance(0.5):
                long["read_only"] = self._chance(0.7)
            entries.append(
                self.random.choice(
                    [
                        f"{source}:{target}{mode}",
                        f"{source}:{target}{mode}",
                        f"{name}:{target}{mode}",
                        long,
                        {
                            "type": "volume",
                            "source": name,
                            "target": target,
                            "read_only": self._chance(0.5),
                        },
                        {"type": "tmpfs", "target": target},
                        {"type": "tmpfs", "target": target, "tmpfs": {"size": "1m"}},
                        f"{source}/file:{target}{mode}",
                        target,
                    ]
                )
            )
        self.body["volumes"] = entries
        # The engine refuses those of a service with a volume of type tmpfs.
        able = [
            name
            for name, body in self.others.items()
            if body.get("volumes") and not _has_tmpfs(body["volumes"])
        ]
        if able and self._chance(0.3):
            self.body["volumes_from"] = [
                self.random.choice(able) + self.random.choice(["", ":ro", ":rw"])
            ]

    def _devices(self) -> None:
        if self._chance(0.7):
            entries = ["/dev/fuse", "/dev/fuse:/dev/fuse", "/dev/kmsg:/dev/kmsg:r"]
            entries += ["/dev/net/tun", "/dev/fuse:/dev/other:rwm", "/dev/loop0:/dev/loop0:r"]
            some = self._some(entries, 2)
            if len({_target(one) for one in some}) < len(some):
                some = some[:1]
            self.body["devices"] = some
            opened = " ".join(sorted(map(_target, some)))
            self.body["environment"] = {"PROBE_DEVICES": opened}
        if self._chance(0.4):
            self.body["device_cgroup_rules"] = self._some(
                ["b 7:* rwm", "b *:* rwm", "a *:* rwm", "c 10:200 rwm", "b 7:0 r", "b 8:* rw"], 1
            )

    def _limits(self) -> None:
        limits: Body = {}
        # Compose refuses a limit beside `deploy` that is not there as well.
        way = self.random.choice(["own", "own", "deploy", "both"])
        if self._chance(0.6):
            value = self.random.choice(["64m", "64M", "0.1gb", 67108864, "100000k", 0])
            if way != "deploy":
                self.body["mem_limit"] = value
            if way != "own":
                limits["memory"] = str(value)
        if self._chance(0.6):
            value = self.random.choice(["0.5", "1", "1.5", "0"])
            other = self.random.choice(["", "", "quota", "set"])
            if other == "quota":
                self.body["cpu_quota"] = self.random.choice([50000, 150000, 0, -1])
            elif other == "set":
                # The probe cannot tell all processors of the host from no limit.
                self.body["cpuset"] = self.random.choice(["0", "1", ""])
            elif way != "deploy":
                self.body["cpus"] = float(value)
            if not other and way != "own":
                limits["cpus"] = value
        if self._chance(0.6):
            number = self.random.choice([50, 100, 0, -1])
            if way != "deploy":
                self.body["pids_limit"] = number
            if way != "own":
                limits["pids"] = number
        if limits:
            self.body["deploy"] = {"resources": {"limits": limits}}
        if self._chance(0.4):
            both = {"soft": 512, "hard": 4096}
            self.body["ulimits"] = {"nofile": self.random.choice([1024, 2048, both])}
        if self._chance(0.2):
            self.body["oom_score_adj"] = self.random.choice([100, 500])
        if self._chance(0.1):
            self.body["oom_kill_disable"] = True

    def _namespaces(self) -> None:
        before = list(self.others)
        if self._chance(0.4):
            self.body["pid"] = self.random.choice(["host", *_services(before)])
        if self._chance(0.5):
            ipc = [one for one in before if self.others[one].get("ipc") == "shareable"]
            self.body["ipc"] = self.random.choice(
                ["host", "private", "shareable", "shareable", "none", *_services(ipc)]
            )
        if self._chance(0.3):
            self.body["uts"] = "host"
        if self._chance(0.4):
            self.body["cgroup"] = self.random.choice(["host", "private"])
        if self._chance(0.2):
            self.body["userns_mode"] = "host"

    def _network(self) -> None:
        before = _services(list(self.others))
        if self._chance(0.45):
            self.body["network_mode"] = self.random.choice(
                ["host", "none", "bridge", *before, *before]
            )
            return
        if self._chance(0.7):
            self.body["networks"] = self.random.choice(
                [["inner"], ["open"], ["inner", "open"], {"inner": None}, ["default"]]
            )
        if self._chance(0.6):
            first = 10000 + self.number % 4000 * 4
            self.body["ports"] = self._some(
                [
                    f"127.0.0.1:{first}:80",
                    f"{first + 1}:81",
                    f"0.0.0.0:{first + 2}:82/udp",
                    {"target": 83, "published": str(first + 3), "host_ip": "127.0.0.1"},
                    {"target": 84, "published": first + 3},
                ],
                2,
            )
            long = [port for port in self.body["ports"] if _part(port, "target")]
            if len(long) > 1:
                del self.body["ports"][-1]


def _services(names: list[str]) -> list[str]:
    return [f"service:{name}" for name in names]


def _target(device: str) -> str:
    source, _, rest = device.partition(":")
    return rest.partition(":")[0] or source


def _has_tmpfs(volumes: list[Any]) -> bool:
    return any(_part(one, "type") == "tmpfs" for one in volumes)


def _part(entry: Any, key: str) -> str:
    """Return a part of an entry in its long form, or nothing."""
    return "" if isinstance(entry, str) else str(entry.get(key, ""))
