"""What bake files, workflows, files of development containers and units are called.

Who only asks for the kind of a file loads no front end for it.
"""

from __future__ import annotations

import posixpath

from tightship.lazy import regex

MAIN_BAKE = ("docker-bake.json", "docker-bake.hcl")
DEFAULT_BAKE = (*MAIN_BAKE, "docker-bake.override.json", "docker-bake.override.hcl")
"""The names by which bake finds files itself, in the order in which it merges them."""
_BAKE = regex(r"(?:.*/)?(?:[^/]*[.-])?bake(?:[.-][^/]*)?\.(?:hcl|json)")
WORKFLOW = regex(r"(?:.*/)?\.(github|gitea|forgejo)/workflows/[^/]+\.ya?ml")
"""A path of a workflow; its first group is the forge."""
_ACTION = regex(r"(?:.*/)?action\.ya?ml")
_JOBS = regex(r"(?m)^jobs[ \t]*:")
_RUNNER = regex(r"(?m)^[ \t]+runs-on[ \t]*:")
_DEVCONTAINER = regex(
    r"(?:.*/)?(?:\.devcontainer(?:/[^/]+)?/devcontainer\.json|\.devcontainer\.json)"
)
_UNIT = regex(
    r"((?:.*/)?(?:[^/]+\.)?(container|pod|kube|build|volume|network|image))(\.d/[^/]+\.conf)?"
)


def is_bake(name: str) -> bool:
    """Return whether a file has targets, by its name."""
    return _BAKE.fullmatch(name) is not None


def is_workflow(name: str, text: str) -> bool:
    """Return whether a file is a workflow or an action, by its name or by what only they have."""
    is_named = WORKFLOW.fullmatch(name) is not None or _ACTION.fullmatch(name) is not None
    return is_named or (name.endswith((".yml", ".yaml")) and _is_workflow(text))


def _is_workflow(text: str) -> bool:
    return _JOBS.search(text) is not None and _RUNNER.search(text) is not None


def is_devcontainer(name: str) -> bool:
    """Return whether a file describes a container for development, by its name."""
    return _DEVCONTAINER.fullmatch(name) is not None


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
