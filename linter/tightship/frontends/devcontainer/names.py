"""The names of files that describe containers for development."""

from __future__ import annotations

from tightship.lazy import regex

_FILE = regex(r"(?:.*/)?(?:\.devcontainer(?:/[^/]+)?/devcontainer\.json|\.devcontainer\.json)")


def is_devcontainer(name: str) -> bool:
    """Return whether a file describes a container for development, by its name."""
    return _FILE.fullmatch(name) is not None
