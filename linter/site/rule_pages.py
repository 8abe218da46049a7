"""The pages of rules: their place in the navigation, their facts, and their index with filters.

The filters are those of theme/assets/rule-filters.js. All rules are in the page of the index,
so that it can be read, searched and printed without a script.
"""

from __future__ import annotations

import re
from html import escape
from posixpath import dirname, relpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from tightship.findings import FixEffect
from tightship.rules import every_rule
from tightship.rules.definition import FORMER_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.rules.definition import Rule

LANGUAGES = {"compose": "Compose", "dockerfile": "Dockerfile"}

_LINES = re.MULTILINE | re.DOTALL
_TABLES = re.compile(r"^## .*", _LINES)
_CHOICES = {
    "severity": ("error", "warning", "info"),
    "language": tuple(LANGUAGES),
    "set": ("default", "strict", "hygiene", "shellcheck"),
    "fix": (*(effect.value for effect in FixEffect), "manual"),
}


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


def with_filters(markdown: str, url: str) -> str:
    """Return the page of all rules with filters, and a row of facts for each rule."""
    tables = "\n\n".join(
        f"## {title(theme)}\n\n{_table(theme, rules, url)}" for theme, rules in themes().items()
    )
    return _TABLES.sub(lambda _: f"{_form()}\n\n{tables}\n", markdown)


def _form() -> str:
    themes_ = "".join(f'<option value="{theme}">{title(theme)}</option>' for theme in themes())
    return "".join(
        (
            '<form class="rule-filters" hidden>',
            '<label class="rule-query">Search ',
            '<input type="search" name="q" autocomplete="off" spellcheck="false"',
            ' placeholder="Name, word, or id: DL3008, CKV_DOCKER_3, CL-0001"></label>',
            "<details open><summary>Filters</summary><div>",
            '<label>Theme <select name="theme"><option value="">All themes</option>',
            f"{themes_}</select></label>",
            *map(_choices, _CHOICES),
            "</div></details>",
            '<p><output role="status"></output>',
            '<button type="reset">Clear filters</button></p></form>',
        )
    )


def _choices(facet: str) -> str:
    boxes = "".join(
        f'<label><input type="checkbox" name="{facet}" value="{value}">'
        f"{LANGUAGES.get(value, value.replace('-', ' '))}</label>"
        for value in _CHOICES[facet]
    )
    return f"<fieldset><legend>{facet.capitalize()}</legend>{boxes}</fieldset>"


def _table(theme: str, rules: list[Rule], url: str) -> str:
    heads = ("Rule", "Severity", "Language", "Set", "Fix", "Other linters")
    head = "".join(f'<th scope="col">{name}</th>' for name in heads)
    rows = "".join(_row(rule, url) for rule in rules)
    return (
        f'<table class="rules" data-theme="{theme}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )


def _row(rule: Rule, url: str) -> str:
    severity, spoken = rule.severity.word, languages(rule)
    page = relpath(f"rules/{rule.name}.html", dirname(url) or ".")
    facts = {
        "severity": severity,
        "language": " ".join(spoken),
        "set": rule.set,
        "fix": fix(rule),
        "ids": " ".join(_spellings(rule)),
    }
    data = "".join(f' data-{name}="{escape(text)}"' for name, text in facts.items())
    known = [one for one in rule.aliases if one != FORMER_NAMES.get(rule.name)]
    ids = " ".join(f"<code>{escape(one)}</code>" for one in known)
    many = len(known) > 4
    effect = fix(rule).replace("-", " ")
    if many:
        ids = f"<details><summary>{len(known)} ids</summary>{ids}</details>"
    return (
        f'<tr{data}><th scope="row"><a href="{page}">{rule.name}</a>'
        f"<span>{_inline(rule.summary)}</span></th>"
        f'<td data-name="Severity"><span class="severity-{severity}">{severity}</span></td>'
        f'<td data-name="Language">{", ".join(LANGUAGES[one] for one in spoken)}</td>'
        f'<td data-name="Set">{rule.set}</td><td data-name="Fix">{effect}</td>'
        f'<td data-name="Other linters">{ids}</td></tr>'
    )


def _inline(summary: str) -> str:
    """Return a summary as HTML: it has code spans, and no other markup."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(summary, quote=False))


def _spellings(rule: Rule) -> Iterator[str]:
    """Yield each form of each id that another linter has for a rule, in lower case."""
    for alias in (one.lower() for one in rule.aliases):
        yield alias
        linter, _, name = alias.rpartition(":")
        if linter == "trivy":  # three forms: AVD-DS-0002, DS-0002, DS002
            yield f"avd-{name}"
            yield name.replace("-0", "")
        elif linter == "checkov":
            yield name
