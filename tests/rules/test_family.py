"""Rules that share a function: called once, each with a name and a page of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.engine.settings.selection import Selection
from tightship.frontends.dockerfile.steps import Run
from tightship.rules import index
from tightship.rules.kit import Bad, Finding, Rule, RuleEntry, Severity, family, rule
from tightship.rules.page import page

if TYPE_CHECKING:
    from tests.conftest import VerdictOn

    from tightship.rules.kit import FamilyFindings

CALLS: list[Run] = []


def pitfalls(run: Run) -> FamilyFindings:
    CALLS.append(run)
    span = run.instruction.span
    yield "useless-cat", Finding(span, "`cat` is useless")
    yield "unquoted-word", Finding(span, "a word is not quoted")
    yield "unknown-pitfall", Finding(span, "nobody declares this one")


pitfalls.__module__ = "tightship.rules.dockerfile.correctness.pitfalls"
FAMILY = family(
    rule(
        name="unquoted-word",
        doc="A word is not quoted.\n\nIt is split.\n",
        on=Run,
        severity=Severity.INFO,
        aliases=("shellcheck:SC2086",),
        examples=(Bad("FROM a\n«RUN echo $A»\n", why="It is split."),),
    ),
    rule(
        name="useless-cat",
        doc="A `cat` is useless.",
        on=Run,
        severity=Severity.WARNING,
        examples=(),
    ),
)(pitfalls)
UNQUOTED, CAT = FAMILY
TEXT = "FROM alpine:3.22\nRUN a\nRUN b\n"


@pytest.fixture(autouse=True)
def _calls() -> None:
    CALLS.clear()


def names(verdict_on: VerdictOn, text: str, rules: tuple[Rule, ...]) -> list[str]:
    verdict = verdict_on({"Dockerfile": text}, rules)
    return [one.rule.name for one in verdict.findings]


def test_one_call_finds_for_all_members(verdict_on: VerdictOn) -> None:
    found = names(verdict_on, TEXT, FAMILY)
    assert found == ["useless-cat", "unquoted-word"] * 2
    assert len(CALLS) == 2


def test_a_member_is_selected_by_itself(verdict_on: VerdictOn) -> None:
    for word, member in (("useless-cat", CAT), ("shellcheck:sc2086", UNQUOTED)):
        chosen = Selection([word]).rules(FAMILY)
        assert chosen == [member]
        assert names(verdict_on, TEXT, tuple(chosen)) == [member.name] * 2


def test_a_comment_accepts_the_findings_of_one_member(
    verdict_on: VerdictOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index, "INDEX", (*index.INDEX, *FAMILY))
    text = "FROM alpine:3.22\n# tightship: ignore[useless-cat] it is a pet\nRUN a\n"
    verdict = verdict_on({"Dockerfile": text}, FAMILY)
    assert [one.rule.name for one in verdict.findings] == ["unquoted-word"]
    assert [one.rule.name for one in verdict.accepted] == ["useless-cat"]


def test_each_member_has_a_page() -> None:
    assert UNQUOTED.summary == "A word is not quoted."
    assert page(UNQUOTED).startswith("# unquoted-word\n\nSeverity: info  \n")
    assert "Theme: correctness  \n" in page(UNQUOTED)
    assert "`shellcheck:SC2086`" in page(UNQUOTED)


def test_the_index_leads_to_a_member(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys
    from types import ModuleType

    module = ModuleType(pitfalls.__module__)
    module.__dict__["pitfalls"] = FAMILY
    monkeypatch.setitem(sys.modules, pitfalls.__module__, module)
    path = "dockerfile.correctness.pitfalls"
    entry = RuleEntry(path, CAT.subjects, name="useless-cat")
    assert entry.load() is CAT
