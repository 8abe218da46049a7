"""The values of a container's settings that decide how it is isolated.

A setting that can lower isolation is one row here: rules about variables know no other list.
"""

from __future__ import annotations

from tightship.isolation.namespaces import KEYS
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.items import devices, hooks
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values.hole import UNKNOWN_TARGET, has_hole, mask
from tightship.values.process import is_root

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.isolation.mounts import Mount
    from tightship.model.project import Project
    from tightship.model.value import Value
    from tightship.text import Span

_LIMITS = "deploy.resources.limits."
_PATH = "which host path {} mounts"
_OF_SECURITY = {
    "": "seccomp=unconfined",
    "no-new-privileges": "false",
    "seccomp": "unconfined",
    "apparmor": "unconfined",
    "label": "disable",
    "label:type": "spc_t",
}
_SETTINGS: dict[str, tuple[str, dict[str, str]]] = {
    "privileged": ("whether {} is privileged", {"": "true"}),
    "use_api_socket": ("whether {} commands the engine", {"": "true"}),
    "read_only": ("whether the root file system of {} is read-only", {"": "false"}),
    "user": ("the user of {}", {"": "root"}),
    **{key: (f"the `{key}` of {{}}", {"": "host"}) for key in KEYS.values()},
    "cap_add": ("which capability {} gets", {"": "ALL"}),
    "cap_drop": ("which capability {} loses", {"": "NONE"}),
    "security_opt": ("a security option of {}", _OF_SECURITY),
    "group_add": ("a group of {}", {"": "docker"}),
    "cgroup_parent": ("the parent cgroup of {}", {"": "/"}),
    "device_cgroup_rules": ("which devices {} can use", {"": "a *:* rwm"}),
    "gpus": ("which devices {} gets", {}),
    "runtime": ("the runtime of {}", {}),
    "volumes_from": ("whose mounts {} gets", {}),
    "oom_kill_disable": ("whether the kernel can end {}", {"": "true"}),
    "oom_score_adj": ("whether the kernel can end {}", {"": "-1000"}),
    **dict.fromkeys(("mem_limit", _LIMITS + "memory"), ("the memory limit of {}", {})),
    **dict.fromkeys(("cpus", "cpu_quota", _LIMITS + "cpus"), ("the CPU limit of {}", {})),
    **dict.fromkeys(("pids_limit", _LIMITS + "pids"), ("the process limit of {}", {})),
    "build.privileged": ("whether the build of {} is privileged", {"": "true"}),
    "build.network": ("the network of the build of {}", {"": "host"}),
    "build.entitlements": ("what the build of {} may do", {"": "security.insecure"}),
}
_MOUNTED = (
    "docker-socket-mounted host-root-mounted host-control-socket-mounted host-disk-device"
    " host-memory-device dev-directory-mounted sensitive-host-path-writable audit-control"
    " sensitive-host-path-readable world-temp-mount timezone-mount-writable"
    " kernel-interface-mounted kernel-modules-exposed host-clock-control host-log-access"
)
_OF_BASE = (
    "latest-base-image floating-base-image base-image-without-digest base-image-past-end-of-life"
)
_OF_OPTIONS = {
    "no-new-privileges": "privilege-escalation-allowed",
    "seccomp": "seccomp-unconfined weak-seccomp-profile",
    "apparmor": "apparmor-unconfined",
    "label": "selinux-disabled",
}
# The rules that judge each, and a setting of another name in the place of one.
_RULES = {
    "privileged": "privileged-container",
    "use_api_socket": "docker-socket-mounted",
    "read_only": "writable-root-filesystem",
    "user": "root-user privileged-group",
    **{key: f"host-{kind}-namespace foreign-namespace" for kind, key in KEYS.items()},
    "cap_add": "host-takeover-capability dangerous-capability unconfined-sys-admin"
    " host-process-control host-network-control kernel-modules-exposed host-clock-control"
    " host-log-access audit-control",
    "cap_drop": "default-capabilities-kept capability-drop-defeated",
    "security_opt": " ".join((*_OF_OPTIONS.values(), "system-paths-unmasked writable-cgroups")),
    **_OF_OPTIONS,
    "group_add": "privileged-group",
    "cgroup_parent": "foreign-cgroup-parent",
    "device_cgroup_rules": "wildcard-device-rule",
    **dict.fromkeys(
        ("devices", "gpus"),
        "host-disk-device host-memory-device dev-directory-mounted host-device-exposed"
        " host-clock-control host-log-access",
    ),
    **dict.fromkeys(("volumes", "volumes_from"), _MOUNTED),
    "propagation": "shared-mount-propagation",
    "hook": "privileged-hook",
    "oom_kill_disable": "oom-killer-disabled",
    "oom_score_adj": "oom-score-shielded",
    **dict.fromkeys(("mem_limit", _LIMITS + "memory"), "unlimited-resources"),
    **dict.fromkeys(("pids_limit", _LIMITS + "pids"), "unlimited-resources"),
    **dict.fromkeys(("cpus", "cpu_quota", _LIMITS + "cpus"), "unlimited-cpu"),
    **dict.fromkeys(("build.privileged", "build.entitlements"), "privileged-build"),
    "build.network": "host-network-build",
    "ports": "sensitive-port-published port-on-all-interfaces unauthenticated-service",
}
_PATHS = {key: key.split(".") for key in _SETTINGS}
DECIDING_KEYS = (
    *dict.fromkeys(path[0] for path in _PATHS.values()),
    *("devices", "volumes", "configs", "secrets", "post_start", "pre_stop", "develop"),
)
"""The keys of a service that decide its isolation."""

# Every shell sets them, and their meaning is clear.
_KNOWN = frozenset(("HOME", "PWD", "XDG_RUNTIME_DIR"))
# No level of SELinux switches it off.
_HARMLESS = ("label:level", "label=level")
# The local driver mounts those from elsewhere, or from memory.
_NOT_OF_THE_HOST = ("nfs", "cifs", "smb", "tmpfs")


class Deciding(Record):
    """A value, the setting that it is of, and what that decides of a container.

    ``weakest`` is the value that isolates least, by the text that stands before it.
    """

    value: ScalarValue
    key: str
    what: str
    weakest: dict[str, str]


class Unknown(Record):
    """A place without whose value the isolation is not known, and what it decides.

    ``variables`` are those without a value. ``rules`` has the names of the rules that
    cannot judge the container without it.
    """

    span: Span
    what: str
    rules: str
    variables: tuple[str, ...] = ()


def deciding(container: Container) -> Iterator[Deciding]:
    """Yield the values of the settings of a container that decide its isolation."""
    there = container.service_keys
    for key, (what, weakest) in _SETTINGS.items():
        if _PATHS[key][0] in there:
            found = container.value(*_PATHS[key])
            for one in found.items if isinstance(found, SequenceValue) else (found,):
                if isinstance(one, ScalarValue):
                    yield Deciding(one, key, what, weakest)


def unknown(container: Container) -> Iterator[Unknown]:
    """Yield the places without whose values the isolation is not known."""
    for one in deciding(container):
        text = one.value.text
        known = is_root(text) if one.key == "user" else None
        if known is None and not text.startswith(_HARMLESS):
            option = text.replace("=", ":").partition(":")[0]
            yield from _leaf(one.value, one.what, option if option in _OF_OPTIONS else one.key)
    for device in devices(container.settings):
        if "source" in device.device.undecided:
            yield from _leaf(device.value, "which device {} gets", "devices", "source")
    for hook in hooks(container.settings):
        for setting in (hook.privileged, hook.user):
            yield from _leaf(setting.source, f"the rights of `{hook.kind}` of {{}}", "hook")
    yield from _paths(container)


def _paths(container: Container) -> Iterator[Unknown]:
    """Yield what may be any path of the host, unless it is judged without its variables."""
    project = container.project
    judged = [mount for mount in container.mounts if not has_hole(mount.source)]
    places = {one.span.start for mount in judged for one in (mount, mount.volume or mount)}
    for volume in container.volumes:
        if "propagation" in volume.undecided:
            what = "the propagation of a mount of {}"
            yield from _leaf(volume.value, what, "propagation", "bind", "propagation")
        if volume.span.start in places:
            continue
        if may_be_any(volume.source or ""):
            yield from _leaf(volume.value, _PATH, "volumes", "source", "src")
        elif volume.kind == "volume" and volume.source:
            yield from _options(project, volume.source)
    for section in ("configs", "secrets"):
        for item in container.items(section):
            name = item.get("source") if isinstance(item, MappingValue) else item
            if isinstance(name, ScalarValue):
                file = project.text(section, name.text, "file")
                if file and file.span.start not in places and may_be_any(file.text):
                    yield from _leaf(file, _PATH, "volumes")


def left_open(container: Container) -> Iterator[Unknown]:
    """Yield all that leaves a rule about a container without a verdict, images excepted."""
    yield from unknown(container)
    links = (one for one in container.mounts if one.source == UNKNOWN_TARGET)
    for mount in (*links, *above_repository(container)):
        yield Unknown(mount.span, _PATH, _RULES["volumes"])
    for other in container.texts("volumes_from").items:
        if (other.value or "").startswith("container:"):
            yield Unknown(other.span, "whose mounts {} gets", _RULES["volumes_from"])
    for port in container.ports:
        if not port.decided or "target" in port.parsed.undecided:
            yield Unknown(port.span, "which port of the host {} publishes", _RULES["ports"])


def left_open_by_build(stage: Stage) -> Iterator[Unknown]:
    """Yield what leaves a rule about a built image without a verdict: a USER, a base image."""
    from tightship.isolation.user import image_user  # not for Compose files alone

    user, base = image_user(stage), stage.root.base
    if user.is_root is None and user.value is not None and not user.value.decided:
        yield Unknown(user.span, "the user of {}", "image-runs-as-root")
    if base is not None and not base.decided:
        tag = "" if ":" in mask(base.text) else "untagged-base-image "
        yield Unknown(base.span, "the base image of {}", tag + _OF_BASE)


def above_repository(container: Container) -> Iterator[Mount]:
    """Yield the mounts of a folder that has the repository in it: its place decides the rest."""
    for mount in container.mounts:
        if mount.volume is not None and mount.path.startswith(".."):
            path = resolve(mount.volume.value.reading.directory, mount.path)
            if set(path.split("/")) == {".."}:
                yield mount


def _options(project: Project, name: str) -> Iterator[Unknown]:
    """Yield the options of a volume that decide which path of the host it is."""
    driver = project.text("volumes", name, "driver")
    kind = project.text("volumes", name, "driver_opts", "type")
    if kind and kind.text.startswith(_NOT_OF_THE_HOST):
        return
    for option in ("device", "type", "o") if not driver or driver.text == "local" else ():
        found = project.text("volumes", name, "driver_opts", option)
        words = found.text.split(",") if found else []
        if any(may_be_any(word.removeprefix("lowerdir=")) for word in words):
            yield from _leaf(found, _PATH, "volumes")
            return


def _leaf(value: Value | None, what: str, setting: str, *keys: str) -> Iterator[Unknown]:
    for key in keys:
        if isinstance(value, MappingValue):
            value = value.get(key) or value
    if isinstance(value, ScalarValue) and not value.decided:
        names = dict.fromkeys(value.unset)
        if not names or names.keys() - _KNOWN:
            variables = tuple(one for one in names if one not in _KNOWN)
            yield Unknown(value.span, what, _RULES.get(setting, ""), variables)


def may_be_any(path: str) -> bool:
    """Return whether a path starts with a variable."""
    return mask(path).startswith("\0")
