"""The schema of a configuration, made of the table of its keys."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tightship.config.keys import SEVERITIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    from tightship.config.key import Key

    Schema: TypeAlias = dict[str, Any]


def schema(words: Iterable[str], aliases: Iterable[str], keys: Sequence[Key]) -> Schema:
    """Return the schema.

    Args:
        words: the names of rules, themes and sets.
        aliases: the names that other linters give to rules.
        keys: the keys, with those of rules.

    """
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Tightship",
        "description": "Settings of the linter Tightship: tightship.toml,"
        " .tightship.toml, or the table [tool.tightship] of pyproject.toml.",
        **_table(keys),
        "definitions": {
            "word": {
                "anyOf": [
                    {"enum": list(words)},
                    {"enum": list(aliases), "description": "An id of a rule in another linter."},
                    {
                        "type": "string",
                        "pattern": "^SC[123][0-9]{3}$",
                        "description": "The id of a finding of ShellCheck.",
                    },
                ]
            },
            "severity": {"enum": list(SEVERITIES)},
            "text": {"type": "string", "pattern": r"\S"},
        },
    }


def _table(keys: Sequence[Key]) -> Schema:
    made: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: {**_value(key), **_about(key)} for key in keys},
    }
    needed = [key.name for key in keys if key.needed]
    return {**made, "required": needed} if needed else made


def _about(key: Key) -> Schema:
    about: Schema = {"description": key.about}
    if key.default is not None:
        about["default"] = key.default
    return about


def _value(key: Key) -> Schema:
    if key.form == "table":
        return _table(key.keys)
    if key.form == "tables":
        return {"type": "array", "items": _table(key.keys)}
    if key.form == "flag":
        return {"type": "boolean"}
    if key.form == "integer":
        bounds = zip(("minimum", "maximum"), key.bounds or (), strict=False)
        return {"type": "integer", **dict(bounds)}
    if key.form == "choice":
        return {"enum": list(key.choices)}
    if key.form == "several":
        return {"type": "array", "items": {"enum": list(key.choices)}}
    if key.form == "choices":
        return {"type": "object", "additionalProperties": {"enum": list(key.choices)}}
    if key.form == "severities":
        return {
            "type": "object",
            "propertyNames": {"$ref": "#/definitions/word"},
            "additionalProperties": {"$ref": "#/definitions/severity"},
        }
    if key.form in ("text", "path"):
        return {"$ref": "#/definitions/text"}
    item = "word" if key.form == "words" else "text"
    return {"type": "array", "items": {"$ref": f"#/definitions/{item}"}}
