"""Paths as Go's ``path.Clean`` and ``filepath.Clean`` write them."""

from __future__ import annotations


def clean_path(path: str) -> str:
    """Return the shortest path that means the same, as Go does."""
    rooted = path.startswith("/")
    parts: list[str] = []
    for part in path.split("/"):
        if part in ("", "."):
            continue
        if part != "..":
            parts.append(part)
        elif parts and parts[-1] != "..":
            parts.pop()
        elif not rooted:
            parts.append(part)
    return "/" * rooted + "/".join(parts) or "."
