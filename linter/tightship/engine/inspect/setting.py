"""The key or value at an offset of a Compose file, and its effect on isolation."""

from __future__ import annotations

from tightship.isolation.effect import KEYS, effect
from tightship.lazy import Record
from tightship.syntax.yaml.nodes import Scalar, Sequence, steps_to
from tightship.syntax.yaml.read import read

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source, Span


class ScalarAtOffset(Record):
    """The scalar at an offset.

    ``service`` is the name of the service whose key it is, and ``effect`` the effect of
    the setting in Markdown; either may be empty. ``value`` is the value of a key that is
    no service and does not hold services.
    """

    span: Span
    service: str
    effect: str
    value: Span | None = None


def spot(source: Source, offset: int) -> ScalarAtOffset | None:
    """Return the scalar at an offset of a text."""
    for document in reversed(read(source).documents):
        if document.span.start <= offset:
            return _spot_in(document, offset)
    return None


def _spot_in(root: Node, offset: int) -> ScalarAtOffset | None:
    path, node = list[str](), root
    for key, node in steps_to(root, offset):
        if key is None:
            continue
        if not isinstance(key, Scalar):
            return None
        path.append(key.value)
        if _holds(key, offset):
            return _of_key(path, key, node)
    if isinstance(node, Scalar) and _holds(node, offset):
        return ScalarAtOffset(node.span, "", _effect(path, node.value))
    return None


def _of_key(path: list[str], key: Scalar, value: Node) -> ScalarAtOffset:
    if path[0] == "services" and len(path) < 3:
        return ScalarAtOffset(key.span, key.value if len(path) == 2 else "", "")
    if isinstance(value, Sequence):
        items = (item.value for item in value.items if isinstance(item, Scalar))
        effects = dict.fromkeys(_effect(path, item) for item in items)
        return ScalarAtOffset(key.span, "", "\n\n".join(filter(None, effects)), value.span)
    text = value.value if isinstance(value, Scalar) else ""
    return ScalarAtOffset(key.span, "", _effect(path, text), value.span)


def _effect(path: list[str], value: str) -> str:
    """Return the effect of a setting of a service, or of an extension field (`x-`)."""
    is_service = len(path) == 3 and path[0] == "services"
    is_shared = len(path) in (2, 3) and path[0].startswith("x-")
    if path[-1:] and path[-1] in KEYS and (is_service or is_shared):
        return effect(path[-1], value)
    return ""


def _holds(node: Node, offset: int) -> bool:
    return node.span.start <= offset <= node.span.end
