"""The effect of single settings on a container: ``facts/effects.toml``, and capabilities(7)."""

from __future__ import annotations

from tightship.isolation.capabilities import TAKEOVER
from tightship.lazy.modules import facts
from tightship.values import capability

_SHARED = {
    "pid": "each sees the processes of the other, and can send signals to them",
    "ipc": "each can reach the shared memory of the other",
    "network_mode": (
        "they have the same interfaces, addresses and ports, and `localhost` is the"
        " same place for both"
    ),
}

_EFFECTS: dict[str, dict[str, str]] = facts("effects")

KEYS = frozenset(("cap_add", "cap_drop", *_EFFECTS))
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
    return _EFFECTS.get(key, {}).get(value, "")


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
    known = _EFFECTS["security_opt"].get(f"{kind}={rest}")
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
