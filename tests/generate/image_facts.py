"""The schema of files of facts, and the aspects on the page about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, table, with_block

from tightship.images.facts import ASPECTS, ImageFamily
from tightship.images.format import (
    FAMILY_KEYS,
    FILE_KEYS,
    TABLES,
    described,
    fact_schema,
    measurement_schema,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tightship.values.schema import Schema

_PAGE = DOCS / "adding-an-image.md"


def schema_file() -> dict[Path, str]:
    """Return the JSON schema of files of facts."""
    return {DOCS / "image-facts.schema.json": json.dumps(schema(), indent=2) + "\n"}


def schema() -> Schema:
    """Return the schema of a file, with which editors complete and check it."""
    table = {"type": "object", "additionalProperties": False}
    aspects = {aspect: _ref(aspect) for aspect in ASPECTS}
    family = {**table, "properties": {**_properties(FAMILY_KEYS), **aspects}}
    each = {"type": "object", "additionalProperties": _ref("family")}
    tables = {name: {**each, "description": about} for name, about in TABLES.items()}
    facts_of = {f"{aspect}-fact": fact_schema(aspect) for aspect in ASPECTS}
    measured = {"description": described(ImageFamily)[1]["measured"], **measurement_schema()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Facts about images",
        "description": "The facts that Tightship knows about images.",
        **table,
        "properties": {**_properties(FILE_KEYS), **aspects, **tables},
        "definitions": {
            "measured": measured,
            **{aspect: _aspect_schema(aspect) for aspect in ASPECTS},
            **facts_of,
            "family": family,
        },
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}


def _properties(keys: Mapping[str, tuple[Schema, str]]) -> Schema:
    _, own = described(ImageFamily)
    return {
        name: {**made, "description": about or own[name]} if made else _ref(name)
        for name, (made, about) in keys.items()
    }


def _aspect_schema(aspect: str) -> Schema:
    fact = _ref(f"{aspect}-fact")
    return {
        "description": described(ASPECTS[aspect])[0],
        "anyOf": [fact, {"type": "array", "items": fact}],
    }


def page() -> dict[Path, str]:
    """Return the guide with the aspects of a family."""
    block = table(("aspect", "what a fact says", "its keys"), _rows())
    return {_PAGE: with_block(_PAGE.read_text("utf-8"), "aspects", block)}


def _rows() -> Iterator[str]:
    for aspect, kind in ASPECTS.items():
        sentence, keys = described(kind)
        listed = "<br>".join(f"`{name}`: {said}" for name, said in keys.items())
        yield f"| `{aspect}` | {sentence} | {listed} |"
