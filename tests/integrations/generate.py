"""Writes what is generated from the facts: ``python -m tests.integrations.generate``.

The templates have the paths of the files that they become in ``linter/docs/integrations``,
and ``.j2`` behind.
The addresses of the project go into the metadata of the package and of the extension, and
the badges into the README.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tests.integrations.facts import CONTACT, ROOT, facts

from tightship import REPOSITORY

TEMPLATES = Path(__file__).with_name("templates")
PLACE = ROOT / "linter" / "docs" / "integrations"
METADATA = ROOT / "pyproject.toml"
README = ROOT / "README.md"
EXTENSION = ROOT / "vscode-ext" / "package.json"


def generated(repository: str = REPOSITORY, contact: str = CONTACT) -> dict[Path, str]:
    """Return the text of each file that is generated."""
    # Markers that none of the formats has.
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        variable_start_string="{=",
        variable_end_string="=}",
        comment_start_string="{##",
        comment_end_string="##}",
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    given = facts(repository)
    texts = {
        PLACE / name.removesuffix(".j2"): environment.get_template(name).render(given)
        for name in environment.list_templates()
    }
    texts[METADATA] = _with_addresses(METADATA.read_text("utf-8"), repository, contact)
    texts[README] = _with_badges(README.read_text("utf-8"), repository)
    texts[EXTENSION] = _with_links(EXTENSION.read_text("utf-8"), repository)
    return texts


def _with_addresses(text: str, repository: str, contact: str) -> str:
    authors = 'authors = [{ name = "The Tightship authors"'
    authors += f', email = "{contact}" }}]' if contact else " }]"
    text = re.sub(r"^authors = .*$", authors, text, flags=re.MULTILINE)
    lines = ""
    if repository:
        lines = (
            "[project.urls]\n"
            f'Repository = "{repository}"\n'
            f'Documentation = "{repository}/tree/main/linter/docs"\n'
            f'Changelog = "{repository}/blob/main/CHANGELOG.md"\n'
            f'Issues = "{repository}/issues"\n'
        )
    pattern = r"(# <addresses>(?:.*\n#)* .*\n)(?:[^#].*\n)*(# </addresses>)"
    return re.sub(pattern, rf"\g<1>{lines}\g<2>", text)


def _with_badges(text: str, repository: str) -> str:
    workflow = f"{repository}/actions/workflows/tests.yml"
    badges = f"[![Tests]({workflow}/badge.svg)]({workflow})\n\n" if repository else ""
    pattern = r"(<!-- badges -->\n)(?:.*\n)*?(<!-- end -->)"
    return re.sub(pattern, rf"\g<1>{badges}\g<2>", text, count=1)


def _with_links(text: str, repository: str) -> str:
    manifest: dict[str, Any] = json.loads(text)
    for key in ("repository", "homepage", "bugs"):
        manifest.pop(key, None)
    if repository:
        manifest["repository"] = {"type": "git", "url": f"{repository}.git"}
        manifest["homepage"] = repository
        manifest["bugs"] = {"url": f"{repository}/issues"}
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write the files, and remove those that have no template any more."""
    texts = generated()
    for path in PLACE.rglob("*"):
        if path.is_file() and path not in texts:
            path.unlink()
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
