"""Whether a value follows a schema of files of facts, and what it has to be in words."""

from __future__ import annotations

import re

from tightship.images.conditions import alternatives
from tightship.syntax import toml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, TypeAlias

    Schema: TypeAlias = dict[str, Any]


def fits(value: object, wanted: Schema) -> bool:
    """Return whether a value follows a schema."""
    if "anyOf" in wanted:
        return any(fits(value, one) for one in wanted["anyOf"])
    if "enum" in wanted:
        return value in wanted["enum"]
    kind = wanted["type"]
    if kind == "array":
        return toml.is_array(value) and all(fits(one, wanted["items"]) for one in value)
    if kind == "object":
        each = wanted["additionalProperties"]
        return toml.is_table(value) and all(fits(one, each) for one in value.values())
    if kind == "string":
        pattern = wanted.get("pattern")
        # `$` matches before a last line break, too.
        return isinstance(value, str) and (
            pattern is None or (bool(re.search(pattern, value)) and not value.endswith("\n"))
        )
    if kind == "boolean":
        return isinstance(value, bool)
    is_number = isinstance(value, int) and not isinstance(value, bool)
    if kind == "number":
        return is_number or isinstance(value, float)
    least, most = wanted["minimum"], wanted.get("maximum", 1 << 63)
    return isinstance(value, int) and is_number and least <= value <= most


def words(wanted: Schema) -> str:
    """Return what a value has to be, as the rest of a sentence."""
    if "title" in wanted:
        return str(wanted["title"])
    if "anyOf" in wanted:
        return " or ".join(map(words, wanted["anyOf"]))
    if "enum" in wanted:
        return alternatives([str(one) for one in wanted["enum"]])
    if wanted["type"] == "integer":
        most = wanted.get("maximum")
        return f"a whole number from {wanted['minimum']} {f'to {most}' if most else 'on'}"
    return {
        "string": "a text",
        "boolean": "true or false",
        "number": "a number",
        "array": "an array of texts",
        "object": "a table of texts",
    }[str(wanted["type"])]
