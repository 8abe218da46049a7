"""The keys of a unit that stand for flags of Podman."""

from __future__ import annotations

from tightship.frontends.quadlet.unit import keys
from tightship.lazy import cache


def key_of(flag: str) -> str | None:
    """Return the key that stands for a flag, or None."""
    return _keys().get(flag)


def line_of(flag: str, value: str = "") -> str:
    """Return the line that stands for a flag with its value, or else gives Podman the flag."""
    option = value.removesuffix(":true") if flag == "security-opt" else ""
    key = key_of(f"security-opt {option}") if option else None
    if key is not None:
        return f"{key}=true"
    key = key_of(flag)
    if key is not None:
        return f"{key}={value or 'true'}"
    return f"PodmanArgs=--{flag}{' ' * bool(value)}{value}"


@cache
def _keys() -> dict[str, str]:
    return {meaning.partition(" ")[2]: key for key, meaning in keys("container").items()}
