"""The schema of files of facts, and the aspects on the page about them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.generate.pages import DOCS, table, with_block

from tightship.images.facts import ASPECTS
from tightship.images.format import described, schema

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PAGE = DOCS / "adding-an-image.md"


def schema_file() -> dict[Path, str]:
    """Return the JSON schema of files of facts."""
    return {DOCS / "image-facts.schema.json": json.dumps(schema(), indent=2) + "\n"}


def page() -> dict[Path, str]:
    """Return the guide with the aspects of a family."""
    block = table(("aspect", "what a fact says", "its keys"), _rows())
    return {_PAGE: with_block(_PAGE.read_text("utf-8"), "aspects", block)}


def _rows() -> Iterator[str]:
    for aspect, kind in ASPECTS.items():
        sentence, keys = described(kind)
        listed = "<br>".join(f"`{name}`: {said}" for name, said in keys.items())
        yield f"| `{aspect}` | {sentence} | {listed} |"
