"""Rows of a profile about access to the host: groups, paths, devices and hooks."""

from __future__ import annotations

from tightship.isolation import weakness
from tightship.isolation.capability_holders import hold_in
from tightship.isolation.devices import DeviceKind
from tightship.isolation.host_path import HostPath, holds_secrets, normalise
from tightship.isolation.user import open_group, powerful_groups
from tightship.isolation.weakness import BY_PRIVILEGE, MechanismState, undecided
from tightship.model.items import devices as mapped_devices, hooks
from tightship.values.hole import mask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.capability_holders import Hold
    from tightship.isolation.container import Container
    from tightship.isolation.mounts import Mount
    from tightship.isolation.weakness import Weakness
    from tightship.text import Span

# Paths of the host with which a writer owns it.
_POWERFUL = frozenset((HostPath.KERNEL_INTERFACE, HostPath.KERNEL_CODE, HostPath.POWER))
# Devices with everything that the host has.
_HOLDING_ALL = (DeviceKind.DISK, DeviceKind.MEMORY)
# Paths of the host that give away much to a reader.
_REVEALING = frozenset(
    (
        HostPath.ROOT,
        HostPath.KERNEL_INTERFACE,
        HostPath.KERNEL_CODE,
        HostPath.AUDIT,
        HostPath.LOGS,
        HostPath.CREDENTIALS,
        HostPath.WORLD_TEMP,
    )
)

_FROM_CONTAINER = "container:"


def group_rows(container: Container) -> Iterator[MechanismState]:
    """Yield the groups of the container with power over the host."""
    for group in powerful_groups(container):
        state = f"{group.title}: may {group.power}"
        weak = weakness.POWERFUL_GROUP
        yield MechanismState("group", "weak", state, group.setting.span, weak)
    place = open_group(container)
    if place is not None:
        yield undecided("group", place, weakness.POWERFUL_GROUP)


def mount_rows(container: Container) -> Iterator[MechanismState]:
    """Yield the paths of the host that the container reaches, without devices."""
    devices = {(one.span, one.source) for one in container.devices}
    for mount in container.mounts:
        state, weak = _reach(mount)
        if weak is not None and (mount.span, mount.source) not in devices:
            text = f"{mount.source} {state}"
            yield MechanismState("host path", "weak", text, mount.span, weak)
    for place in _unknown_mounts(container):
        yield undecided("host path", place, weakness.HOST_ROOT)


def _unknown_mounts(container: Container) -> Iterator[Span]:
    """Yield the places of mounts that may be of any path of the host.

    A variable without a value is the whole path, or the mounts are those of a container
    outside of the project, or of a part of the service that is not known.
    """
    volumes = container.texts("volumes")
    if not volumes.decided:
        yield volumes.span
    for volume in container.volumes:
        if volume.kind in ("bind", "unknown") and _is_any(volume.source or ""):
            yield volume.span
    for mount in container.mounts:
        if _is_any(mount.source) and (mount.route == "driver_opts" or mount.because):
            yield mount.span
    for item in container.texts("volumes_from").items:
        if not item.decided or (item.value or "").startswith(_FROM_CONTAINER):
            yield item.span


def _is_any(path: str) -> bool:
    """Return whether a path is nothing but a variable without a value or known meaning."""
    masked = mask(normalise(path))
    return path[:1] != "." and "\0" in masked and not masked.strip("\0/")


def _reach(mount: Mount) -> tuple[str, Weakness | None]:
    """Return the power of a mount in words, and its weakness, if it has one."""
    if mount.host is HostPath.CONTROL_SOCKET:
        # A read-only mount does not stop a connection.
        return f"commands {mount.listener}", weakness.CONTROL_SOCKET
    if mount.host is HostPath.CLOCK:
        return "commands the host's clock", weakness.CLOCK
    revealing = mount.host in _REVEALING or holds_secrets(mount.source)
    weak = weakness.REVEALING_FILES if revealing else weakness.WRITABLE_FILES
    if mount.host is HostPath.ROOT:
        weak = weakness.HOST_ROOT
    if mount.writable:
        powerful = mount.host in _POWERFUL
        return "is writable", weakness.HOST_FILES if powerful else weak
    if revealing:
        return "is readable", weak
    if mount.volume is not None and mount.volume.propagation in ("shared", "rshared"):
        return "gets the mounts that the container makes", weakness.PROPAGATION
    return "", None


def device_rows(container: Container) -> Iterator[MechanismState]:
    """Yield the devices of the host that the container may use, or make."""
    privileged = container.privileged
    if privileged.is_surely(True):
        weak, state = of_privilege(container), f"all, {BY_PRIVILEGE}"
        yield MechanismState("host device", "weak", state, privileged.span, weak)
    for mapped in mapped_devices(container.settings):
        if _is_any(mapped.device.source):
            place, possible = mapped.value.span, (weakness.HOST_DISK, weakness.DEVICE)
            yield undecided("host device", place, *possible)
    for device in container.devices:
        weak = weakness.HOST_DISK if device.kind in _HOLDING_ALL else weakness.DEVICE
        yield MechanismState("host device", "weak", device.source, device.span, weak)
    for rule in container.device_rules:
        if rule.opened:
            state = f"{rule.setting.value} opens {rule.opened}"
            makes = "MKNOD" in container.held_capabilities
            weak = weakness.DEVICE_RULE if rule.is_strong else weakness.DEVICE
            if makes and rule.is_takeover:
                weak = weakness.ANY_DEVICE
            if rule.is_unknown and not rule.is_takeover:
                wide = (weakness.DEVICE_RULE,)
                yield MechanismState("device rule", "unknown", state, rule.span, possible=wide)
            else:
                yield MechanismState("device rule", "weak", state, rule.span, weak)


_OF_HOOK: dict[Hold, tuple[str, Weakness]] = {
    "held": ("runs with every capability", weakness.PRIVILEGED_HOOK),
    "obtainable": ("gives setuid programs every capability", weakness.OBTAINABLE_TAKEOVER),
    "unobtainable": ("has capabilities that no process has", weakness.UNUSED_CAPABILITIES),
}


def of_privilege(container: Container) -> Weakness:
    """Return the weakness of a privileged container's devices.

    Under a user who gains no privileges, their permissions count: disks are for root and
    the group `disk`, memory is for root (systemd, rules.d/50-udev-default.rules.in).
    """
    if container.capability_hold != "unobtainable" or open_group(container):
        return weakness.PRIVILEGED
    in_disk = any(group.name == "disk" for group in powerful_groups(container))
    mapped = any(device.kind in _HOLDING_ALL for device in container.devices)
    return weakness.HOST_DISK if in_disk or mapped else weakness.DEVICE


def hook_rows(container: Container) -> Iterator[MechanismState]:
    """Yield the hooks that run with every capability."""
    for hook in hooks(container.settings):
        if hook.privileged.is_surely(True):
            state, weak = _OF_HOOK[hold_in(container, hook)]
            yield MechanismState(hook.kind, "weak", state, hook.privileged.span, weak)
