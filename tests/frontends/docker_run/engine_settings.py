"""What an engine is asked to create, and our settings of a command, in the same words."""

from __future__ import annotations

import csv
import posixpath
import re
import shlex
from io import StringIO
from typing import TYPE_CHECKING, Any

from tests.frontends.docker_run.commands_of import NoFiles, shown
from tests.frontends.translations import is_list

from tightship.frontends.docker_run.project import declare
from tightship.isolation.mounts import mounted_paths
from tightship.model.file_project import FileProject
from tightship.model.items import devices, ports
from tightship.text import Source
from tightship.values import mount, quantity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.frontends.docker_run.project import CommandSettings

UNKNOWN = "unknown"
Facts = dict[str, Any]

# Texts, by our key and by the path in the request.
_TEXTS = {
    "image": ("Image",), "user": ("User",), "working_dir": ("WorkingDir",),
    "hostname": ("Hostname",), "domainname": ("Domainname",), "stop_signal": ("StopSignal",),
    "pid": ("HostConfig", "PidMode"), "ipc": ("HostConfig", "IpcMode"),
    "uts": ("HostConfig", "UTSMode"), "userns_mode": ("HostConfig", "UsernsMode"),
    "cgroup": ("HostConfig", "CgroupnsMode"), "cgroup_parent": ("HostConfig", "CgroupParent"),
    "runtime": ("HostConfig", "Runtime"), "cpuset": ("HostConfig", "CpusetCpus"),
    "isolation": ("HostConfig", "Isolation"),
}  # fmt: skip
_FLAGS = {
    "privileged": "Privileged", "read_only": "ReadonlyRootfs", "init": "Init",
    "oom_kill_disable": "OomKillDisable",
}  # fmt: skip
_SIZES = {
    "mem_limit": "Memory", "mem_reservation": "MemoryReservation", "memswap_limit": "MemorySwap",
    "shm_size": "ShmSize",
}  # fmt: skip
_NUMBERS = {
    "pids_limit": "PidsLimit", "cpu_shares": "CpuShares", "oom_score_adj": "OomScoreAdj",
    "cpu_period": "CpuPeriod", "cpu_quota": "CpuQuota",
}  # fmt: skip
_LISTS = {
    "cap_add": "CapAdd", "cap_drop": "CapDrop", "device_cgroup_rules": "DeviceCgroupRules",
    "group_add": "GroupAdd", "extra_hosts": "ExtraHosts", "dns": "Dns", "dns_search": "DnsSearch",
    "dns_opt": "DnsOptions", "external_links": "Links",
}  # fmt: skip
_PROPAGATIONS = {"shared", "rshared", "slave", "rslave", "private", "rprivate"}


def sent(body: dict[str, Any]) -> Facts:
    """Return the facts of a request."""
    host: dict[str, Any] = body["HostConfig"]
    found: Facts = {}
    for key, path in _TEXTS.items():
        found[key] = (host if len(path) > 1 else body).get(path[-1]) or ""
    found |= {key: bool(host.get(name)) for key, name in _FLAGS.items()}
    found |= {key: host[name] for key, name in (_SIZES | _NUMBERS).items()}
    found |= {key: host[name] or [] for key, name in _LISTS.items()}
    found["cpus"] = host["NanoCpus"] / 1e9
    found["devices"] = [
        (one["PathOnHost"], one["PathInContainer"], one["CgroupPermissions"])
        for one in host["Devices"]
    ]
    requests = _each(host, "DeviceRequests")
    found["cdi"] = [name for one in requests if one["Driver"] == "cdi" for name in one["DeviceIDs"]]
    found["gpus"] = any(one["Driver"] != "cdi" for one in requests)
    unmasked = ["systempaths=unconfined"] if host["MaskedPaths"] == [] else []
    found["security_opt"] = sorted([*(host["SecurityOpt"] or []), *unmasked])
    found["mounts"] = sorted(_sent_mounts(body), key=str)
    found["ports"] = sorted(
        (port, one["HostIp"], one["HostPort"])
        for port, bound in _table(host, "PortBindings").items()
        for one in bound
    )
    found["network"] = host["NetworkMode"]
    found["environment"] = _pairs(body["Env"] or [])
    found["labels"] = body["Labels"]
    found["entrypoint"] = body["Entrypoint"]
    found["command"] = body["Cmd"] or []
    policy = host["RestartPolicy"]
    times = policy["MaximumRetryCount"]
    found["restart"] = policy["Name"] + (f":{times}" if times else "")
    found["ulimits"] = {one["Name"]: (one["Soft"], one["Hard"]) for one in _each(host, "Ulimits")}
    found["sysctls"] = host.get("Sysctls") or {}
    found["logging"] = (host["LogConfig"]["Type"], host["LogConfig"]["Config"])
    found["volumes_from"] = host["VolumesFrom"] or []
    found["healthcheck"] = _each(_table(body, "Healthcheck"), "Test")
    return found


def _sent_mounts(body: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Yield kind, source, target, whether it is read-only, and its propagation."""
    host: dict[str, Any] = body["HostConfig"]
    behind = dict(_sent_volumes(host))
    for one in _each(host, "Binds"):
        source, target, modes = f"{one}:".split(":")[:3]
        words = modes.split(",")
        spread = [word for word in words if word in _PROPAGATIONS]
        kind = "bind" if source.startswith("/") else "volume"
        if source in behind:
            words += behind[source]["o"].split(",")
            kind, source = "bind", behind[source]["device"]
        yield kind, source, _clean(target), "ro" in words, (spread or [""])[0]
    for target in _table(body, "Volumes"):
        yield "anonymous", "", _clean(target), False, ""
    for target, options in _table(host, "Tmpfs").items():
        yield "tmpfs", "", target, "ro" in options.split(","), ""
    for one in _each(host, "Mounts"):
        kind, source = one["Type"], one.get("Source", "")
        spread = _table(one, "BindOptions").get("Propagation", "")
        is_read_only = one.get("ReadOnly", False)
        options = behind.get(source or one["Target"]) if kind == "volume" else None
        if options is not None:
            kind, source = "bind", options["device"]
            is_read_only = is_read_only or "ro" in options["o"].split(",")
        elif kind == "volume" and not source:
            kind = "anonymous"
        yield kind, source, _clean(one["Target"]), is_read_only, spread


def _sent_volumes(host: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield the volumes that are a folder of the host, with their options, the first ones last."""
    for one in reversed(_each(host, "Mounts")):
        driver = _table(_table(one, "VolumeOptions"), "DriverConfig")
        options = _table(driver, "Options")
        is_local = driver.get("Name", "") in ("", "local")
        if is_local and not {"bind", "rbind"}.isdisjoint(options.get("o", "").split(",")):
            yield one.get("Source", "") or one["Target"], options


def _each(table: dict[str, Any], key: str) -> list[Any]:
    found: list[Any] | None = table.get(key)
    return found or []


def _table(table: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] | None = table.get(key)
    return found or {}


def _clean(path: str) -> str:
    return posixpath.normpath(path).replace("//", "/")


def ours(words: Sequence[str], folder: str) -> Facts | None:
    """Return our facts of a command that runs in a folder; None if it is no command to us."""
    project = FileProject(Source("start.sh", shlex.join(words) + "\n"), NoFiles())
    made = declare(project)
    if len(made) != 1:
        return None
    [settings] = made
    found = _facts(settings, project, folder)
    if settings.arguments.unknown is not None or settings.arguments.image is None:
        return dict.fromkeys(found, UNKNOWN)
    return found | {key: UNKNOWN for key in found if settings.may_have(key)}


def _facts(settings: CommandSettings, project: FileProject, folder: str) -> Facts:
    table = shown(settings)
    found: Facts = {key: settings.text(key).value or "" for key in _TEXTS}
    for key in _FLAGS:
        known = settings.flag(key)
        found[key] = bool(known.value) if known.decided else UNKNOWN
    found |= {key: _size(str(table.get(key, "0"))) for key in _SIZES}
    for key in (*_NUMBERS, "cpus"):
        number = settings.number(key)
        found[key] = (number.value or 0) if number.decided else UNKNOWN
    found |= {key: table.get(key, []) for key in _LISTS}
    found["extra_hosts"] = [re.sub("[=:]", ":", str(one), count=1) for one in found["extra_hosts"]]
    every = [one.device for one in devices(settings)]
    found["devices"] = [(d.source, d.target, d.permissions) for d in every if not d.is_cdi]
    found["cdi"] = [one.source for one in every if one.is_cdi]
    found["gpus"] = "gpus" in table
    found["security_opt"] = sorted(_list(table, "security_opt"))
    found["mounts"] = sorted(_mounts(settings, project, folder), key=str)
    found["ports"] = sorted(_ports(settings))
    networks = _list(table, "networks")
    found["network"] = networks[0] if networks else table.get("network_mode", "default")
    found |= {key: _pairs(_list(table, key)) for key in ("environment", "labels", "sysctls")}
    found["entrypoint"] = table.get("entrypoint")
    found["command"] = table.get("command", [])
    found["restart"] = table.get("restart", "no")
    limits: Any = table.get("ulimits", {})
    found["ulimits"] = {k: (int(v["soft"]), int(v["hard"])) for k, v in limits.items()}
    log: Any = table.get("logging", {})
    found["logging"] = (log.get("driver", ""), log.get("options", {}))
    others = _list(table, "volumes_from")
    found["volumes_from"] = [one.removeprefix("container:") for one in others]
    check: Any = table.get("healthcheck", {})
    test = ["CMD-SHELL", check["test"]] if check.get("test") else []
    found["healthcheck"] = ["NONE"] if settings.flag("healthcheck", "disable").value else test
    return found


def _pairs(items: Iterable[str]) -> dict[str, str]:
    parts = (one.partition("=") for one in items)
    return {name: value for name, _, value in parts}


def _size(text: str) -> object:
    found = -1 if text == "-1" else quantity.parse_bytes(text)
    return UNKNOWN if found is None else found


def _list(table: dict[str, object], key: str) -> list[str]:
    found = table.get(key, [])
    return [str(one) for one in found] if is_list(found) else []


def _mounts(
    settings: CommandSettings, project: FileProject, folder: str
) -> Iterator[tuple[Any, ...]]:
    for one in settings.volumes:
        source, kind, is_read_only = one.source or "", one.kind, one.read_only
        if kind == "bind" and source.startswith("."):
            source = _clean(posixpath.join(folder, source))
        for behind in mounted_paths(project, source) if kind == "volume" else ():
            if not behind.file_system:
                source, kind = behind.path, "bind"
                is_read_only = is_read_only or behind.read_only is True
        if kind == "volume" and (not source or source.startswith("unnamed-")):
            kind, source = "anonymous", ""
        yield kind, source, _clean(one.target), is_read_only, one.propagation or ""
    for item in settings.texts("tmpfs").items:
        target, options = mount.parse_tmpfs(item.value or "")
        yield "tmpfs", "", target, "ro" in options, ""


def _ports(settings: CommandSettings) -> Iterator[tuple[str, str, str]]:
    for item in ports(settings):
        one = item.port
        first, last = _range(one.target)
        start, end = _range(one.published or "")
        for at in range(first, last + 1):
            published = "" if start is None else f"{start}-{end}"
            if start is not None and (last > first or start == end):
                published = str(start + at - first)
            yield f"{at}/{one.protocol}", one.host_ip or "", published


def _range(text: str) -> tuple[Any, Any]:
    first, _, last = text.partition("-")
    return (int(first), int(last or first)) if first else (None, None)


def as_csv(*fields: str) -> str:
    """Return fields as `--mount` takes them."""
    made = StringIO()
    csv.writer(made, lineterminator="").writerow(fields)
    return made.getvalue()
