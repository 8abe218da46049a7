"""What the VS Code extension says of Tightship, which has to be what Tightship says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tightship import __version__
from tightship.rules import every_rule

MANIFEST = Path(__file__).parents[1] / "vscode-ext" / "package.json"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = MANIFEST.read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def test_the_extension_is_of_the_version_of_tightship(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == __version__


@pytest.mark.parametrize("setting", ["select", "ignore"])
def test_settings_complete_the_names_of_all_rules(
    manifest: dict[str, Any], setting: str
) -> None:
    properties = manifest["contributes"]["configuration"]["properties"]
    known = properties[f"tightship.{setting}"]["items"]["anyOf"][0]
    rules = every_rule()
    out_of_date = "out of date: npm run rules in vscode-ext"
    assert known["enum"] == [rule.name for rule in rules], out_of_date
    assert known["enumDescriptions"] == [rule.summary for rule in rules], out_of_date


def test_the_extension_contributes_no_languages(manifest: dict[str, Any]) -> None:
    assert "languages" not in manifest["contributes"]
