"""The names of workflows and actions."""

from __future__ import annotations

from tightship.lazy import regex

WORKFLOW = regex(r"(?:.*/)?\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
"""A path of a workflow; its first group is the forge."""
_ACTION = regex(r"(?:.*/)?action\.ya?ml")
_JOBS = regex(r"(?m)^jobs[ \t]*:")
_RUNNER = regex(r"(?m)^[ \t]+runs-on[ \t]*:")


def is_workflow(name: str, text: str) -> bool:
    """Return whether a file is a workflow or an action, by its name or by what only they have."""
    is_named = WORKFLOW.fullmatch(name) is not None or _ACTION.fullmatch(name) is not None
    return is_named or (name.endswith((".yml", ".yaml")) and _is_workflow(text))


def _is_workflow(text: str) -> bool:
    return _JOBS.search(text) is not None and _RUNNER.search(text) is not None
