"""The pages of rules: their place in the navigation, and the facts at their top."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tightship.rules.definition import Rule

LANGUAGES = {"compose": "Compose", "dockerfile": "Dockerfile"}


def themes() -> dict[str, list[Rule]]:
    """Return the rules by their themes, in the order of the index."""
    found: dict[str, list[Rule]] = {}
    for rule in every_rule():
        found.setdefault(rule.theme, []).append(rule)
    return found


def title(theme: str) -> str:
    """Return a theme as a heading has it."""
    return theme.replace("_", " ").capitalize()


def languages(rule: Rule) -> tuple[str, ...]:
    """Return the languages whose files a rule is about."""
    return tuple(LANGUAGES) if rule.language == "any" else (rule.language,)


def fix(rule: Rule) -> str:
    """Return what the fixes of a rule do: `tightens`, `keeps-behaviour`, … or `manual`."""
    return rule.fix.value if rule.fix else "manual"


def navigation() -> list[object]:
    """Return the entries of the rules: the index, and a section for each theme."""
    sections = (
        {title(theme): [{rule.name: f"rules/{rule.name}.md"} for rule in rules]}
        for theme, rules in themes().items()
    )
    return [{"All rules": "rules.md"}, *sections]


def of(page: str) -> Rule | None:
    """Return the rule that a page is about, if it is about one."""
    return {f"rules/{rule.name}.md": rule for rule in every_rule()}.get(page)


def source(rule: Rule) -> str:
    """Return the file in the repository that a rule and its page are made from."""
    return f"linter/tightship/rules/{rule.module.replace('.', '/')}.py"


def with_facts(markdown: str, rule: Rule) -> str:
    """Return a page with its facts as links to the rules that share them."""
    before, after = re.split(r"^Severity: .*?\n\n", markdown, maxsplit=1, flags=_LINES)
    names = {one.name for one in every_rule()}
    absorbed = re.compile(r"^Includes the findings of .*?\.$", _LINES)
    after = absorbed.sub(
        lambda line: re.sub(
            r"`([\w-]+)`",
            lambda name: f"[{name[0]}]({name[1]}.md)" if name[1] in names else name[0],
            line[0],
        ),
        after,
    )
    return f"{before}{_facts(rule)}\n\n{after}"


_LINES = re.MULTILINE | re.DOTALL


def _facts(rule: Rule) -> str:
    rows = [
        ("Language", [(key, LANGUAGES[key]) for key in languages(rule)], ""),
        ("Severity", [(rule.severity.word, rule.severity.word)], rule.severity_note),
        ("Theme", [(rule.theme, rule.theme.replace("_", " "))], ""),
        ("Set", [(rule.set, rule.set)], ""),
        ("Fix", [(fix(rule), fix(rule).replace("-", " "))], ""),
    ]
    items = list[str]()
    for name, values, note in rows:
        facet = name.lower()
        links = ", ".join(
            f'<a class="{facet}-{value}" href="../rules.html#{facet}={quote(value)}">'
            f"{escape(text)}</a>"
            for value, text in values
        )
        more = f" <small>{escape(note)}</small>" if note else ""
        items.append(f"<div><dt>{name}</dt><dd>{links}{more}</dd></div>")
    return f'<dl class="rule-facts">{"".join(items)}</dl>'
