"""What a path of the host is worth to whoever can reach it from a container.

The classes follow what the kernel and the usual daemons do with the files, not
what a distribution calls them. A path is classified as it would be mounted: a
directory stands for all that lies below it, so the parent of a control socket
gives the socket away as well.
"""

from __future__ import annotations

import posixpath
import re
from enum import Enum
from functools import cache

from tightship.values.variable import has_hole, mask


class HostPath(Enum):
    """The classes of host paths, the strongest first."""

    ROOT = "the root of the host's file system"
    CONTROL_SOCKET = "a socket that commands the host"
    DEVICES = "the host's devices"
    DEVICE = "a device of the host"
    KERNEL_INTERFACE = "an interface of the kernel"
    KERNEL_CODE = "the kernel's modules, sources or boot files"
    AUDIT = "the audit log"
    LOGS = "the host's logs"
    CLOCK = "the host's clock"
    POWER = "files that the host runs, or trusts"
    CREDENTIALS = "credentials"
    SYSTEM = "a system directory, without power over the host"
    TIME_AND_CERTIFICATES = "time zone or certificates"
    WORLD_TEMP = "a directory that all of the host shares"
    OTHER = "a path without a special meaning"


# Sockets that take orders for the host, each with what listens there. Being able to
# connect is enough, and a read-only mount does not stop that.
CONTROL_SOCKETS = {
    "/run/docker.sock": "the Docker daemon",
    "/run/containerd/containerd.sock": "containerd",
    "/run/docker/containerd/containerd.sock": "containerd",
    "/run/k3s/containerd/containerd.sock": "containerd",
    "/run/crio/crio.sock": "CRI-O",
    "/run/podman/podman.sock": "Podman",
    "/run/buildkit/buildkitd.sock": "BuildKit",
    "/run/systemd/private": "systemd",
    "/run/dbus/system_bus_socket": "the system's D-Bus",
    "/run/snapd.socket": "snapd",
    "/run/libvirt/libvirt-sock": "libvirt",
    "/var/lib/lxd/unix.socket": "LXD",
    "/var/snap/lxd/common/lxd/unix.socket": "LXD",
    "/var/lib/incus/unix.socket": "Incus",
    "/var/lib/kubelet/device-plugins/kubelet.sock": "the kubelet",
}
# The names by which such a socket is known in directories that a user chooses.
_SOCKET_NAME = r".*/(?:docker|containerd|crio|podman|buildkitd)\.sock(?:\.raw)?\Z"
_USER_SOCKET = (
    r"/run/user/[^/]+(?:/(?:docker|podman(?:/podman)?|buildkit(?:/buildkitd)?)"
    r"(?:\.sock)?)?\Z"
)
_PIPE = r"(?:\\\\|//)[.?][\\/]pipe[\\/](?i:docker|containerd)"

_HOME = r"(?:~|/root|/home/[^/]+)"

# First match wins; ``$tree`` stands for the path before it and all below that.
_TREE = r"(?:/.*)?\Z"
_CLASSES: tuple[tuple[HostPath, str], ...] = (
    (HostPath.ROOT, r"/\Z|[A-Za-z]:[\\/]?\Z|/host_mnt\Z"),
    (HostPath.AUDIT, r"/var/log/audit$tree"),
    (
        HostPath.LOGS,
        r"/var/log\Z|/var/log/(?:journal|syslog|messages|auth\.log|secure|kern\.log"
        r"|btmp|wtmp|lastlog)$tree|/run/log$tree|/dev/log\Z|/dev/kmsg\Z"
        r"|/run/systemd/journal$tree",
    ),
    (HostPath.CLOCK, r"/run/chrony$tree|/dev/(?:rtc\d*|ptp\d*)\Z"),
    (HostPath.WORLD_TEMP, r"/tmp\Z|/var/tmp\Z|/dev/shm\Z|/tmp/\.X11-unix$tree"),
    (HostPath.DEVICES, r"/dev\Z"),
    (HostPath.OTHER, r"/dev/(?:null|zero|full|u?random|tty|std(?:in|out|err))\Z"),
    (HostPath.DEVICE, r"/dev/.*"),
    (HostPath.KERNEL_INTERFACE, r"/(?:proc|sys)$tree|/cgroup$tree"),
    (HostPath.KERNEL_CODE, r"/(?:usr/)?lib/modules$tree|/usr/src$tree|/boot$tree"),
    (
        HostPath.TIME_AND_CERTIFICATES,
        r"/etc/(?:localtime|timezone|ssl/certs|ca-certificates|pki/(?:tls/certs"
        r"|ca-trust))$tree|/usr/share/(?:zoneinfo|ca-certificates)$tree"
        r"|/usr/local/share/ca-certificates$tree|/etc/ssl\Z",
    ),
    (
        HostPath.POWER,
        r"/(?:usr/(?:local/)?)?(?:s?bin|lib(?:32|64|x32|exec)?)$tree|/usr\Z|/usr/local\Z"
        r"|/etc\Z|/etc/(?:cron[^/]*|systemd|sudoers(?:\.d)?|profile(?:\.d)?|ld\.so[^/]*"
        r"|passwd|shadow|gshadow|group|ssh|pam\.d|init\.d|rc[^/]*|docker|containerd"
        r"|kubernetes|security|udev|modprobe\.d|modules-load\.d|environment"
        r"|bash\.bashrc|subuid|subgid|apt|polkit-1|NetworkManager)$tree"
        r"|/root\Z|/home\Z|~\Z|/home/[^/]+\Z|/opt\Z"
        r"|$home/(?:\.ssh|\.bashrc|\.bash_profile|\.profile|\.zshrc|\.zprofile"
        r"|\.config/systemd|\.config/autostart|\.local/bin)$tree|$home/\.config\Z"
        r"|/var/lib\Z|/var/lib/(?:docker|containerd|kubelet|containers|rancher"
        r"|systemd)$tree|/var/spool\Z|/var/spool/(?:cron|at)$tree",
    ),
    (
        HostPath.CREDENTIALS,
        r"$home/(?:\.aws|\.azure|\.kube|\.docker|\.gnupg|\.netrc|\.git-credentials"
        r"|\.npmrc|\.pypirc|\.config/(?:gcloud|gh|containers)|\.password-store"
        r"|\.mozilla|\.pgpass|\.my\.cnf)$tree"
        r"|/etc/ssl/private$tree",
    ),
    (HostPath.SYSTEM, r"/etc/.*|/usr/.*"),
)

# What of the powerful paths holds secrets, so that reading it is enough.
_SECRET = (
    r"/etc\Z|/etc/(?:shadow|gshadow|ssh|sudoers|docker|kubernetes)$tree|/root\Z"
    r"|/home\Z|~\Z|/home/[^/]+\Z|$home/\.ssh$tree|$home/\.config\Z|/var/lib\Z"
    r"|/var/lib/(?:docker|containerd|kubelet|containers|rancher)$tree"
)

# A relative path that climbs this high is meant to reach the root, wherever the
# project lies: a path cannot climb above it.
_TO_THE_ROOT = 5


def normalise(source: str) -> str:
    """Return a host path in one spelling.

    ``..`` and ``//`` are resolved, ``/var/run`` is ``/run`` (a link on every
    current distribution), ``${HOME}`` is ``~`` and ``${XDG_RUNTIME_DIR}`` a user's
    directory below ``/run/user``. A relative path stays relative to the project's
    directory, unless it climbs so high that it is surely meant to start at ``/``.
    """
    path = source.replace("${HOME}", "~", 1).replace("${PWD}", ".", 1)
    path = path.replace("${XDG_RUNTIME_DIR}", "/run/user/1000", 1)
    if re.match(r"[A-Za-z]:[\\/]|\\\\|//[.?]/", path):
        return path
    path = posixpath.normpath(path) if path else "."
    if path.startswith("//"):
        path = path[1:]
    climbs = len(path.split("/")) - len(path.replace("../", "").split("/"))
    if path == ".." or path.endswith("/.."):
        climbs += 1
    if climbs >= _TO_THE_ROOT:
        path = "/" + path.removesuffix("..").replace("../", "")
    if path == "/var/run" or path.startswith("/var/run/"):
        path = path[4:]
    return path


def classify(source: str) -> HostPath:
    """Return the class of a host path, as Compose names it (not normalised).

    A path in which a variable has no value is classified by what is certain: the
    variable stands for some name, and the last part may name a control socket.
    """
    if _compiled(_PIPE).match(source):
        return HostPath.CONTROL_SOCKET
    path = normalise(source)
    if socket_behind(path) is not None:
        return HostPath.ROOT if path == "/" else HostPath.CONTROL_SOCKET
    if has_hole(path):
        found = _match(re.sub("\0+", "\0", mask(path)))
        return HostPath.OTHER if found is HostPath.SYSTEM else found
    return _match(path)


def socket_behind(path: str) -> str | None:
    """Return what can be commanded through a normalised path, if anything.

    The path may be a control socket, or a directory that holds one.
    """
    if path in CONTROL_SOCKETS:
        return CONTROL_SOCKETS[path]
    if _compiled(_SOCKET_NAME).match(path):
        return "a container engine"
    if has_hole(path):
        return None
    if _compiled(_USER_SOCKET).match(path):
        return "a container engine"
    below = path.rstrip("/") + "/"
    if path in ("/var", "/"):
        return CONTROL_SOCKETS["/run/docker.sock"]
    if path in ("/run/user", "/var/lib/lxd", "/var/snap") or path == "/run":
        return CONTROL_SOCKETS.get(path + "/docker.sock", "a container engine")
    if below.startswith("/run/"):
        return next(
            (d for s, d in CONTROL_SOCKETS.items() if s.startswith(below)), None
        )
    return None


def holds_secrets(source: str) -> bool:
    """Tell whether reading a path gives away secrets of the host."""
    path = normalise(source)
    if _match(path) is HostPath.CREDENTIALS:
        return True
    return _compiled(_SECRET).match(path) is not None


def _match(path: str) -> HostPath:
    if path[:1] not in "/~" and path[1:2] != ":":
        return HostPath.OTHER
    for kind, pattern in _CLASSES:
        if _compiled(pattern).match(path):
            return kind
    return HostPath.OTHER


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Compile a pattern when a path asks for it: most files have none that does."""
    return re.compile(
        pattern.replace("$tree", _TREE).replace("$home", _HOME), re.DOTALL
    )
