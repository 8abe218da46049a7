"""The value of a path of the host to an attacker in a container.

The classes follow the use of the files by the kernel and the usual daemons, not the
names of distributions. A path is classified as it would be mounted: a directory means
all files below it, so the directory of a control socket gives the socket away, too.
"""

from __future__ import annotations

import posixpath
from enum import Enum
from functools import cache

from tightship.lazy import TYPE_CHECKING, regex
from tightship.lazy.modules import facts
from tightship.values.hole import has_hole, mask
from tightship.values.mount import is_pipe

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


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


# Variables with the same meaning wherever Compose runs.
_VARIABLES = {
    "${HOME}": "~",
    "${USERPROFILE}": "~",
    "${PWD}": ".",
    "${XDG_RUNTIME_DIR}": "/run/user/1000",
    "${SSH_AUTH_SOCK}": "/run/host-services/ssh-auth.sock",
}

# The root of a process of the host, and the folder that it is in, are those of the host.
_ROOT_OF_A_PROCESS = regex(
    r"(?:/proc/(?:\d+|self|thread-self)(?:/task/\d+)?/(?:root|cwd)(?=/|\Z))+"
)

# A relative path with this many ``..`` is meant to reach the root, wherever the project
# is. The second is for the root itself, since a big repository may well be mounted whole
# from deep within it.
_TO_THE_ROOT = 5
_TO_NOTHING_BELOW = 6


def normalise(source: str) -> str:
    """Return a host path in one spelling.

    ``..`` and ``//`` are resolved as the daemon does it, by the text alone.
    ``/var/run`` is ``/run`` (a link on every current distribution), ``/dev/char/1:1`` is
    ``/dev/mem``, ``/proc/1/root`` is ``/``, ``${HOME}`` is ``~`` and ``${XDG_RUNTIME_DIR}`` a user's directory below ``/run/user``. A path
    of Windows gets slashes. A relative path stays relative to the project's
    directory, unless it climbs so high that it is surely meant to start at ``/``.
    """
    if is_pipe(source):
        return source
    path = _without_variables(source)
    if path[1:2] == ":" and path[:1].isalpha():
        tail = path[2:].replace("\\", "/")
        return path[0].lower() + ":" + posixpath.normpath("/" + tail.lstrip("/"))
    if path.startswith("\\\\"):
        return path
    if path.startswith("~"):
        # Compose puts the home directory where the tilde is, even in ``~bob``.
        return _in_home(posixpath.normpath(path[1:].lstrip("/") or "."))
    path = posixpath.normpath(path) if path else "."
    if path.startswith("//"):
        path = path[1:]
    climbs, tail = _climbs(path)
    if climbs >= (_TO_THE_ROOT if tail else _TO_NOTHING_BELOW):
        path = "/" + tail
    if path[1:2] == ":" or path.startswith(("~", "\\\\", *_VARIABLES)):
        # The name of something in the project's directory, after a ``./``.
        return "./" + path
    return _run(path)


def classify(source: str) -> HostPath:
    """Return the class of a host path, as Compose names it (not normalised).

    A variable without a value counts as some name, so the rest of the path decides, and
    its last part may name a control socket.
    """
    path = normalise(source)
    if ".." in source and has_hole(_without_variables(source)):
        # The variable may hold more than one directory.
        return HostPath.OTHER
    if path != "/" and socket_behind(path) is not None:
        return HostPath.CONTROL_SOCKET
    found = _lookup(_masked(path))
    if found is HostPath.SYSTEM and has_hole(path):
        return HostPath.OTHER
    return found


def control_sockets() -> Mapping[str, str]:
    """Return the programs that take commands for the host, by the paths of their sockets."""
    known: Mapping[str, str] = _facts()["sockets"]
    return known


def socket_at(target: str) -> str | None:
    """Return the daemon whose socket a path in a container is named after, if any."""
    path = normalise(target)
    return control_sockets().get(path) or _facts()["socket_names"].get(posixpath.basename(path))


def is_docker(listener: str) -> bool:
    """Return whether a program that takes commands is Docker's daemon, or may be it."""
    return listener.endswith(("Docker daemon", "container engine"))


def socket_behind(path: str) -> str | None:
    """Return the daemon that takes commands through a normalised path, if any.

    The path may be a control socket, or the directory of one.
    """
    if is_pipe(path):
        name = path.replace("\\", "/").rpartition("/")[2].lower()
        known = {"docker": "the Docker daemon", "containerd": "containerd"}
        return next((known[k] for k in known if name.startswith(k)), None)
    climbs, tail = _climbs(path)
    if climbs:
        return control_sockets().get(_run("/" + tail))
    path = _masked(path)
    if path in control_sockets():
        return control_sockets()[path]
    if path[:1] not in ("/", "~", "\0") and path[1:2] != ":":
        return None
    name = path.rpartition("/")[2]
    if path == "/run/user" or path.startswith("/run/user/"):
        return _user_socket(path)
    if name in _facts()["socket_names"]:
        return str(_facts()["socket_names"][name])
    is_own = path.startswith(
        ("/run", "/var/lib/lxd", "/var/lib/incus", "/var/snap/lxd", "/nix/var")
    )
    return socket_below(path) if is_own else None


def socket_below(path: str) -> str | None:
    """Return the first daemon whose control socket lies below a normalised directory, if any."""
    sockets = control_sockets()
    return next((sockets[one] for one in sockets if one.startswith(path.rstrip("/") + "/")), None)


def holds_secrets(source: str) -> bool:
    """Return whether reading a path gives away secrets of the host."""
    path = _home_as_tilde(_masked(normalise(source)))
    kind, secrets = _lookup(path), _facts()["secrets"]
    if kind is HostPath.CREDENTIALS or path in secrets["here"]:
        return True
    if kind is not HostPath.POWER or path in secrets["public"]:
        return False
    return any(one in secrets["below"] for one in (path, *_parents(path)))


def is_key(path: str) -> bool:
    """Return whether a path is an SSH key, unless it is a person's own by its name."""
    is_own = posixpath.basename(path) in _facts()["secrets"]["identities"]
    return ("/.ssh/" in path or "/ssh_host_" in path) and not is_own


def _user_socket(path: str) -> str | None:
    # /run/user/NAME, and what lies below it.
    below = "/".join(path.split("/")[4:])
    known: Mapping[str, str] = _facts()["user_sockets"]
    if not below:
        return known["docker.sock"]
    return next((known[one] for one in known if f"{one}/".startswith(f"{below}/")), None)


def _without_variables(source: str) -> str:
    for variable, meaning in _VARIABLES.items():
        if source == variable or source.startswith(variable + "/"):
            return meaning + source[len(variable) :]
    return source


def _in_home(tail: str) -> str:
    climbs, tail = _climbs(tail)
    if climbs:
        return _run(posixpath.normpath(("/home/" if climbs == 1 else "/") + tail))
    return "~" if tail == "." else "~/" + tail


def _climbs(path: str) -> tuple[int, str]:
    """Return how often a clean relative path starts with ``..``, and the rest."""
    parts = path.split("/")
    climbs = next((i for i, part in enumerate(parts) if part != ".."), len(parts))
    return climbs, "/".join(parts[climbs:])


def _run(path: str) -> str:
    if path == "/var/run" or path.startswith("/var/run/"):
        return path[4:]
    if path.startswith("/proc/") and (found := _ROOT_OF_A_PROCESS.match(path)):
        return _run("/" + path[found.end() :].lstrip("/"))
    if path.startswith(("/dev/char/", "/dev/block/")):
        from tightship.isolation.devices import behind_link  # few files name a number

        return behind_link(path)
    return path


def _masked(path: str) -> str:
    return mask(path) if "${" in path else path


def _lookup(path: str) -> HostPath:
    path = _home_as_tilde(path)
    if path[:1] not in ("/", "~") and path[1:2] != ":":
        return HostPath.OTHER
    here, below = _tables()
    if path in here:
        return here[path]
    if path.startswith("/dev/"):
        # Clocks are numbered: /dev/rtc0.
        numbered = here.get(path.rstrip("0123456789"))
        if numbered is HostPath.CLOCK:
            return numbered
    if path.startswith("~/.ssh/") and path.endswith(".pub"):
        return HostPath.OTHER
    return next((below[p] for p in _parents(path) if p in below), HostPath.OTHER)


def _home_as_tilde(path: str) -> str:
    """Return a path with ``~`` for the home directory of any user."""
    if path == "/root" or path.startswith("/root/"):
        return "~" + path[5:]
    if path[1:2] == ":":
        path = path.lower()
    for homes in ("/home/", "/Users/", "/var/home/", "c:/users/"):
        if path.startswith(homes):
            _, slash, tail = path[len(homes) :].partition("/")
            return "~" + slash + tail
    return path


def _parents(path: str) -> list[str]:
    """Return the directories above a path, the nearest first, without the root.

    Those far below are left out: no path so deep has its own class.
    """
    parts = path.split("/", 8)[:8]
    return ["/".join(parts[:end]) for end in range(len(parts) - 1, 0, -1)]


@cache
def _facts() -> dict[str, Any]:
    """Return the facts on first use: most files name no path of the host."""
    return facts("host_paths")


@cache
def _tables() -> tuple[dict[str, HostPath], dict[str, HostPath]]:
    """Return the classes of paths themselves, and of the files below them."""
    here: dict[str, HostPath] = {}
    below: dict[str, HostPath] = {}
    for group in _facts()["paths"]:
        here |= dict.fromkeys(group["paths"], _class(group["kind"]))
        if "below" in group:
            below |= dict.fromkeys(group["paths"], _class(group["below"]))
    return here, below


def _class(word: str) -> HostPath:
    return HostPath[word.upper().replace("-", "_")]
