"""The index of rules has each rule, with the facts that the product gives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.site.html_page import HtmlPage

from tightship.rules import every_rule
from tightship.rules.definition import FORMER_NAMES
from tightship.values.peer_id import alias_in

if TYPE_CHECKING:
    from tests.site.conftest import BuiltSite


def page(site: BuiltSite) -> str:
    return (site.folder / "rules.html").read_text("utf-8")


def test_each_rule_is_in_its_theme_with_its_facts(site: BuiltSite) -> None:
    found = list[tuple[str, ...]]()
    tables = re.findall(r'<table class="rules" data-theme="(\w+)">(.*?)</table>', page(site), re.S)
    for theme, table in tables:
        rows = re.findall(r"<tr (.*?)</tr>", table)
        for row in rows:
            [name] = re.findall(r'href="rules/([\w-]+)\.html"', row)
            cells = re.findall(r"<td[^>]*>(.*?)</td>", row)
            plain = [re.sub(r"<[^>]+>", "", cell) for cell in cells[:-1]]
            ids = re.findall(r"<code>(.*?)</code>", cells[-1])
            found.append((theme, name, *plain, *ids))
    languages = {"compose": "Compose", "dockerfile": "Dockerfile"}
    wanted = [
        (
            rule.theme,
            rule.name,
            rule.severity.word,
            languages.get(rule.language, "Compose, Dockerfile"),
            rule.set,
            rule.fix.words if rule.fix else "manual",
            *(one for one in rule.aliases if one != FORMER_NAMES.get(rule.name)),
        )
        for rule in every_rule()
    ]
    assert sorted(found) == sorted(wanted)


def test_filters_read_the_visible_text(site: BuiltSite) -> None:
    rows = HtmlPage(page(site)).rows
    rules = {rule.name: rule for rule in every_rule()}
    names = re.findall(r'<th scope="row"><a href="rules/([\w-]+)\.html"', page(site))
    assert len(rows) == len(names) == len(rules)
    for name, row in zip(names, rows, strict=True):
        rule = rules[name]
        assert row["data-severity"] == rule.severity.word
        assert row["data-set"] == rule.set
        both = "compose dockerfile" if rule.language == "any" else rule.language
        assert row["data-language"] == both
        assert row["data-fix"] == (rule.fix.value if rule.fix else "manual")


def test_the_ids_of_a_row_are_those_that_the_command_line_takes(site: BuiltSite) -> None:
    rules = {rule.name: rule for rule in every_rule()}
    text = page(site)
    names = re.findall(r'<th scope="row"><a href="rules/([\w-]+)\.html"', text)
    count = 0
    for name, row in zip(names, HtmlPage(text).rows, strict=True):
        known = {alias.lower().replace("_", "-") for alias in rules[name].aliases}
        for spelled in (row["data-ids"] or "").split():
            assert alias_in(spelled.replace("_", "-")) in known, (name, spelled)
            count += 1
    assert count > 400


def test_a_page_links_its_facts_to_the_index(site: BuiltSite) -> None:
    text = (site.folder / "rules" / "root-user.html").read_text("utf-8")
    for fragment in ("severity=warning", "theme=users", "language=compose", "set=default"):
        assert f'href="../rules.html#{fragment}"' in text
    assert '<meta name="description" content="The' in text
