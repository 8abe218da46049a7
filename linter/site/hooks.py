"""What MkDocs calls while it builds the site: the events, in the order in which they come.

linter/docs is the source. From elsewhere come a few pages (`pages.py`) and the facts about
rules (`rule_pages.py`), which the product itself gives.
"""

from __future__ import annotations

import shutil
from importlib.metadata import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File
from mkdocs.structure.nav import Link

import pages
import rule_pages
import tightship
from pages import PAGES, ROOT, embedded, linked, readable

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

_ICON = ROOT / "vscode-ext" / "icon.svg"
_HOSTS = {"github.com": "github.io", "gitlab.com": "gitlab.io"}


def on_config(config: Any) -> MkDocsConfig:
    """Take the addresses from the product, and put the rules into the navigation."""
    given: MkDocsConfig = config
    given.site_description = metadata("tightship")["Summary"]
    repository = tightship.REPOSITORY
    given.site_url = site_address(repository)
    if repository:
        given.repo_url = repository
        given.repo_name = repository.split("/", 3)[-1]
        given.edit_uri = "edit/main/linter/docs/"
    else:
        # Its links begin at the root of a host, which is unknown.
        given.theme.static_templates.discard("404.html")
    # MkDocs gives the entries no types.
    config.nav = [
        {"Rules": rule_pages.navigation()} if "Rules" in entry else entry for entry in config.nav
    ]
    return given


def site_address(repository: str) -> str:
    """Return where the code host of a repository serves its pages, or nothing."""
    host, _, path = repository.removeprefix("https://").partition("/")
    owner, _, name = path.partition("/")
    return f"https://{owner}.{_HOSTS[host]}/{name}/" if host in _HOSTS else ""


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the pages that are elsewhere in the repository."""
    for page, source in PAGES.items():
        files.append(File.generated(config, page, content=(ROOT / source).read_text("utf-8")))
    files.append(File.generated(config, "assets/icon.svg", content=_ICON.read_bytes()))
    return files


def on_nav(nav: Any, *, config: MkDocsConfig, files: Files) -> Navigation:
    """Add the playground, if it is built."""
    if pages.playground_is_built():
        nav.items.insert(1, Link("Playground", "playground/index.html"))
    navigation: Navigation = nav
    return navigation


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Change what is different on a site: links out of it, tables, facts about rules."""
    uri = page.file.src_uri
    if uri == "index.md":
        page.meta["hide"] = ["navigation", "toc"]
        page.meta["title"] = "Tightship"
        markdown = embedded(markdown)
    text = readable(linked(markdown, uri, tightship.REPOSITORY))
    if uri == "rules.md":
        page.meta["hide"] = ["navigation"]  # for the width of the tables
        # A search should lead to the page of a rule, not to the list of all.
        page.meta["search"] = {"exclude": True}
        return rule_pages.with_filters(text, page.url)
    rule = rule_pages.of(uri)
    if rule is None:
        return text
    page.meta["description"] = rule.summary
    page.meta["search"] = {"boost": 4}  # before pages that only name it
    if tightship.REPOSITORY:
        page.edit_url = f"{tightship.REPOSITORY}/edit/main/{rule_pages.source(rule)}"
    return rule_pages.with_facts(text, rule)


def on_post_build(*, config: MkDocsConfig) -> None:
    """Copy the playground, if it is built."""
    if pages.playground_is_built():
        target = Path(config.site_dir) / "playground"
        shutil.copytree(pages.PLAYGROUND, target, dirs_exist_ok=True)
