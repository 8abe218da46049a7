"""The promises of every rule, of Tightship and of other packages."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import tightship.rules
from tightship.engine.rule_examples import broken_promises
from tightship.rules import every_rule
from tightship.rules.definition import FORMER_NAMES
from tightship.rules.index import INDEX

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.rules.definition import Rule

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


def test_every_page_and_its_examples_are_complete() -> None:
    """Authors of other packages get the same answers."""
    broken = {rule.name: [*broken_promises(rule)] for rule in every_rule()}
    assert {name: told for name, told in broken.items() if told} == {}


def test_aliases_name_their_tool() -> None:
    every(
        lambda rule: all(
            re.fullmatch(ALIAS, name) for name in {*rule.aliases}.difference(FORMER_NAMES.values())
        )
    )


def test_absorbed_rules_exist() -> None:
    names = {rule.name for rule in every_rule()}
    every(lambda rule: {*rule.absorbs, *rule.absorbs_here} <= names - {rule.name})


def test_no_two_rules_absorb_each_other() -> None:
    absorbed = {r.name: {*r.absorbs, *r.absorbs_here} for r in every_rule()}
    for name, others in absorbed.items():
        assert not {other for other in others if name in absorbed[other]}
