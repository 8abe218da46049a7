"""What every rule promises, whoever writes it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests import rule_index

import tightship.rules
from tightship.rules import every_rule, index
from tightship.rules.index import INDEX
from tightship.rules.kit import Bad, Good, Rule

RULES = Path(tightship.rules.__file__).parent
every = pytest.mark.parametrize("rule", every_rule(), ids=lambda rule: rule.name)


def test_the_index_is_complete_and_up_to_date() -> None:
    files = {p.stem for p in RULES.glob("*/*/*.py") if p.stem != "__init__"}
    assert {entry.module.rpartition(".")[2] for entry in INDEX} == files
    made = Path(index.__file__).read_text("utf-8")
    assert made == rule_index.text(), "python -m tests.rule_index"


def test_no_two_rules_share_a_name() -> None:
    names = [rule.name for rule in every_rule()]
    assert len(names) == len(set(names))


@every
def test_name_function_and_file_agree(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.check.__module__.endswith("." + rule.name.replace("-", "_"))


@every
def test_documentation_says_what_why_and_how(rule: Rule) -> None:
    assert rule.summary.endswith("."), "the first line is a sentence"
    why, how = rule.doc.split("## How to fix")
    assert len(why.split("\n\n")) >= 3, "a paragraph says why it matters"
    assert how.strip()


@every
def test_there_are_references(rule: Rule) -> None:
    assert rule.cis or rule.owasp or rule.cwe or rule.references
    assert all(re.fullmatch(r"\d\.\d+", number) for number in rule.cis)
    assert all(re.fullmatch(r"R\d+a?", number) for number in rule.owasp)


@every
def test_aliases_name_their_tool(rule: Rule) -> None:
    alias = r"CL-\d{4}|DL\d{4}|(kics|semgrep|dclint|trivy|checkov|buildkit):[\w-]+"
    assert all(re.fullmatch(alias, name) for name in rule.aliases)


@every
def test_there_is_an_example_of_each_kind(rule: Rule) -> None:
    assert {type(example) for example in rule.examples} == {Good, Bad}


@every
def test_what_it_absorbs_exists(rule: Rule) -> None:
    names = {rule.name for rule in every_rule()}
    assert {*rule.absorbs, *rule.absorbs_here} <= names - {rule.name}


def test_no_two_rules_absorb_one_another() -> None:
    absorbed = {r.name: {*r.absorbs, *r.absorbs_here} for r in every_rule()}
    for name, others in absorbed.items():
        assert not {other for other in others if name in absorbed[other]}


@every
def test_a_rule_that_promises_a_fix_shows_one(rule: Rule) -> None:
    shown = any(isinstance(e, Bad) and e.fixed is not None for e in rule.examples)
    assert shown == (rule.fix is not None)


@every
def test_each_severity_is_shown_and_told(rule: Rule) -> None:
    severities = {
        example.severity or rule.severity
        for example in rule.examples
        if isinstance(example, Bad)
    }
    assert max(severities) == rule.severity
    assert bool(rule.severity_note) == (len(severities) > 1), "it says when it is lower"
