"""The inputs of the GitHub action, and the actions that workflows use, on their pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml
from tests.generate.pages import DOCS, ROOT, table, with_block

if TYPE_CHECKING:
    from pathlib import Path


def pages() -> dict[Path, str]:
    """Return the pages with the tables."""
    ci, publishing = DOCS / "ci.md", DOCS / "publishing.md"
    return {
        ci: with_block(ci.read_text("utf-8"), "inputs", _inputs()),
        publishing: with_block(publishing.read_text("utf-8"), "actions", _actions()),
    }


def _inputs() -> str:
    action: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    rows = (
        f"| `{name}` | {given['description']} | {_code(given['default'])} |"
        for name, given in action["inputs"].items()
    )
    return table(("input", "meaning", "default"), rows)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _actions() -> str:
    """Return the actions that are named by a version, which their owners can move."""
    workflows = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
    places: dict[str, set[str]] = {}
    for path in (ROOT / "action.yml", *workflows):
        for used in re.findall(r"uses: (\S+@\S+)", path.read_text("utf-8")):
            if not re.search(r"@[0-9a-f]{40}$", used):
                places.setdefault(used, set()).add(f"`{path.name}`")
    rows = list[str]()
    for used, found in sorted(places.items()):
        name, _, version = used.partition("@")
        rows.append(f"| `{name}` | `{version}` | {', '.join(sorted(found))} |")
    return table(("action", "version", "in"), rows, indent="   ")
