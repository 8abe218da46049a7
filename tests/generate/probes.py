"""The schema of files of probes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS

from tightship_annexes.trial.probe_file import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.values.schema import Schema


def schema_file() -> dict[Path, str]:
    """Return the JSON schema of the file."""
    made = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Probes of `tightship try`",
        **_strict(SCHEMA),
    }
    return {DOCS / "probes.schema.json": json.dumps(made, indent=1) + "\n"}


def _strict(schema: Schema) -> Schema:
    """Return a schema in which tables have no other keys, as Tightship checks it."""
    made = dict(schema)
    if schema.get("type") == "object":
        made.setdefault("additionalProperties", False)
    if "properties" in schema:
        made["properties"] = {name: _strict(one) for name, one in schema["properties"].items()}
    if "items" in schema:
        made["items"] = _strict(schema["items"])
    return made
