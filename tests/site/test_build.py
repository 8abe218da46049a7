"""The site is whole: every page is there, says what its source says, and leads somewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import pytest
from markdown_it import MarkdownIt
from tests.site.conftest import ROOT, build
from tests.site.html_page import HtmlPage

from tightship.rules import every_rule

if TYPE_CHECKING:
    from pathlib import Path

    from tests.site.conftest import BuiltSite

DOCS = ROOT / "linter" / "docs"
ELSEWHERE = {
    ROOT / "linter" / "site" / "front.md": "index",
    ROOT / "CHANGELOG.md": "changelog",
    ROOT / ".github" / "CONTRIBUTING.md": "contributing",
    ROOT / "vscode-ext" / "README.md": "vscode",
}
SOURCES = [*sorted(DOCS.rglob("*.md")), *ELSEWHERE]


def page_of(source: Path) -> str:
    """Return the page that is made of a file, without its extension."""
    if source in ELSEWHERE:
        return ELSEWHERE[source]
    name = source.relative_to(DOCS).with_suffix("").as_posix()
    return re.sub(r"README$", "index", name)


def read(page: Path) -> HtmlPage:
    return HtmlPage(page.read_text("utf-8"))


def test_the_build_has_no_warning_and_every_page(site: BuiltSite) -> None:
    assert not re.search(r"\b(WARNING|ERROR)\b", site.printed), site.printed
    pages = {path.relative_to(site.folder).as_posix() for path in site.pages}
    assert pages == {f"{page_of(source)}.html" for source in SOURCES}
    assert {f"rules/{rule.name}.html" for rule in every_rule()} < pages


def test_every_address_and_anchor_of_the_site_exists(site: BuiltSite) -> None:
    pages = {path.resolve(): read(path) for path in site.pages}
    missing, count = list[str](), 0
    for path, page in pages.items():
        for address in page.addresses:
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            count += 1
            target = path
            if parts.path:
                target = (path.parent / unquote(parts.path)).resolve()
            # The theme's home is the folder; a filter is in the fragment of the index.
            target = target / "index.html" if target.is_dir() else target
            anchor = unquote(parts.fragment)
            is_anchor = anchor and not anchor.startswith("__") and "=" not in anchor
            if not target.is_relative_to(site.folder.resolve()) or not target.is_file():
                missing.append(f"{path.name}: {address}")
            elif is_anchor and anchor not in pages[target].anchors:
                missing.append(f"{path.name}: no such anchor: {address}")
    assert missing == []
    assert count > 10_000


def test_a_missing_anchor_would_be_found() -> None:
    page = HtmlPage('<a href="x.html#y">z</a><h2 id="w">W</h2><img src="i.png">')
    assert page.addresses == ["x.html#y", "i.png"]
    assert page.anchors == {"w"}


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.stem)
def test_a_page_reads_as_its_source_does_on_a_code_host(site: BuiltSite, source: Path) -> None:
    """Compare two readers of Markdown: that of the site, and one of CommonMark."""
    if source.name == "rules.md":
        pytest.skip("the index has its own test")
    text = re.sub(r"^<!--.*?-->\n", "", source.read_text("utf-8"), flags=re.M | re.S)
    built = read(site.folder / f"{page_of(source)}.html")
    commonmark = MarkdownIt("commonmark").enable("table")
    wanted = HtmlPage(f"<article>{commonmark.render(text)}</article>")
    if source.parent == DOCS / "rules":
        # The facts at the top are a list of links on the site.
        facts = r"^.*?Fix:?(keepsbehaviour|tightens|changesbehaviour|manual)"
        assert re.sub(facts, "", built.text) == re.sub(facts, "", wanted.text)
    else:
        assert built.text == wanted.text
    for tag in ("h1", "h2", "h3", "h4", "tr", "td", "li", "ol", "pre", "img", "strong"):
        assert built.counts.get(tag, 0) == wanted.counts.get(tag, 0), tag


def test_only_links_name_another_host(site: BuiltSite) -> None:
    loads = re.compile(r"<(?:script|img|link|iframe|source)\b[^>]*(?:src|href)=\"https?:")
    found = [path.name for path in site.pages if loads.search(path.read_text("utf-8"))]
    assert found == []


def test_a_project_without_an_address_has_no_link_to_one(site: BuiltSite) -> None:
    home = (site.folder / "index.html").read_text("utf-8")
    assert 'rel="canonical"' not in home
    assert "md-source" not in home
    assert not (site.folder / "404.html").exists()
    rule = (site.folder / "rules" / "root-user.html").read_text("utf-8")
    assert 'rel="edit"' not in rule
    assert "playground/index.html" not in home


@pytest.mark.exhaustive
def test_a_published_project_has_its_address_everywhere_and_its_playground(tmp_path: Path) -> None:
    repository = "https://github.com/somebody/ship"
    playground = tmp_path / "playground"
    playground.mkdir()
    (playground / "index.html").write_text("a playground", "utf-8")
    site = build(tmp_path / "site", repository, playground)
    assert not re.search(r"\b(WARNING|ERROR)\b", site.printed), site.printed
    home = (site.folder / "index.html").read_text("utf-8")
    canonical = "https://somebody.github.io/ship/index.html"
    assert f'<link rel="canonical" href="{canonical}">' in home
    assert f'<a href="{repository}" title="Go to repository" class="md-source">' in home
    # By this attribute the theme finds the link, and asks the host for figures.
    assert 'data-md-component="source"' not in home
    guide = (site.folder / "adopting.html").read_text("utf-8")
    assert f"{repository}/edit/main/linter/docs/adopting.md" in guide
    rule = (site.folder / "rules" / "root-user.html").read_text("utf-8")
    source = "linter/tightship/rules/compose/users/root_user.py"
    assert f"{repository}/edit/main/{source}" in rule
    tools = (site.folder / "integrations" / "index.html").read_text("utf-8")
    assert f'href="{repository}/blob/main/action.yml"' in tools
    copied = site.folder / "playground" / "index.html"
    assert copied.read_text("utf-8") == "a playground"
    for page, link in ((home, "playground"), (tools, "../playground")):
        assert f'href="{link}/index.html"' in page
    assert "/ship/assets/" in (site.folder / "404.html").read_text("utf-8")
