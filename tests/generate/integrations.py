"""The files for other tools, made from templates and facts.

The templates have the paths of the files that they become in ``linter/docs/integrations``,
and ``.j2`` behind.
The addresses and the version of the project go into the metadata of the package and of the
extension, and the badges into the README.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from tests.generate.integration_facts import CONTACT, facts
from tests.generate.pages import DOCS, README, ROOT

from tightship import REPOSITORY, __version__

TEMPLATES = Path(__file__).with_name("templates")
PLACE = DOCS / "integrations"
METADATA = ROOT / "pyproject.toml"
EXTENSION = ROOT / "vscode-ext" / "package.json"


def files() -> dict[Path, str | None]:
    """Return all files; one that has no template any more is removed."""
    old = dict.fromkeys(path for path in PLACE.rglob("*") if path.is_file())
    return {**old, **generated()}


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
    texts[EXTENSION] = _with_metadata(EXTENSION.read_text("utf-8"), repository)
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


def _with_metadata(text: str, repository: str) -> str:
    manifest: dict[str, Any] = json.loads(text)
    manifest["version"] = __version__
    for key in ("repository", "homepage", "bugs"):
        manifest.pop(key, None)
    if repository:
        manifest["repository"] = {"type": "git", "url": f"{repository}.git"}
        manifest["homepage"] = repository
        manifest["bugs"] = {"url": f"{repository}/issues"}
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
