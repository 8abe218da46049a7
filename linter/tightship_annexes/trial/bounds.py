"""How much of the user's machine a trial may take: memory and processes of each container, disk."""

from __future__ import annotations

import os
import shutil

from tightship_annexes.trial import mapping

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tightship_annexes.trial import Tree

FREE_BYTES = 2_000_000_000
"""The free disk of the engine below which a trial stops."""

_MOST_PROCESSES = 16_384
_OF_MEMORY = ("mem_limit", "mem_reservation", "memswap_limit")
_HOST_CONFIG = {"mem_limit": "Memory", "pids_limit": "PidsLimit"}


def bounds(info: Mapping[str, Any]) -> dict[str, int]:
    """Return keys of Compose that bound each container, as far as the engine can.

    Each gets at most half of the memory. ``info`` is what `docker info` tells.
    """
    found: dict[str, int] = {}
    if info.get("MemoryLimit") and info.get("MemTotal"):
        found["mem_limit"] = int(info["MemTotal"]) // 2
    if info.get("PidsLimit"):
        found["pids_limit"] = _MOST_PROCESSES
    return found


def bounded(service: Tree, known: Mapping[str, int]) -> dict[str, int]:
    """Return the bounds of a service that says nothing of its own about what they bound."""
    resources = mapping(mapping(service, "deploy"), "resources")
    deployed = {**mapping(resources, "limits"), **mapping(resources, "reservations")}
    own = {
        "mem_limit": "memory" in deployed or any(key in service for key in _OF_MEMORY),
        "pids_limit": "pids" in deployed or "pids_limit" in service,
    }
    return {key: most for key, most in known.items() if not own[key]}


def has_limit(about: Mapping[str, Any], key: str, known: Mapping[str, int]) -> bool:
    """Return whether the project itself gives a container a limit, by the key of Compose."""
    found = about["HostConfig"].get(_HOST_CONFIG[key]) or 0
    return found > 0 and found != known.get(key)


def disk(info: Mapping[str, Any]) -> str:
    """Return a folder on the disk of an engine of this machine; nothing if it is not here.

    The data of Docker Desktop is in a virtual machine.
    """
    path = info.get("DockerRootDir") or ""
    if info.get("OperatingSystem") == "Docker Desktop" or not os.path.isabs(path):
        return ""
    while path != os.path.dirname(path):
        try:
            shutil.disk_usage(path)
        except PermissionError:
            path = os.path.dirname(path)
        except OSError:
            return ""
        else:
            return path
    return ""


def is_full(path: str) -> bool:
    """Return whether the disk of a folder has too little room for a trial."""
    try:
        return bool(path) and shutil.disk_usage(path).free < FREE_BYTES
    except OSError:
        return False
