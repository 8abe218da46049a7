"""The defaults of the key table, for absent keys."""

from __future__ import annotations

from tightship.frontends.compose.effective.value import Effective
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.shape import FREE, Shape

# A key that has no default where another one is set.
_UNLESS = {"count": "device_ids", "dockerfile": "dockerfile_inline"}
_MEANINGS: dict[str, bool | int] = {"true": True, "all": -1}


def add_defaults(root: Effective) -> None:
    """Add the defaults to a configuration in canonical form."""
    _below(root, FILE)
    for secret in root.at(("services", "*", "secrets", "*")):
        source = secret.get("source")
        if source is not None and not secret.has("target"):
            target = f"/run/secrets/{source.text}"
            secret.entries["target"] = Effective(target, source.source, put="default")


def _below(value: Effective, shape: Shape) -> None:
    if shape is FREE:
        return
    if value.content is None and shape.required and shape.keys is not None:
        value.content = {}
    if isinstance(value.content, list):
        if shape.items is not None:
            for item in value.content:
                _below(item, shape.items)
    elif isinstance(value.content, dict):
        for name, entry in value.content.items():
            below = shape.below(name)
            # Most are scalars, which get nothing.
            if below is not None and (
                entry.content is None or isinstance(entry.content, (list, dict))
            ):
                _below(entry, below)
        for name, default in shape.defaults:
            other = _UNLESS.get(name, name)
            if not value.has(name) and not value.has(other):
                content = _MEANINGS.get(default, default)
                value.entries[name] = Effective(content, value.source, put="default")
