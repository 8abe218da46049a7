"""Seccomp profiles in files of the project."""

from __future__ import annotations

from tightship.compose.loading.state import resolve
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tightship.compose.service import Service

# Calls with these actions go on (seccomp(2); SCMP_ACT_LOG also writes a record).
_ALLOWING = ("SCMP_ACT_ALLOW", "SCMP_ACT_LOG")


def allows_everything(service: Service, path: str) -> bool:
    """Return whether a profile of the project surely allows every system call.

    Its default action allows, and so does the action of each rule. A file that is missing,
    outside of the project or no JSON allows nothing that is known.
    """
    project = service.project
    if path in ("", "builtin", "unconfined") or project.root is None:
        return False
    # Compose starts from the folder of the project (pkg/compose/create.go).
    directory = project.root.reading.directory
    source = project.loading.disk.read(resolve(directory, path))
    if not isinstance(source, Source):
        return False
    import json  # few projects have a profile

    try:
        profile: Any = json.loads(source.text)
    except (ValueError, RecursionError):
        return False
    if not _allows(profile, "defaultAction"):
        return False
    rules: Any = profile.get("syscalls") or ()
    if not issubclass(type(rules), (list, tuple)):
        return False
    return all(_allows(rule, "action") for rule in rules)


def _allows(value: Any, key: str) -> bool:
    """Return whether a JSON value is an object with an action that allows a call."""
    return issubclass(type(value), dict) and value.get(key) in _ALLOWING
