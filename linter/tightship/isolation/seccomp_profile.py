"""Seccomp profiles in files of the project."""

from __future__ import annotations

from tightship.compose.loading.state import resolve
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
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
        profile = json.loads(source.text)
    except (ValueError, RecursionError):
        return False
    if not isinstance(profile, dict) or profile.get("defaultAction") not in _ALLOWING:
        return False
    rules = profile.get("syscalls") or []
    return isinstance(rules, list) and all(
        isinstance(rule, dict) and rule.get("action") in _ALLOWING for rule in rules
    )
