"""What the README of a folder says about the files there."""

from __future__ import annotations

import pytest

from tightship.engine.disk.git_tree import TextFiles
from tightship.engine.roles.decide import Roles
from tightship.engine.roles.layout import Layout, layout_of
from tightship.engine.roles.role import Claim
from tightship.engine.roles.tree import tree_of

_FILE = "services: {web: {image: nginx:1.29}}\n"


def purpose(
    texts: dict[str, str], name: str = "contrib/shop/web.yml", layout: Layout | None = None
) -> str:
    """Return the purpose that a file hints at, with the place that does; nothing lowers it."""
    files = TextFiles({name: _FILE} | texts)
    known = layout or Layout((name, *texts))
    role = Roles(files, lambda: known).of(files.path(name))
    assert role.purpose == "product"
    hint = role.hint or Claim("product", ())
    return " ".join([hint.purpose, *(one.place for one in hint.evidence)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Docker Compose examples\n", "example"),
        ("Examples\n========\n\nHere are some.\n", "example"),
        ("========\nExamples\n========\n", "example"),
        ("[![ci](a.svg)](b)\n\n# Shop\n\nThis folder contains examples of\nshops.\n", "example"),
        ("# Shop\n\nThis folder\ncontains examples of shops.\n", "example"),
        ("# Integration testing of the shop\n", "test"),
        ("# Images for testing\n", "test"),
        ("# The development environment\n", "development"),
        ("# Shop\n\nHow to install it.\n\nThis folder contains examples.\n", "product"),
        ("# Shop\n\n## Examples\n", "product"),
        ("# Load testing tool\n", "product"),
        ("", "product"),
        ("\n\n---\n", "product"),
    ],
)
def test_a_readme_tells_the_purpose_of_its_folder(text: str, expected: str) -> None:
    for name in ("contrib/shop/README.md", "contrib/README.rst"):
        place = f" {name}" if expected != "product" else ""
        assert purpose({name: text}) == expected + place


def test_the_readme_of_the_root_is_about_the_product() -> None:
    assert purpose({"README.md": "# Examples\n"}) == "product"


def test_what_an_installation_runs_is_no_example() -> None:
    texts = {
        "contrib/shop/README.md": "# Examples\n",
        "contrib/shop/web.yml": _FILE,
        "INSTALL.md": "# Installation\n\n    docker compose -f contrib/shop/web.yml up -d\n",
    }
    tree = tree_of(TextFiles(texts))
    assert purpose(texts, layout=layout_of(tree)) == "product"
    assert purpose({**texts, "INSTALL.md": ""}).startswith("example ")


def test_an_example_with_a_sign_of_development_is_an_example() -> None:
    debug = "services: {web: {image: nginx:1.29, environment: [DEBUG=1], command: runserver}}\n"
    texts = {"contrib/shop/README.md": "# Examples\n", "contrib/shop/web.yml": debug}
    assert purpose(texts).startswith("example ")
    stated = f"# For development purposes only.\n{debug}"
    assert purpose({**texts, "contrib/shop/web.yml": stated}).startswith("development ")
    assert purpose({"contrib/shop/web.yml": debug}).startswith("development ")


def test_a_dockerfile_is_in_a_folder_too() -> None:
    texts = {"contrib/shop/README.md": "# Examples\n", "contrib/shop/Dockerfile": "FROM a\n"}
    assert purpose(texts, "contrib/shop/Dockerfile").startswith("example ")
