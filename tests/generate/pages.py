"""Places of pages, and the parts of a page that are generated."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "linter" / "docs"
README = ROOT / "README.md"


def with_block(text: str, marker: str, block: str) -> str:
    """Return a page with another block between ``<!-- marker -->`` and the next end."""
    start, end = f"<!-- {marker} -->\n", "<!-- end -->"
    before, _, rest = text.partition(start)
    assert rest, f"the page has no {start}"
    return before + start + block + rest[rest.index(end) :]


def table(head: tuple[str, ...], rows: Iterable[str], *, indent: str = "") -> str:
    """Return a table with empty lines around it."""
    titles = "".join(f" {one} |" if one else " |" for one in head)
    lines = [f"|{titles}", f"|{'---|' * len(head)}", *rows]
    return "".join(("\n", *(f"{indent}{line}\n" for line in lines), "\n", indent))
