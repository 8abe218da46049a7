"""Parts of a configuration that Compose printed as JSON; what is absent is empty."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    Tree = dict[str, Any]


def mapping(tree: Tree, key: str) -> Tree:
    """Return the mapping at a key."""
    found: Tree = tree.get(key) or {}
    return found


def items(tree: Tree, key: str) -> Sequence[Any]:
    """Return the items at a key."""
    found: Sequence[Any] = tree.get(key) or ()
    return found
