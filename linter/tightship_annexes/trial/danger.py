"""What of a project is not started unless the user allows it: ways to the host, and out.

The dangers are read from the configuration that Compose itself resolved, in which no variable and
no link is left to guess.
"""

from __future__ import annotations

import posixpath

from tightship.isolation import weakness
from tightship.isolation.host_path import HostPath, classify
from tightship.isolation.weakness import BY_PRIVILEGE
from tightship.lazy import Record, regex
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values.capability import DEFAULT_CAPABILITIES
from tightship_annexes.trial import items, mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from tightship.isolation.container import Container
    from tightship.isolation.profile import Profile
    from tightship.model.value import Value
    from tightship_annexes.trial import Tree
    from tightship_annexes.trial.sources import Source


WORDS = {
    "privileged": "privileged containers, hooks and builds",
    "capabilities": "capabilities beyond Docker's default ones",
    "unconfined": "seccomp, AppArmor, SELinux or masks that are off or weaker",
    "host-namespaces": "namespaces of the host: network, pid, ipc, uts, user, cgroup",
    "other-containers": "namespaces and volumes of containers outside of the project",
    "devices": "devices of the host, and rules about them",
    "gpus": "graphics processors and other accelerators",
    "control-socket": "sockets that command an engine or the host",
    "host-paths": "files and folders of the host outside of the project",
    "outside-files": "`.env`, secrets, configs and what builds read, outside of the project",
    "unknown-keys": "keys of Compose that `try` does not know",
    "data-and-network": "`--with-data` together with `--network`",
}
"""The words of `--allow`, with what each allows. `provider` is never started."""

# They change only what the container itself may use of memory and processor time.
_HARMLESS = frozenset(("IPC_LOCK", "SYS_NICE"))
_NAMESPACES = ("network_mode", "pid", "ipc", "uts", "userns_mode", "cgroup")
_OWN = {"none", "private", "shareable", "bridge", "default", ""}
_RUNTIMES = ("", "runc", "crun", "runsc", "io.containerd.runc.v2")
_OPEN = ("unconfined", "disable", "spc_t", "writable-cgroups")
# Other profiles may confine less: some of Ubuntu's for AppArmor are there to confine nothing.
_PROFILES = {"seccomp": ("", "builtin"), "apparmor": ("", "docker-default")}
_TYPES = {"type:container_t", "type:svirt_lxc_net_t"}

_OF_VARIANT = regex(r"--\d+$")
_OF_IMAGE = regex(r"docker-image://|service:[\w.-]+$")

KNOWN = frozenset((
    "annotations", "attach", "blkio_config", "build", "cap_add", "cap_drop", "cgroup",
    "cgroup_parent", "command", "configs", "container_name", "cpu_count", "cpu_percent",
    "cpu_period", "cpu_quota", "cpu_rt_period", "cpu_rt_runtime", "cpu_shares", "cpus", "cpuset",
    "credential_spec", "depends_on", "deploy", "develop", "device_cgroup_rules", "devices", "dns",
    "dns_opt", "dns_search", "domainname", "entrypoint", "env_file", "environment", "expose",
    "external_links", "extra_hosts", "gpus", "group_add", "healthcheck", "hostname", "image",
    "init", "ipc", "isolation", "label_file", "labels", "links", "logging", "mac_address",
    "mem_limit", "mem_reservation", "mem_swappiness", "memswap_limit", "network_mode", "networks",
    "oom_kill_disable", "oom_score_adj", "pid", "pids_limit", "platform", "ports", "post_start",
    "pre_stop", "privileged", "profiles", "provider", "pull_policy", "pull_refresh_after",
    "read_only", "restart", "runtime", "scale", "secrets", "security_opt", "shm_size", "stdin_open", "stop_grace_period",
    "stop_signal", "storage_opt", "sysctls", "tmpfs", "tty", "ulimits", "umask", "use_api_socket", "user",
    "userns_mode", "uts", "volumes", "volumes_from", "working_dir",
))  # fmt: skip
"""The keys of services that the copy knows the meaning of; a new one of Compose may be a danger."""


class Danger(Record):
    """Why a service, or the whole project if ``service`` is empty, is not started.

    ``word`` is that of `--allow`; it is empty where nothing allows it.
    """

    service: str
    word: str
    text: str


def dangers(config: Tree, source: Callable[[str], Source], *, builds: bool) -> Iterator[Danger]:
    """Yield the dangers of a project, in the order of its services.

    Args:
        config: what Compose prints as JSON.
        source: finds what a path of the host is.
        builds: whether images are built, too.

    """
    for name, service in mapping(config, "services").items():
        if _OF_VARIANT.search(name):
            yield Danger(
                name, "", "its name is like those of the trial's own containers: rename it"
            )
        found = _Service(config, service, source)
        for word, text in found.dangers(builds=builds):
            yield Danger(name, word, text)


class _Service:
    def __init__(self, config: Tree, service: Tree, source: Callable[[str], Source]) -> None:
        self.config, self.given, self.source = config, service, source

    def dangers(self, *, builds: bool) -> Iterator[tuple[str, str]]:
        given = self.given
        if given.get("provider"):
            yield "", "its `provider` is a program of the host"
        if given.get("privileged"):
            yield "privileged", "it is `privileged`"
        for key in ("post_start", "pre_stop"):
            if any(one.get("privileged") for one in items(given, key)):
                yield "privileged", f"a command of `{key}` is privileged"
        yield from self._kernel()
        yield from self._devices()
        yield from self._mounts()
        yield from self._files()
        if builds and given.get("build"):
            yield from self._build(given["build"])
        for key in sorted(given.keys() - KNOWN):
            if not key.startswith("x-"):
                yield "unknown-keys", f"`{key}` is a key of Compose that is not known here"

    def _kernel(self) -> Iterator[tuple[str, str]]:
        names = {one.upper().removeprefix("CAP_") for one in items(self.given, "cap_add")}
        if added := sorted(names - DEFAULT_CAPABILITIES - _HARMLESS):
            yield "capabilities", f"it gets {', '.join(added)}"
        for key in _NAMESPACES:
            value = self.given.get(key) or ""
            kind = value.partition(":")[0]
            if kind == "container":
                yield "other-containers", f"`{key}` is that of a container outside of the project"
            elif value == "host" or (
                kind not in {*_OWN, "service"} and (key != "network_mode" or ":" in value)
            ):
                yield "host-namespaces", f"`{key}: {value}` is a namespace of the host"
        for option in items(self.given, "security_opt"):
            yield from self._security(option)
        runtime = self.given.get("runtime") or ""
        if runtime not in _RUNTIMES:
            yield ("gpus" if runtime == "nvidia" else "unconfined"), f"its runtime is `{runtime}`"

    def _security(self, option: str) -> Iterator[tuple[str, str]]:
        sign = min(option.find(one) if one in option else len(option) for one in "=:")
        name, value = option[:sign], option[sign + 1 :]
        if any(one in value.lower() for one in _OPEN) or name in ("writable-cgroups", "disable"):
            yield "unconfined", f"`{option}` turns a part of its confinement off"
        elif value not in _PROFILES.get(name, (value,)):
            yield "unconfined", f"its {name} profile is `{value}`"
        elif name == "label" and value.startswith("type:") and value not in _TYPES:
            yield "unconfined", f"its SELinux {value} is not that of containers"
        elif name not in ("no-new-privileges", "apparmor", "label", "seccomp", "credentialspec"):
            yield "unconfined", f"`{option}` is not known here"

    def _devices(self) -> Iterator[tuple[str, str]]:
        if self.given.get("devices"):
            given = items(self.given, "devices")
            paths = (one if isinstance(one, str) else str(one["source"]) for one in given)
            yield "devices", f"it gets {', '.join(paths)}"
        if self.given.get("device_cgroup_rules"):
            yield "devices", "it has `device_cgroup_rules`"
        resources = mapping(mapping(self.given, "deploy"), "resources")
        reserved = mapping(resources, "reservations")
        if self.given.get("gpus") or reserved.get("devices") or reserved.get("generic_resources"):
            yield "gpus", "it gets an accelerator of the host"
        if self.given.get("use_api_socket"):
            yield "control-socket", "`use_api_socket` gives it the engine"

    def _mounts(self) -> Iterator[tuple[str, str]]:
        volumes: Tree = mapping(self.config, "volumes")
        for mount in items(self.given, "volumes"):
            kind, path = mount["type"], mount.get("source") or ""
            options = mapping(mapping(volumes, path), "driver_opts")
            if kind == "volume" and "bind" in str(options.get("o", "")).split(","):
                yield from self._path(options.get("device", ""))
            elif kind == "volume" and str(options.get("device", "")).startswith("/dev/"):
                yield "devices", f"the volume {path} is the disk {options['device']}"
            elif kind == "bind":
                yield from self._path(path)
            elif kind not in ("volume", "tmpfs"):
                yield "host-paths", f"a mount of the type `{kind}`"
        for one in items(self.given, "volumes_from"):
            if one.startswith("container:"):
                yield "other-containers", f"it gets the volumes of the container {one[10:]}"

    def _path(self, path: str) -> Iterator[tuple[str, str]]:
        found = self.source(path)
        if classify(path) is HostPath.CONTROL_SOCKET:
            yield "control-socket", f"{path} commands an engine or the host"
        elif found.kind == "special":
            yield "control-socket", f"{path} is a socket, a pipe or a device"
        elif not found.is_inside:
            yield "host-paths", f"{path} is outside of the project"
        elif found.has_special and found.why:
            yield "control-socket", f"{path} has sockets, devices or other mounts, and {found.why}"

    def _files(self) -> Iterator[tuple[str, str]]:
        for kind in ("secrets", "configs"):
            yield from self._listed(kind, items(self.given, kind))
        if self.given.get("credential_spec"):
            yield "outside-files", "it has a `credential_spec`"

    def _listed(self, kind: str, used: Any) -> Iterator[tuple[str, str]]:
        for one in used:
            known = mapping(mapping(self.config, kind), one["source"])
            path = known.get("file")
            if path and not self.source(path).is_inside:
                yield "outside-files", f"{path} of `{kind}` is outside of the project"
            elif known.get("external"):
                yield "outside-files", f"{one['source']} of `{kind}` is external"

    def _build(self, build: Tree) -> Iterator[tuple[str, str]]:
        if build.get("privileged") or build.get("entitlements"):
            yield "privileged", "its build is privileged"
        network = build.get("network") or "default"
        if network not in ("default", "none"):
            yield "host-namespaces", f"its build has the network `{network}`"
        if build.get("ssh"):
            yield "outside-files", "`build.ssh` gives its build your SSH keys"
        yield from self._listed("secrets", items(build, "secrets"))
        others: Tree = mapping(build, "additional_contexts")
        named = (one for one in others.values() if not _OF_IMAGE.match(one))
        context = build.get("context") or ""
        paths = [context, *named]
        if not build.get("dockerfile_inline"):
            paths += [posixpath.join(context, build.get("dockerfile") or "Dockerfile")]
        for path in paths:
            if not self.source(path).is_inside:
                yield "outside-files", f"the build reads {path}, which is outside of the project"
        for cache in items(build, "cache_from"):
            if "type=local" in cache.replace(" ", "").lower():
                yield "outside-files", f"the build reads the cache {cache}"


_BY_WEAKNESS = {
    "privileged": (weakness.PRIVILEGED, weakness.PRIVILEGED_HOOK),
    "control-socket": (weakness.CONTROL_SOCKET,),
    "host-paths": (
        *(weakness.HOST_ROOT, weakness.HOST_FILES, weakness.REVEALING_FILES),
        *(weakness.PROPAGATION, weakness.CLOCK),
    ),
    "devices": (weakness.HOST_DISK, weakness.DEVICE, weakness.ANY_DEVICE, weakness.DEVICE_RULE),
    "capabilities": (weakness.TAKEOVER_CAPABILITY, weakness.OBTAINABLE_TAKEOVER),
    "host-namespaces": (
        *(weakness.HOST_PID, weakness.HOST_NETWORK, weakness.HOST_IPC, weakness.HOST_UTS),
        *(weakness.HOST_USER, weakness.HOST_CGROUP, weakness.HOST_PROCESSES),
    ),
    "unconfined": (
        *(weakness.NO_SECCOMP, weakness.WEAK_SECCOMP, weakness.NO_APPARMOR, weakness.NO_SELINUX),
        *(weakness.UNMASKED_KERNEL_FILES, weakness.WRITABLE_CGROUPS),
    ),
}


def by_profile(profile: Profile) -> Iterator[Danger]:
    """Yield the ways to the host that the isolation profile of a service knows.

    What `privileged` brings is a part of that.
    """
    for row in profile.rows:
        if BY_PRIVILEGE in row.state:
            continue
        for word, weaknesses in _BY_WEAKNESS.items():
            if {*weaknesses} & {*row.weaknesses}:
                yield Danger(profile.name, word, f"{row.mechanism}: {row.state}")


def by_variables(folder: str, source: Callable[[str], Source]) -> Iterator[Danger]:
    """Yield the file of variables that Compose reads in the folder of a project, by a link."""
    path = posixpath.join(folder, ".env")
    if not source(path).is_inside:
        yield Danger("", "outside-files", f"{path} is outside of the project")


def by_files(container: Container, source: Callable[[str], Source], root: str) -> Iterator[Danger]:
    """Yield the files outside of the project that Compose itself would read for a service.

    Compose reads them as soon as it resolves the project, so they are found in the model.
    """
    for key in ("env_file", "label_file"):
        for leaf in _paths(container.value(key)):
            path = posixpath.join(root, resolve(leaf.reading.directory, leaf.text))
            if not leaf.decided or leaf.text.startswith("~") or not source(path).is_inside:
                text = f"`{key}: {leaf.text}` is outside of the project, or not known"
                yield Danger("", "outside-files", f"{container.name}: {text}")


def _paths(value: Value | None) -> Iterator[ScalarValue]:
    for item in value.items if isinstance(value, SequenceValue) else [value]:
        path = item.get("path") if isinstance(item, MappingValue) else item
        if isinstance(path, ScalarValue) and not path.is_null:
            yield path


def left_out(
    services: Tree, refused: Iterable[Danger], missing: Iterable[tuple[str, str]]
) -> dict[str, str]:
    """Return why services are not started, by name: they, or one that they need, may not be."""
    reasons: dict[str, str] = {}
    for one in refused:
        for name in [one.service] if one.service else services:
            reasons.setdefault(name, one.text + (f" (`--allow {one.word}`)" if one.word else ""))
    for name, text in missing:
        reasons.setdefault(name, text)
    is_more = True
    while is_more:
        is_more = False
        for name, service in services.items():
            needed = next((one for one in needs(service) if one in reasons), None)
            if needed is not None and name not in reasons:
                reasons[name], is_more = f"it needs {needed}", True
    return reasons


def needs(service: Tree) -> list[str]:
    """Return the services that one cannot start without."""
    found = [k for k, v in mapping(service, "depends_on").items() if v.get("required", True)]
    for key in ("network_mode", "pid", "ipc"):
        kind, _, name = (service.get(key) or "").partition(":")
        found += [name] if kind == "service" else []
    for one in items(service, "volumes_from"):
        found += [one.split(":")[0]] if not one.startswith("container:") else []
    return [*dict.fromkeys([*found, *(one.split(":")[0] for one in items(service, "links"))])]


def with_needed(services: Tree, wanted: Sequence[str]) -> list[str]:
    """Return some services and all that they need, in the order of the project."""
    found = dict.fromkeys(wanted)
    queue = [*found]
    while queue:
        for one in needs(mapping(services, queue.pop())):
            if one not in found and one in services:
                found[one] = None
                queue.append(one)
    return [one for one in services if one in found]
