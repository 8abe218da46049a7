"""The names of units of Podman, and of their drop-ins."""

from __future__ import annotations

import posixpath

from tightship.lazy import regex

_UNIT = regex(
    r"((?:.*/)?(?:[^/]+\.)?(container|pod|kube|build|volume|network|image))(\.d/[^/]+\.conf)?"
)


def unit_path(name: str) -> str | None:
    """Return the path of the unit that a file is, or is a drop-in of; None for other files."""
    found = _UNIT.fullmatch(name)
    return found[1] if found is not None and (found[3] or "." in found[1]) else None


def has_section(name: str, text: str) -> bool:
    """Return whether a file is a unit, or a drop-in of one, by its name and its section."""
    path = unit_path(name)
    return path is not None and f"[{kind_of_unit(path).capitalize()}]" in text


def kind_of_unit(path: str) -> str:
    """Return the kind of a unit, by its path."""
    return posixpath.basename(path).rpartition(".")[2]
