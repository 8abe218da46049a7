"""`tightship try`: a copy of a project on the user's own engine, and what it shows.

This package starts programs: the user's `docker`, and with it the project's own code. Only the
command line imports it, and nothing that checks, fixes or serves an editor does.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Tree = dict[str, Any]


def mapping(tree: Tree, key: str) -> Tree:
    """Return the mapping at a key of a configuration that Compose printed, empty if absent."""
    found: Tree = tree.get(key) or {}
    return found


def items(tree: Tree, key: str) -> Sequence[Any]:
    """Return the items at a key, none if it is absent."""
    found: Sequence[Any] = tree.get(key) or ()
    return found
