"""The names of bake files."""

from __future__ import annotations

from tightship.lazy import regex

MAIN = ("docker-bake.json", "docker-bake.hcl")
DEFAULT = (*MAIN, "docker-bake.override.json", "docker-bake.override.hcl")
"""The names by which bake finds files itself, in the order in which it merges them."""
COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""The names of Compose files that bake finds itself; its own files are merged over them."""

_FILE = regex(r"(?:.*/)?(?:[^/]*[.-])?bake(?:[.-][^/]*)?\.(?:hcl|json)")


def is_bake(name: str) -> bool:
    """Return whether a file has targets, by its name."""
    return _FILE.fullmatch(name) is not None
