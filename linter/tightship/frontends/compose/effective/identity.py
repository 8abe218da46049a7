"""The identity of items of lists in canonical form: the last one wins.

This comes after :mod:`~tightship.frontends.compose.loading.unique`, for only here are ranges of
ports expanded and unset variables empty (compose-go, override/uncity.go).
"""

from __future__ import annotations

from tightship.frontends.compose.effective.forms import raw
from tightship.model.value import MappingValue, ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.frontends.compose.effective.value import Effective
    from tightship.frontends.compose.specification.shape import Unique

_KEYS: dict[str, tuple[str, ...]] = {
    "path": ("path",),
    "target": ("target",),
    "device": ("target",),
    "port": ("host_ip", "published", "target", "protocol"),
}
_FOLDERS = {"secret": "/run/secrets/", "config": "/"}
_PORT = {"host_ip": "0.0.0.0", "protocol": "tcp"}


def unique(items: list[Effective], kind: Unique) -> list[Effective]:
    """Return the items, each thing once: the last takes the place of the first."""
    if not kind or len(items) < 2:
        return items
    found: dict[object, Effective] = {}
    for item in items:
        found[_identity(item, kind)] = item
    return list(found.values())


def _identity(item: Effective, kind: Unique) -> object:
    if not isinstance(item.content, dict):
        content = item.content
        if kind == "name" and isinstance(content, str):
            return content.partition("=")[0]
        return content if not isinstance(content, list) else id(item)
    if kind in _FOLDERS:
        return _text(item, "target") or _FOLDERS[kind] + _text(item, "source")
    words = [_text(item, key) or _PORT.get(key, "") for key in _KEYS.get(kind, ())]
    return kind == "port" and _is_number(item), *words


def _is_number(port: Effective) -> bool:
    """Return whether the long form has a number as `published`, which is no text's equal."""
    published = port.get("published") if isinstance(port.source, MappingValue) else None
    leaf = published.source if published else None
    return isinstance(leaf, ScalarValue) and isinstance(raw(leaf), int)


def _text(item: Effective, key: str) -> str:
    found = item.get(key)
    return "" if found is None or found.content is None else str(found.content)
