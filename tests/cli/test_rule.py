from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tightship.cli import rule as rule_command
from tightship.rules import every_rule
from tightship.rules.page import page

if TYPE_CHECKING:
    from tests.cli.conftest import Command

NAME = "writable-root-filesystem"


def test_without_a_name_every_rule_is_listed_below_its_theme(command: Command) -> None:
    assert command("rule") == 0
    lines = command.out.splitlines()
    for rule in every_rule():
        place = next(
            i for i, line in enumerate(lines) if line.startswith(f"  {rule.name} ")
        )
        headings = [line for line in lines[:place] if line and line[0] != " "]
        assert headings[-1] == rule.theme
        where = f", {rule.set}" if rule.set != "default" else ""
        severity = f"{rule.severity.word}{where}"
        assert re.search(rf"  {severity} +", lines[place])
        assert lines[place].endswith(f"  {rule.summary}")


@pytest.mark.parametrize("word", [NAME, "Writable_Root_Filesystem"])
def test_a_rule_is_explained_by_its_page(command: Command, word: str) -> None:
    assert command("rule", word) == 0
    rule = next(rule for rule in every_rule() if rule.name == NAME)
    assert command.out == page(rule)


def test_a_rule_is_found_by_what_a_peer_calls_it(command: Command) -> None:
    named = [rule for rule in every_rule() if rule.aliases]
    assert named
    for rule in named:
        for alias in rule.aliases:
            command("rule", alias.lower())
            assert page(rule) in command.out


def test_several_names_give_several_pages_each_once(command: Command) -> None:
    assert command("rule", NAME, "not-checked", NAME) == 0
    headings = [line for line in command.out.splitlines() if line.startswith("# ")]
    assert headings == [f"# {NAME}", "# not-checked"]


def test_an_unknown_name_gives_two_and_a_hint(command: Command) -> None:
    assert command("rule", "writeable-root-filesystem") == 2
    assert f"did you mean `{NAME}`?" in command.err
    assert command("rule", "frobnicate") == 2
    assert "`tightship rule` lists them" in command.err
    assert command.out == ""


def test_the_list_as_json_names_what_reports_need(command: Command) -> None:
    assert command("rule", "--output-format", "json") == 0
    document = json.loads(command.out)
    assert document["schema"] == 1
    assert [rule["name"] for rule in document["rules"]] == [
        rule.name for rule in every_rule()
    ]
    found = next(rule for rule in document["rules"] if rule["name"] == NAME)
    assert found["severity"] == "warning"
    assert found["theme"] == "filesystem"
    assert found["set"] == "default"
    assert found["language"] == "compose"
    assert found["fix"] == "unsafe"
    assert "page" not in found


def test_a_rule_as_json_has_its_page(command: Command) -> None:
    assert command("rule", NAME, "--output-format", "json") == 0
    [found] = json.loads(command.out)["rules"]
    assert found["page"].startswith(f"# {NAME}\n")


def test_a_page_is_painted_on_terminals_and_says_the_same(command: Command) -> None:
    assert command("rule", NAME, "--color", "always") == 0
    assert f"\x1b[1m# {NAME}\x1b[0m\n" in command.out
    painted = re.sub(r"\x1b\[[0-9;]*m", "", command.out)
    command("rule", NAME)
    assert painted == command.out
    assert rule_command.__doc__


def test_help_shows_examples(command: Command) -> None:
    assert command("rule", "--help") == 0
    assert "CL-0007" in command.out
