"""What keys and their values mean, in words: ``facts/compose_keys.toml`` and others."""

from __future__ import annotations

from functools import cache

from tightship.lazy.modules import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from tightship.frontends.compose.specification.shape import Shape

_ARTICLES = ("a ", "an ", "the ")
# What has keys of another thing says what those mean.
_OTHERS = {"job": "service", "hook": "service", "request for GPUs": "request for devices"}
_NOTHING: Mapping[str, str] = {}


@cache
def _table(name: str) -> Mapping[str, Mapping[str, Any]]:
    return facts(name)


def thing(shape: Shape) -> str:
    """Return the thing that a mapping describes, as the tables name it."""
    for article in _ARTICLES:
        if shape.what.startswith(article):
            return shape.what[len(article) :]
    return shape.what


def meaning(shape: Shape, key: str) -> str:
    """Return what a key of a mapping means, or nothing if that is unknown."""
    keys, name = _table("compose_keys"), thing(shape)
    found: str | None = keys.get(name, _NOTHING).get(key)
    if found is None:
        other: str = keys.get(_OTHERS.get(name, ""), _NOTHING).get(key, "")
        return other
    return found


def values(shape: Shape, key: str) -> Mapping[str, str]:
    """Return the known values of a key of a mapping, each with what it means."""
    known, name = _table("compose_values"), thing(shape)
    found: Mapping[str, str] | None = known.get(name, {}).get(key)
    if found is None:
        other: Mapping[str, str] = known.get(_OTHERS.get(name, ""), {}).get(key, _NOTHING)
        return other
    return found
