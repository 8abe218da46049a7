"""What the VS Code extension says of Tightship, which has to be what Tightship says."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, cast

import pytest
from tests.generate import extension
from tests.generate.pages import ROOT

from tightship import __version__
from tightship.rules import every_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

EXTENSION = ROOT / "vscode-ext"
MANIFEST = EXTENSION / "package.json"


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    text = MANIFEST.read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def test_the_extension_has_the_version_of_tightship(manifest: dict[str, Any]) -> None:
    assert manifest["version"] == __version__


def test_settings_complete_the_names_of_all_rules(manifest: dict[str, Any]) -> None:
    [contributed] = manifest["contributes"]["jsonValidation"]
    path = EXTENSION / contributed["url"]
    schema = json.loads(path.read_text(encoding="utf-8"))
    known, anything = schema["definitions"]["word"]["anyOf"]
    assert known["enum"] == [rule.name for rule in every_rule()]
    assert anything == {"type": "string"}
    assert path == extension.SCHEMA
    shipped = (EXTENSION / ".vscodeignore").read_text("utf-8").splitlines()
    assert f"!{path.name}" in shipped


@pytest.mark.parametrize("setting", ["tightship.select", "tightship.ignore"])
def test_the_schema_describes_existing_settings(manifest: dict[str, Any], setting: str) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((EXTENSION / "rules.schema.json").read_text("utf-8"))
    assert setting in manifest["contributes"]["configuration"]["properties"]
    jsonschema.validate({setting: ["root-user", "strict", "DL3007"]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"settings": {setting: [1]}}, schema)


def test_the_manifest_describes_each_thing_once(manifest: dict[str, Any]) -> None:
    def texts(value: object) -> Iterator[str]:
        if isinstance(value, dict):
            for key, one in cast("dict[str, object]", value).items():
                is_description = key.lower().endswith("description")
                if is_description and isinstance(one, str):
                    yield one
                yield from texts(one)
        elif isinstance(value, list):
            for one in cast("list[object]", value):
                yield from texts(one)

    found = [*texts(manifest)]
    assert len(found) > 8
    assert len(set(found)) == len(found)
    assert "enumDescriptions" not in json.dumps(
        manifest["contributes"]["configuration"]["properties"]["tightship.select"]
    )


def test_the_page_has_every_setting_with_its_default(manifest: dict[str, Any]) -> None:
    page = (EXTENSION / "README.md").read_text("utf-8")
    properties = manifest["contributes"]["configuration"]["properties"]
    for name, one in properties.items():
        default = one["default"]
        text = default if isinstance(default, str) else json.dumps(default)
        shown = f"`{text}`" if text else ""
        assert " ".join(f"| `{name}` | {shown} |".split()) in page


def test_the_page_has_every_command(manifest: dict[str, Any]) -> None:
    page = (EXTENSION / "README.md").read_text("utf-8")
    for command in manifest["contributes"]["commands"]:
        assert f"**{command['category']}: {command['title']}**" in page


def test_links_and_pictures_on_the_page_exist() -> None:
    page = (EXTENSION / "README.md").read_text("utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", page)
    assert [link for link in links if link.endswith(".png")]
    for link in links:
        assert (EXTENSION / link).is_file(), link
        assert not link.endswith(".svg"), "galleries show none"


def test_the_extension_can_be_published(manifest: dict[str, Any]) -> None:
    assert "private" not in manifest
    assert manifest["publisher"]
    for name in ("README.md", "CHANGELOG.md", "LICENSE", manifest["icon"]):
        assert (EXTENSION / name).is_file()


def test_the_extension_contributes_no_languages(manifest: dict[str, Any]) -> None:
    assert "languages" not in manifest["contributes"]
