"""The effect of single settings on a container, in a sentence or two.

Sources: capabilities(7), pid_namespaces(7), ipc_namespaces(7), network_namespaces(7),
uts_namespaces(7), user_namespaces(7), cgroup_namespaces(7); the kernel's no_new_privs;
Docker's reference of ``docker run`` and its pages on seccomp and AppArmor; the lists of
masked and read-only paths in moby, oci/defaults.go.
"""

from __future__ import annotations

from tightship.isolation.capabilities import TAKEOVER
from tightship.values import capability

_SHARED = {
    "pid": "each sees the processes of the other, and can send signals to them",
    "ipc": "each can reach the shared memory of the other",
    "network_mode": (
        "they have the same interfaces, addresses and ports, and `localhost` is the"
        " same place for both"
    ),
}

_NAMESPACES = {
    ("pid", "host"): (
        "The container is in the host's PID namespace. It sees every process of the"
        " host with its command line, and its root can kill them, unless AppArmor's"
        " default profile forbids it."
    ),
    ("ipc", "host"): (
        "The container is in the host's IPC namespace. It shares `/dev/shm`, System V"
        " shared memory and message queues with the programs of the host."
    ),
    ("ipc", "private"): (
        "The container has its own IPC namespace, which no other container can join."
    ),
    ("ipc", "shareable"): (
        "The container has its own IPC namespace, which other containers can join."
    ),
    ("ipc", "none"): ("The container has its own IPC namespace, without a `/dev/shm`."),
    ("network_mode", "host"): (
        "The container has the host's network. Its ports are open on the"
        " host's own addresses, and it reaches services on the host's `localhost` and"
        " abstract Unix sockets. `ports` have no effect."
    ),
    ("network_mode", "none"): (
        "The container has only a loopback interface: it reaches no other machine."
    ),
    ("network_mode", "bridge"): (
        "The container is on Docker's default bridge. It shares it with every other"
        " container without its own network."
    ),
    ("uts", "host"): (
        "The container has the host's UTS namespace. With `SYS_ADMIN`, it can change"
        " the name of the host."
    ),
    ("userns_mode", "host"): (
        "The daemon's mapping of users, if it has one, is off for this container: its"
        " root is the root of the host."
    ),
    ("cgroup", "host"): (
        "The container is in the host's cgroup namespace. It sees its own place in"
        " the host's"
        " tree, and the paths of other containers there."
    ),
    ("cgroup", "private"): (
        "The container has its own cgroup namespace, in which its own cgroup is"
        " the root of the tree."
    ),
}

_OPTIONS = {
    ("seccomp", "unconfined"): (
        "The container can make every system call that its capabilities allow. Docker's"
        " default profile denies calls that containers rarely need, many of which have"
        " been used to attack the kernel."
    ),
    ("seccomp", "builtin"): "The daemon's built-in profile filters system calls.",
    ("apparmor", "unconfined"): (
        "AppArmor does not confine the container. Docker's own profile,"
        " `docker-default`, forbids mounts, and writing to sensitive files below"
        " `/proc` and `/sys`."
    ),
    ("label", "disable"): (
        "SELinux does not confine the container. If the host uses it, it keeps"
        " containers, even with root, from the files of others."
    ),
    ("no-new-privileges", "true"): (
        "Programs gain no privileges at start: set-user-id and set-group-id bits"
        " and file capabilities have no effect, so `sudo` and `su` do not"
        " work."
    ),
    ("no-new-privileges", "false"): (
        "Programs can gain privileges at start, by set-user-id bits or"
        " file capabilities. This is the default."
    ),
    ("systempaths", "unconfined"): (
        "Docker's masks over `/proc` and `/sys` are removed: the container sees files"
        " such as `/proc/kcore`, and `/proc/sys` and `/proc/sysrq-trigger` are no longer"
        " read-only."
    ),
}

KEYS = frozenset(("cap_add", "cap_drop", "security_opt", *(key for key, _ in _NAMESPACES)))
"""The keys of a service whose values have an effect here."""


def effect(key: str, value: str) -> str:
    """Return the effect of a value of a service's key, in Markdown, or nothing.

    The value of a key such as ``cap_add`` is one item of its list.
    """
    if not value or "$" in value:
        return ""  # a run decides
    if key in ("cap_add", "cap_drop"):
        return _capability(value, added=key == "cap_add")
    if key == "security_opt":
        return _option(value)
    owner, colon, name = value.partition(":")
    if colon and key in _SHARED and owner in ("service", "container"):
        kind = "IPC" if key == "ipc" else "PID" if key == "pid" else "network"
        return (
            f"The container shares the {kind} namespace of the {owner}"
            f" `{_code(name)}`: {_SHARED[key]}."
        )
    return _NAMESPACES.get((key, value), "")


def _capability(value: str, *, added: bool) -> str:
    name = capability.canonical(value)
    if name == "ALL":
        if added:
            return (
                "Gives the container every capability of the kernel except those in"
                " `cap_drop`: root in it controls the host."
            )
        return "Removes all capabilities from the container except those in `cap_add`."
    meaning = capability.MEANING.get(name)
    if meaning is None:
        return ""
    if added:
        given = name in capability.DEFAULT_CAPABILITIES
        usual = " Docker gives it by default." if given else ""
        usual = " Root with it controls the host." if name in TAKEOVER else usual
        return f"`{name}` lets the container {meaning}.{usual}"
    if name in capability.DEFAULT_CAPABILITIES:
        return f"Without `{name}`, which Docker gives by default, the container cannot {meaning}."
    return f"`{name}` would let the container {meaning}. Docker does not give it by default."


def _option(value: str) -> str:
    """Split an option as the daemon does: two of them need no value."""
    value = {"no-new-privileges": "no-new-privileges=true", "disable": "label=disable"}.get(
        value, value
    )
    kind, _, rest = value.partition("=" if "=" in value else ":")
    known = _OPTIONS.get((kind, rest))
    if known is not None:
        return known
    if kind == "seccomp":
        return f"The profile `{_code(rest)}` filters system calls, instead of Docker's default."
    if kind == "apparmor":
        return (
            f"The AppArmor profile `{_code(rest)}` confines the container. The host has"
            " to have it loaded."
        )
    if kind == "label" and rest.startswith("type:"):
        return (
            f"SELinux runs the container's processes with the type"
            f" `{_code(rest.removeprefix('type:'))}`, in the place of that for"
            " containers."
        )
    return ""


def _code(text: str) -> str:
    return text.replace("`", "'")
