"""The kind of a YAML document, by its top level."""

from __future__ import annotations

from tightship.frontends.compose.specification.service_keys import SERVICE
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence, follow

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from tightship.frontends.compose.specification.shape import Shape

    DocumentKind = Literal["compose", "compose-v1", "kubernetes", "other"]

# Each service of Compose's first format had one of these.
_ESSENTIAL = ("image", "build", "extends")
# The merged mappings that are looked into: aliases may unfold without an end.
_MOST_MERGED = 100


def kind_of(documents: Iterable[Node]) -> DocumentKind:
    """Return the kind of a file: that of its first document, unless one is Compose.

    Compose merges all documents of a file.
    """
    kinds: list[DocumentKind] = [looks_like(document) for document in documents]
    if "compose" in kinds:
        return "compose"
    return kinds[0] if kinds else "other"


def has_services(documents: Iterable[Node]) -> bool:
    """Return whether a service has an image, is built, or extends another one.

    No other files in YAML have such services.
    """
    for document in documents:
        services = document.get("services") if isinstance(document, Mapping) else None
        services = follow(services) if services is not None else None
        for _, node in services.entries if isinstance(services, Mapping) else ():
            body = follow(node)
            if isinstance(body, Mapping) and any(map(body.get, _ESSENTIAL)):
                return True
    return False


def adds_settings(documents: Iterable[Node]) -> bool:
    """Return whether a file only adds settings to services, and has no key but Compose's.

    The configuration of other programs has ``services``, too, with keys of their own.
    """
    from tightship.frontends.compose.specification.keys import FILE  # few files ask

    adds = False
    for document in documents:
        services = document.get("services") if isinstance(document, Mapping) else None
        services = follow(services) if services is not None else None
        if not isinstance(services, Mapping) or not _has_only(document, FILE):
            return False
        for body in (follow(node) for _, node in services.entries):
            if isinstance(body, Mapping):
                if not _has_only(body, SERVICE):
                    return False
                adds = adds or bool(body.entries)
    return adds


def _has_only(found: Node, shape: Shape) -> bool:
    """Return whether a mapping has no key but those of a shape."""
    names = _names(found) if isinstance(found, Mapping) else ()
    return all(one == "<<" or shape.below(one) is not None for one in names)


def looks_like(root: Node | None) -> DocumentKind:
    """Return the kind of a document.

    A Compose file has ``services`` or ``include``. One in the first format, which
    Docker Compose no longer reads, is a mapping of nothing but services.
    """
    if not isinstance(root, Mapping):
        return "other"
    names = _names(root)
    if "apiVersion" in names and "kind" in names:
        return "kubernetes"
    if "services" in names or "include" in names:
        return "compose"
    return "compose-v1" if _is_first_format(root) else "other"


def _names(root: Mapping) -> set[str]:
    """Return the keys of a mapping, and those that ``<<`` brings."""
    pending = [root]
    names: set[str] = set()
    for _ in range(_MOST_MERGED):
        if not pending:
            break
        for key, value in pending.pop().entries:
            if not isinstance(key, Scalar):
                continue
            names.add(key.value)
            if key.value == "<<":
                items = value.items if isinstance(value, Sequence) else [value]
                targets = map(follow, items)
                pending += (one for one in targets if isinstance(one, Mapping))
    return names


def _is_first_format(root: Mapping) -> bool:
    known = SERVICE.keys or {}
    for _, node in root.entries:
        body = follow(node)
        if not isinstance(body, Mapping):
            return False
        names = [key.value for key, _ in body.entries if isinstance(key, Scalar)]
        if not any(name in _ESSENTIAL for name in names):
            return False
        # The jobs of some CI systems have an image, too, and keys of their own.
        if 2 * sum(name in known for name in names) <= len(names):
            return False
    return bool(root.entries)
