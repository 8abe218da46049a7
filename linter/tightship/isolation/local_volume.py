"""The file systems of the host that volumes of the local driver mount.

The driver passes ``type``, ``o`` and ``device`` to mount(2), so that a volume may be a
directory of the host, a disk, or an interface of the kernel (seen on Docker Engine
26.1.5).
"""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.model.project import Project
    from tightship.model.value import ScalarValue

# The file systems of the kernel, each with the usual path of the same one on the host.
_OF_THE_KERNEL = {
    "bpf": "/sys/fs/bpf",
    "cgroup": "/sys/fs/cgroup",
    "cgroup2": "/sys/fs/cgroup",
    "configfs": "/sys/kernel/config",
    "debugfs": "/sys/kernel/debug",
    "devtmpfs": "/dev",
    "efivarfs": "/sys/firmware/efi/efivars",
    "proc": "/proc",
    "securityfs": "/sys/kernel/security",
    "sysfs": "/sys",
    "tracefs": "/sys/kernel/tracing",
}


class MountedPath(Record):
    """A path of the host behind a volume.

    ``leaf`` is the option that decides. ``file_system`` is the type of the one that is
    mounted from a disk, and empty where ``path`` is a directory. ``read_only`` is none
    where only a run decides.
    """

    leaf: ScalarValue
    path: str
    read_only: bool | None
    file_system: str = ""


def mounted_paths(project: Project, name: str) -> Iterator[MountedPath]:
    """Yield the paths of the host that a named volume mounts.

    The words of ``o`` count as they are written: a blank makes another word of ``ro``,
    and of ``ro`` and ``rw`` the last one counts (moby/sys/mount, flags.go).
    """

    def option(*path: str) -> ScalarValue | None:
        return project.text("volumes", name, *path)

    driver, device = option("driver"), option("driver_opts", "device")
    if device is None or (driver is not None and driver.text != "local"):
        return
    options, kind = option("driver_opts", "o"), option("driver_opts", "type")
    words = options.text.split(",") if options is not None else []
    read_only: bool | None = [word for word in words if word in ("ro", "rw")][-1:] == ["ro"]
    if options is not None and not options.decided:
        read_only = None
    if "bind" in words or "rbind" in words:
        yield MountedPath(device, device.text, read_only)
    elif kind is None or not kind.decided:
        return
    elif kind.text in _OF_THE_KERNEL:
        yield MountedPath(kind, _OF_THE_KERNEL[kind.text], read_only)
    elif kind.text == "overlay" and options is not None:
        yield from _layers(options, words, read_only)
    elif kind.text not in ("", "none") and device.text.startswith("/dev/"):
        yield MountedPath(device, device.text, read_only, kind.text)


def _layers(
    options: ScalarValue, words: list[str], read_only: bool | None
) -> Iterator[MountedPath]:
    """Yield the directories of an overlay; only the upper one is written to."""
    for word in words:
        key, _, value = word.partition("=")
        if key == "upperdir":
            yield MountedPath(options, value, read_only)
        elif key == "lowerdir":
            for path in value.split(":"):
                if path.startswith("/"):
                    yield MountedPath(options, path, read_only=True)
