"""What stands at an offset of a Compose file, and what it means for isolation."""

from __future__ import annotations

from tightship.isolation.effect import KEYS, effect
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.syntax.yaml.read import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source, Span


class Spot:
    """A scalar that stands at an offset.

    ``service`` is the name of a service whose key it is, and ``effect`` says in
    Markdown what a setting does; either may be empty.
    """

    __slots__ = ("effect", "service", "span")

    def __init__(self, span: Span, service: str, effect: str) -> None:
        self.span = span
        self.service = service
        self.effect = effect


def spot(source: Source, offset: int) -> Spot | None:
    """Return what stands at an offset, as it is written."""
    for document in reversed(read(source).documents):
        if document.span.start <= offset:
            return _found(document, offset)
    return None


def _found(root: Node, offset: int) -> Spot | None:
    path: list[str] = []
    node = root
    while True:
        if isinstance(node, Mapping):
            entry = next(
                (e for e in reversed(node.entries) if _begins(e[0], offset)), None
            )
            if entry is None:
                return None
            key, node = entry
            if not isinstance(key, Scalar):
                return None
            path.append(key.value)
            if _holds(key, offset):
                return _of_key(path, key, node)
        elif isinstance(node, Sequence):
            item = next((i for i in reversed(node.items) if _begins(i, offset)), None)
            if item is None:
                return None
            node = item
        elif isinstance(node, Scalar) and _holds(node, offset):
            return Spot(node.span, "", _effect(path, node.value))
        else:
            return None


def _of_key(path: list[str], key: Scalar, value: Node) -> Spot:
    if len(path) == 2 and path[0] == "services":
        return Spot(key.span, key.value, "")
    if isinstance(value, Sequence):
        return Spot(key.span, "", _effects(path, value))
    text = value.value if isinstance(value, Scalar) else ""
    return Spot(key.span, "", _effect(path, text))


def _effects(path: list[str], items: Sequence) -> str:
    """Return what the items of a list do, each by itself."""
    found = (
        _effect(path, item.value) for item in items.items if isinstance(item, Scalar)
    )
    return "\n\n".join(dict.fromkeys(filter(None, found)))


def _effect(path: list[str], value: str) -> str:
    """Return what a setting of a service does, or of what services are made of."""
    is_service = len(path) == 3 and path[0] == "services"
    is_shared = len(path) in (2, 3) and path[0].startswith("x-")
    if path[-1:] and path[-1] in KEYS and (is_service or is_shared):
        return effect(path[-1], value)
    return ""


def _begins(node: Node, offset: int) -> bool:
    return node.span.start <= offset


def _holds(node: Node, offset: int) -> bool:
    return node.span.start <= offset <= node.span.end
