"""The schema with which VS Code completes the names of rules in its settings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.generate.pages import ROOT

from tightship.rules import every_rule

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = ROOT / "vscode-ext" / "rules.schema.json"


def files() -> dict[Path, str]:
    """Return the schema.

    The settings also take other words: themes, sets, and the ids of other linters.
    """
    rules, words = every_rule(), {"items": {"$ref": "#/definitions/word"}}
    known = {
        "enum": [rule.name for rule in rules],
        "enumDescriptions": [rule.summary for rule in rules],
    }
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "definitions": {"word": {"anyOf": [known, {"type": "string"}]}},
        "properties": {
            "tightship.select": words,
            "tightship.ignore": words,
            "settings": {"$ref": "#"},  # of a .code-workspace
        },
    }
    return {SCHEMA: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"}
