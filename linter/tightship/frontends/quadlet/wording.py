"""The keys of a unit that stand for flags of Podman."""

from __future__ import annotations

from tightship.frontends.quadlet.project import keys
from tightship.lazy import cache


def key_of(flag: str) -> str | None:
    """Return the key that stands for a flag, or None."""
    return _keys().get(flag)


def line_of(flag: str, value: str = "") -> str:
    """Return the line that stands for a flag with its value, or else gives Podman the flag."""
    option = value.removesuffix(":true") if flag == "security-opt" else ""
    key = next((key for key, one in keys()["options"].items() if one == option), None)
    if key is not None:
        return f"{key}=true"
    key = key_of(flag)
    if key is not None:
        return f"{key}={value or 'true'}"
    return f"PodmanArgs=--{flag}{' ' * bool(value)}{value}"


@cache
def _keys() -> dict[str, str]:
    known = keys()
    groups = (known["values"], known["lists"], known["switches"])
    return {flag: key for group in groups for key, flag in group.items()}
