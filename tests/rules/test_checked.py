"""Pages say truly how claims were checked: the lab runs what they show."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.premises import ON_STAND_INS, every_premise, rules_to_show
from tests.lab.records import load
from tests.lab.transcripts import matches, pages, steps

from tightship.rules import every_rule
from tightship.rules.example import Verified
from tightship.rules.page import ENGINE, files_to_run, page

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.definition import Rule

PAGES = [pytest.param(*one, id=one[0].name) for one in pages()]


def test_every_rule_that_warns_says_how_it_was_checked() -> None:
    assert [rule.name for rule in rules_to_show() if rule.checked is None] == []


def test_a_claim_is_verified_exactly_if_the_lab_shows_it() -> None:
    seen = {rule.name for rule in every_rule() if isinstance(rule.checked, Verified)}
    assert seen - ON_STAND_INS == {premise.rule for premise in every_premise()}


def test_claims_about_well_known_images_are_shown_on_stand_ins() -> None:
    said = [rule for rule, seen in pages() if seen.stand_in]
    assert {rule.name for rule in said} == ON_STAND_INS
    assert len(said) >= 7
    for rule in said:
        assert "a stand-in image built from Debian packages" in page(rule)


def test_the_engine_on_pages_is_that_of_the_records() -> None:
    header, _ = load()
    version, compose = header["engine"].partition("+")[0], header["compose"]
    kernel = ".".join(header["kernel"].split(".")[:2])
    compose = compose.partition("-")[0]
    assert f"Docker Engine {version} (Compose {compose}, Linux {kernel})" == ENGINE


@pytest.mark.parametrize(("rule", "seen"), PAGES)
def test_the_commands_distinguish_claim_and_control(rule: Rule, seen: Verified) -> None:
    shown, control = list(steps(seen.shown)), list(steps(seen.control))
    assert shown
    assert len(shown) == len(control)
    assert any(
        not matches(one, other) and not matches(other, one)
        for (_, one), (_, other) in zip(shown, control, strict=True)
    )


@pytest.mark.parametrize(("rule", "seen"), PAGES)
def test_the_rule_reports_the_files_and_not_the_control(
    judge: Judge, rule: Rule, seen: Verified
) -> None:
    files, control = files_to_run(rule, seen)
    assert bool(files) == ("docker compose" in seen.shown)
    if files:
        assert judge(files, [rule])
        assert not judge(control, [rule])


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a  b", "a\tb\n", True),
        ("0::/…/…", "0::/docker/1f", True),
        ("0::/…/…", "0::/", False),
        ("name ….", "name x y.\nz", False),
        ("", "\n", True),
        ("", "x", False),
        ("[x]", "x", False),
    ],
)
def test_dots_are_any_text(expected: str, printed: str, same: bool) -> None:
    assert matches(expected, printed) is same


def test_a_page_shows_the_commands_or_the_reason_for_none() -> None:
    rules = {rule.name: rule for rule in every_rule()}
    assert "$ docker run --rm --privileged busybox" in page(rules["privileged-container"])
    assert "not seen on a running engine: the " in page(rules["selinux-disabled"])
    assert "## Checked" not in page(rules["obsolete-version"])
