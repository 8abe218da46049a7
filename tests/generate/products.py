"""The generated files of the repository, in the order in which they are made.

A product that others read comes before them: the indices are code, which everything
else imports, and the outputs on pages come last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from tests.generate import (
    configuration,
    controls,
    extension,
    formats,
    front_ends,
    image_facts,
    image_index,
    integrations,
    man_page,
    migrating,
    probes,
    profile,
    project_facts,
    purposes,
    rule_index,
    rule_pages,
    shown_commands,
    terminal_picture,
    workflows,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


class Product(NamedTuple):
    """Files that are made by one function."""

    name: str
    make: Callable[[], Mapping[Path, str | None]]
    """Return the text of each file; None removes the file."""
    is_code: bool = False


PRODUCTS = (
    Product("rule-index", rule_index.files, is_code=True),
    Product("image-index", image_index.files, is_code=True),
    Product("rule-pages", rule_pages.files),
    Product("rule-tables", rule_pages.tables),
    Product("schema", configuration.schema_file),
    Product("facts-schema", image_facts.schema_file),
    Product("facts-page", image_facts.page),
    Product("probes-schema", probes.schema_file),
    Product("project-facts-schema", project_facts.schema_file),
    Product("project-facts-page", project_facts.page),
    Product("controls-schema", controls.schema_file),
    Product("configuration", configuration.page),
    Product("profile", profile.page),
    Product("purposes", purposes.page),
    Product("formats", formats.page),
    Product("front-ends", front_ends.page),
    Product("migrating", migrating.pages),
    Product("workflows", workflows.pages),
    Product("man-page", man_page.files),
    Product("picture", terminal_picture.files),
    Product("extension", extension.files),
    Product("integrations", integrations.files),
    *(Product(name, make) for name, make in shown_commands.products().items()),
)


def stale(product: Product) -> dict[Path, str | None]:
    """Return the files of a product that are not as they are made now."""
    return {path: text for path, text in product.make().items() if _written(path) != text}


def _written(path: Path) -> str | None:
    return path.read_text(encoding="utf-8") if path.exists() else None
