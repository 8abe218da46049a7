"""Variants of a Compose file with one service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping


def with_keys(text: str, keys: Mapping[str, Any]) -> str:
    """Return a Compose file with keys more in its only service."""
    project = yaml.safe_load(text)
    [name] = project["services"]
    project["services"][name] |= {k: v for k, v in keys.items() if v != []}
    return yaml.safe_dump(project, sort_keys=False)


def with_bind_mounts(text: str) -> str:
    """Return a Compose file with folders in place of its named volumes."""
    project = yaml.safe_load(text)
    volumes: dict[str, Any] = project.pop("volumes", {})
    for service in project["services"].values():
        service["volumes"] = [
            f"./{mount}" if mount.partition(":")[0] in volumes else mount
            for mount in service.get("volumes", [])
        ]
    return yaml.safe_dump(project, sort_keys=False) if volumes else text
