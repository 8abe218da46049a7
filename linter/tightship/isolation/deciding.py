"""The values of a container's settings that decide how it is isolated.

A setting that can lower isolation is one row here: rules about variables know no other list.
"""

from __future__ import annotations

from tightship.isolation.namespaces import KEYS
from tightship.lazy import Record
from tightship.model.items import devices, hooks
from tightship.model.reading import resolve
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values.hole import has_hole, mask
from tightship.values.process import is_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.isolation.mounts import Mount
    from tightship.model.project import Project
    from tightship.model.value import Value

_LIMITS = "deploy.resources.limits."
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
_PATHS = {key: key.split(".") for key in _SETTINGS}
DECIDING_KEYS = (
    *dict.fromkeys(path[0] for path in _PATHS.values()),
    *("devices", "volumes", "configs", "secrets", "post_start", "pre_stop", "develop"),
)
"""The keys of a service that decide its isolation."""

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


def deciding(container: Container) -> Iterator[Deciding]:
    """Yield the values of the settings of a container that decide its isolation."""
    there = container.service_keys
    for key, (what, weakest) in _SETTINGS.items():
        if _PATHS[key][0] in there:
            found = container.value(*_PATHS[key])
            for one in found.items if isinstance(found, SequenceValue) else (found,):
                if isinstance(one, ScalarValue):
                    yield Deciding(one, key, what, weakest)


def unknown(container: Container) -> Iterator[tuple[ScalarValue, str]]:
    """Yield the values without which the isolation is not known, and what each decides."""
    for one in deciding(container):
        text = one.value.text
        known = is_root(text) if one.key == "user" else None
        if known is None and not text.startswith(_HARMLESS):
            yield from _leaf(one.value, one.what)
    for device in devices(container.settings):
        if "source" in device.device.undecided:
            yield from _leaf(device.value, "which device {} gets", "source")
    for hook in hooks(container.settings):
        for setting in (hook.privileged, hook.user):
            yield from _leaf(setting.source, f"the rights of `{hook.kind}` of {{}}")
    yield from _paths(container)


def _paths(container: Container) -> Iterator[tuple[ScalarValue, str]]:
    """Yield what may be any path of the host, unless it is judged without its variables."""
    what, project = "which host path {} mounts", container.project
    judged = [mount for mount in container.mounts if not has_hole(mount.source)]
    places = {one.span.start for mount in judged for one in (mount, mount.volume or mount)}
    for volume in container.volumes:
        if "propagation" in volume.undecided:
            yield from _leaf(
                volume.value, "the propagation of a mount of {}", "bind", "propagation"
            )
        if volume.span.start in places:
            continue
        if may_be_any(volume.source or ""):
            yield from _leaf(volume.value, what, "source", "src")
        elif volume.kind == "volume" and volume.source:
            yield from _options(project, volume.source, what)
    for section in ("configs", "secrets"):
        for item in container.items(section):
            name = item.get("source") if isinstance(item, MappingValue) else item
            if isinstance(name, ScalarValue):
                file = project.text(section, name.text, "file")
                if file and file.span.start not in places and may_be_any(file.text):
                    yield from _leaf(file, what)


def above_repository(container: Container) -> Iterator[Mount]:
    """Yield the mounts of a folder that has the repository in it: its place decides the rest."""
    for mount in container.mounts:
        if mount.volume is not None and mount.path.startswith(".."):
            path = resolve(mount.volume.value.reading.directory, mount.path)
            if set(path.split("/")) == {".."}:
                yield mount


def _options(project: Project, name: str, what: str) -> Iterator[tuple[ScalarValue, str]]:
    """Yield the options of a volume that decide which path of the host it is."""
    driver = project.text("volumes", name, "driver")
    kind = project.text("volumes", name, "driver_opts", "type")
    if kind and kind.text.startswith(_NOT_OF_THE_HOST):
        return
    for option in ("device", "type", "o") if not driver or driver.text == "local" else ():
        found = project.text("volumes", name, "driver_opts", option)
        words = found.text.split(",") if found else []
        if any(may_be_any(word.removeprefix("lowerdir=")) for word in words):
            yield from _leaf(found, what)
            return


def _leaf(value: Value | None, what: str, *keys: str) -> Iterator[tuple[ScalarValue, str]]:
    for key in keys:
        if isinstance(value, MappingValue):
            value = value.get(key) or value
    if isinstance(value, ScalarValue) and not value.decided:
        yield value, what


def may_be_any(path: str) -> bool:
    """Return whether a path starts with a variable."""
    return mask(path).startswith("\0")
