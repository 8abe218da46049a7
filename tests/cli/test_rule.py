from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from tests.generate.rule_pages import PAGES

from tightship.cli import rule as rule_command
from tightship.engine.settings.selection import Selection, of_theme_or_set, plain
from tightship.rules import every_rule
from tightship.rules.definition import FORMER_NAMES
from tightship.rules.index import INDEX
from tightship.rules.page import page

if TYPE_CHECKING:
    from tests.cli.conftest import Command

NAME = "writable-root-filesystem"


def test_without_a_name_every_rule_is_listed_below_its_theme(command: Command) -> None:
    assert command("rule") == 0
    lines = command.out.splitlines()
    for rule in every_rule():
        place = next(i for i, line in enumerate(lines) if line.startswith(f"  {rule.name} "))
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


def test_a_rule_is_found_by_its_id_in_another_linter(command: Command) -> None:
    named = [rule for rule in every_rule() if rule.aliases]
    assert named
    for rule in named:
        for alias in {*rule.aliases}.difference(FORMER_NAMES.values()):
            command("rule", alias.lower())
            assert page(rule) in command.out


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (("DL3007", "hadolint:DL3007", "hadolint/DL3007"), "latest-base-image"),
        (("tally:hadolint/DL3007", "dl3007"), "latest-base-image"),
        (("CKV_DOCKER_3", "checkov:CKV_DOCKER_3", "ckv-docker-3"), "image-runs-as-root"),
        (("CKV2_DOCKER_1", "checkov:CKV2_DOCKER_1"), "sudo-in-image"),
        (("DS001", "DS-0001", "AVD-DS-0001", "trivy:DS-0001"), "untagged-base-image"),
        (("trivy:AVD-DS-0001", "avd-ds-0001", "trivy:ds001"), "untagged-base-image"),
        (("CL-0007", "compose-lint:CL-0007", "cl_0007"), NAME),
        (
            (
                "kics:ae5b6871",
                "kics:ae5b6871-7f45-42e0-bb4c-ab300c4d2026",
                "AE5B6871-7f45-42e0-bb4c-ab300c4d2026",
            ),
            "privileged-container",
        ),
        (("semgrep:privileged-service", "semgrep:a.b.privileged-service"), "privileged-container"),
        (
            ("buildkit:MaintainerDeprecated", "buildkit/MaintainerDeprecated"),
            "deprecated-maintainer",
        ),
    ],
)
def test_every_form_of_an_id_names_the_same_rules(
    command: Command, words: tuple[str, ...], name: str
) -> None:
    pages = set[str]()
    for word in words:
        assert command("rule", word) == 0
        pages.add(command.out)
    [shown] = pages
    assert shown.startswith(f"# {name}\n")
    for word in words:
        for option in ("--select", "--ignore", "--extend-select", "--fix-only"):
            command("check", option, word)
            assert "no rule" not in command.err


def test_ids_are_their_own_forms() -> None:
    for rule in every_rule():
        assert plain(rule.name) == rule.name
        for alias in rule.aliases:
            assert plain(alias) == alias.lower().replace("_", "-")


@pytest.mark.parametrize(
    "word", ["DL9999", "hadolint:CL-0001", "trivy:", "CKV_", "ds", "a/b/c", "kics:x", ":"]
)
def test_a_form_without_a_rule_is_unknown(command: Command, word: str) -> None:
    assert command("rule", word) == 2
    assert f"unknown rule, theme or set `{word}`" in command.err


def test_a_theme_lists_its_rules(command: Command) -> None:
    assert command("rule", "Mandatory-Access", "secrets") == 0
    lines = command.out.splitlines()
    assert "mandatory_access" in lines
    listed = {line.split()[0] for line in lines if line.startswith("  ")}
    assert listed == {
        rule.name for rule in every_rule() if rule.theme in ("mandatory_access", "secrets")
    }


@pytest.mark.parametrize("word", ["strict", "default"])
def test_a_set_lists_its_rules(command: Command, word: str) -> None:
    assert command("rule", word) == 0
    listed = {line.split()[0] for line in command.out.splitlines() if line.startswith("  ")}
    assert listed == {
        rule.name
        for rule in every_rule()
        if rule.set == word or (word == "strict" and rule.set != "shellcheck")
    }


def test_a_rule_and_its_theme_give_the_page_and_the_other_rules(command: Command) -> None:
    assert command("rule", "filesystem", NAME) == 0
    assert command.out.startswith(f"# {NAME}\n")
    assert f"\n  {NAME} " not in command.out
    assert "\n  docker-socket-mounted " in command.out
    command("rule", "filesystem", NAME, "--output-format", "json")
    first, *others = json.loads(command.out)["rules"]
    assert (first["name"], "page" in first) == (NAME, True)
    assert {one["theme"] for one in others} == {"filesystem"}
    assert not any("page" in one for one in others)


def test_several_names_give_several_pages_each_once(command: Command) -> None:
    assert command("rule", NAME, "not-checked", NAME) == 0
    headings = [line for line in command.out.splitlines() if line.startswith("# ")]
    assert headings == [f"# {NAME}", "# not-checked"]


@pytest.mark.parametrize(
    ("word", "nearest"),
    [
        ("privileged", "privileged-container"),
        ("docker-socket", "docker-socket-mounted"),
        ("dashboard", "unauthenticated-service"),
        ("unauthenticated-dashbord", "unauthenticated-service"),
        ("socket", "docker-socket-mounted"),
        ("Latest", "latest-base-image"),
        ("capabilites", "capabilities"),
    ],
)
def test_a_part_of_a_name_suggests_the_nearest_rule(
    command: Command, word: str, nearest: str
) -> None:
    assert command("rule", word) == 2
    assert f"did you mean `{nearest}`?" in command.err


@pytest.mark.parametrize("word", ["", "-", "nonsense", "DL9999"])
def test_a_word_of_no_name_suggests_none(command: Command, word: str) -> None:
    assert command("rule", word) == 2
    assert "did you mean" not in command.err


def test_the_page_of_rules_says_what_strict_has() -> None:
    text = (PAGES.parent / "rules.md").read_text("utf-8")
    strict = of_theme_or_set("strict", every_rule())
    left = {rule.set for rule in every_rule()} - {rule.set for rule in strict}
    assert left == {"shellcheck"}
    assert "`strict` has all rules except that of `shellcheck`." in text


def test_advice_about_a_base_image_names_no_other_image() -> None:
    for rule in every_rule():
        if rule.language == "dockerfile" and rule.theme == "supply_chain":
            assert "nginx" not in rule.advice, rule.name


def test_an_unknown_name_exits_with_2_and_suggests_one(command: Command) -> None:
    assert command("rule", "writeable-root-filesystem") == 2
    assert f"did you mean `{NAME}`?" in command.err
    assert command("rule", "frobnicate") == 2
    assert "`tightship rule` lists them" in command.err
    assert command.out == ""


def test_the_list_as_json_names_what_reports_need(command: Command) -> None:
    assert command("rule", "--output-format", "json") == 0
    document = json.loads(command.out)
    assert document["schema"] == 1
    assert [rule["name"] for rule in document["rules"]] == [rule.name for rule in every_rule()]
    found = next(rule for rule in document["rules"] if rule["name"] == NAME)
    assert found["severity"] == "warning"
    assert found["theme"] == "filesystem"
    assert found["set"] == "default"
    assert found["language"] == "compose"
    assert (found["fix"], found["effect"]) == ("unsafe", "tightens")
    assert "page" not in found


def test_a_rule_as_json_has_its_page(command: Command) -> None:
    assert command("rule", NAME, "--output-format", "json") == 0
    [found] = json.loads(command.out)["rules"]
    assert found["page"].startswith(f"# {NAME}\n")


def test_a_page_has_colours_on_terminals_and_the_same_text(command: Command) -> None:
    assert command("rule", NAME, "--color", "always") == 0
    assert f"\x1b[1m# {NAME}\x1b[0m\n" in command.out
    painted = re.sub(r"\x1b\[[0-9;]*m", "", command.out)
    command("rule", NAME)
    assert painted == command.out
    assert rule_command.__doc__


def test_help_shows_examples(command: Command) -> None:
    assert command("rule", "--help") == 0
    assert "CL-0007" in command.out


def test_the_help_and_the_page_of_rules_say_what_the_set_strict_selects(command: Command) -> None:
    selected = {rule.name for rule in Selection(["strict"]).rules(INDEX)}
    left = [rule for rule in INDEX if rule.name not in selected]
    assert {rule.set for rule in left} == {"shellcheck"}
    command("check", "--help")
    assert "or strict for all but shellcheck\n" in command.out
    page = (PAGES.parent / "rules.md").read_text("utf-8")
    assert "`strict` has all rules except that of `shellcheck`." in page
    command("rule", "strict", "--output-format", "json")
    assert {one["name"] for one in json.loads(command.out)["rules"]} == selected
