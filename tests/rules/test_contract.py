"""What every rule promises, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import tightship.rules
from tightship.rules import every_rule
from tightship.rules.catalogues import controls_of
from tightship.rules.definition import Bad, Good, Rule
from tightship.rules.index import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

RULES = Path(tightship.rules.__file__).parent
ALIAS = r"CL-\d{4}|DL\d{4}|(kics|semgrep|dclint|trivy|checkov|buildkit|tally):[\w-]+"


def every(promise: Callable[[Rule], bool]) -> None:
    """Fail with the names of all rules that do not keep a promise."""
    assert [rule.name for rule in every_rule() if not promise(rule)] == []


def test_the_index_is_complete() -> None:
    files = {p.stem for p in RULES.glob("*/*/*.py") if p.stem != "__init__"}
    assert {entry.module.rpartition(".")[2] for entry in INDEX} == files


def test_no_two_rules_share_a_name() -> None:
    names = [rule.name for rule in every_rule()]
    assert len(names) == len(set(names))


def test_a_name_is_in_kebab_case() -> None:
    every(lambda rule: bool(re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)))


def test_name_function_and_file_agree() -> None:
    every(lambda rule: rule.check.__module__.endswith("." + rule.name.replace("-", "_")))


IMPORTED = re.compile(r"from tightship\.rules import ([\w, ]+)(?:  # .*)?")


def test_a_rule_has_one_line_of_imports_in_order() -> None:
    for file in RULES.glob("*/*/*.py"):
        if file.stem == "__init__":
            continue
        lines = re.findall(
            r"^(?:from|import) +(?:tightship|__future__|typing)\b.*", file.read_text("utf-8"), re.M
        )
        assert len(lines) == 1, file
        names = IMPORTED.fullmatch(lines[0])
        assert names is not None, lines
        assert names[1].split(", ") == sorted(names[1].split(", "), key=_as_sorted), lines


def _as_sorted(name: str) -> tuple[int, str]:
    """Constants come first, then classes, then functions, as ruff sorts them."""
    kinds = (name.isupper(), name[0].isupper(), True)
    return kinds.index(True), name


def test_the_first_line_of_a_page_is_a_sentence() -> None:
    every(lambda rule: rule.summary.endswith("."))


def test_a_page_says_why_it_matters() -> None:
    why = {rule: rule.doc.split("## How to fix")[0] for rule in every_rule()}
    every(lambda rule: len(why[rule].split("\n\n")) >= 3)


def test_a_page_says_how_to_fix_it() -> None:
    how = {rule: rule.doc.split("## How to fix")[1:] for rule in every_rule()}
    every(lambda rule: len(how[rule]) == 1 and bool(how[rule][0].strip()))


def test_there_are_references() -> None:
    every(lambda rule: bool(controls_of(rule.name) or rule.cwe or rule.references))


def test_aliases_name_their_tool() -> None:
    every(lambda rule: all(re.fullmatch(ALIAS, name) for name in rule.aliases))


def test_there_is_an_example_of_each_kind() -> None:
    every(lambda rule: {type(example) for example in rule.examples} == {Good, Bad})


def test_absorbed_rules_exist() -> None:
    names = {rule.name for rule in every_rule()}
    every(lambda rule: {*rule.absorbs, *rule.absorbs_here} <= names - {rule.name})


def test_no_two_rules_absorb_each_other() -> None:
    absorbed = {r.name: {*r.absorbs, *r.absorbs_here} for r in every_rule()}
    for name, others in absorbed.items():
        assert not {other for other in others if name in absorbed[other]}


def test_a_rule_that_promises_a_fix_shows_one() -> None:
    def shows_one(rule: Rule) -> bool:
        return any(isinstance(e, Bad) and e.fixed is not None for e in rule.examples)

    every(lambda rule: shows_one(rule) == (rule.fix is not None))


def test_each_severity_is_in_an_example_and_on_the_page() -> None:
    severities = {
        rule: {
            example.severity or rule.severity
            for example in rule.examples
            if isinstance(example, Bad)
        }
        for rule in every_rule()
    }
    every(lambda rule: max(severities[rule]) == rule.severity)
    # The note says when it is lower.
    every(lambda rule: bool(rule.severity_note) == (len(severities[rule]) > 1))
