"""Every example in every rule is true: found where marked, fixed as shown."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

from tightship.findings import FixEffect, Suppression
from tightship.rules import every_rule
from tightship.rules.example import Bad, Good, marked

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import FixedFiles

    from tightship.engine.verdict import JudgedFinding
    from tightship.rules.definition import Rule


def cases(kind: type[Good] | type[Bad]) -> list[object]:
    return [
        pytest.param(rule, example, id=f"{rule.name}-{index}")
        for rule in every_rule()
        for index, example in enumerate(rule.examples)
        if isinstance(example, kind)
    ]


def texts(rule: Rule, files: str | dict[str, str]) -> dict[str, str]:
    if isinstance(files, dict):
        return files
    return {"Dockerfile" if rule.language == "dockerfile" else "compose.yaml": files}


def found_by(judge: Judge, files: dict[str, str], rule: Rule) -> list[JudgedFinding]:
    """Return what a rule finds; one about suppressions needs the others beside it."""
    if rule.on != (Suppression,):
        return judge(files, [rule])
    return [one for one in judge(files) if one.rule is rule]


def plain(rule: Rule, files: str | dict[str, str]) -> dict[str, str]:
    return {path: marked(text)[0] for path, text in texts(rule, files).items()}


@pytest.mark.parametrize(("rule", "example"), cases(Good))
def test_good_example_is_silent(rule: Rule, example: Good, judge: Judge) -> None:
    assert messages(found_by(judge, plain(rule, example.files), rule)) == []


@pytest.mark.parametrize(("rule", "example"), cases(Bad))
def test_bad_example_is_found_where_marked(rule: Rule, example: Bad, judge: Judge) -> None:
    wanted = [
        (path, start, end)
        for path, text in texts(rule, example.files).items()
        for start, end in marked(text)[1]
    ]
    found = found_by(judge, plain(rule, example.files), rule)
    places = [(f.span.source.name, f.span.start, f.span.end) for f in found]
    assert places == wanted, messages(found)
    assert {f.severity for f in found} == {example.severity or rule.severity}
    # Another process may find it, and sends it to the one that reports it.
    sent: list[JudgedFinding] = pickle.loads(pickle.dumps(found))
    assert list(map(reported, sent)) == list(map(reported, found))


def reported(one: JudgedFinding) -> object:
    fix = one.finding.fix
    edits = [(edit.span, edit.text) for edit in fix.edits] if fix else []
    return one.rule.name, one.severity, one.finding.message, fix and fix.title, edits


@pytest.mark.parametrize(("rule", "example"), cases(Bad))
def test_a_fix_makes_what_is_shown_and_leaves_nothing_as_bad_to_find(
    rule: Rule, example: Bad, judge: Judge, fixed_files: FixedFiles
) -> None:
    files = plain(rule, example.files)
    found = found_by(judge, files, rule)
    if not any(one.finding.fix for one in found):
        assert example.fixed is None
        return
    fixed = fixed_files(files, rule)
    assert example.fixed is not None, f"the example does not show its fix: {fixed}"
    assert fixed == plain(rule, example.fixed)
    # A mount that was writable may still be reported as readable.
    worst = min(one.severity for one in found)
    left = [one for one in found_by(judge, fixed, rule) if one.severity >= worst]
    assert messages(left) == []
    for one in found:
        assert one.finding.fix is not None
        effect = one.finding.fix.effect
        # What the right spelling grants is granted by the fix.
        assert effect is rule.fix or (one.finding.fix.is_correction and effect is FixEffect.CHANGES)
        risk = one.finding.fix.may_break
        assert not risk if effect is FixEffect.KEEPS else risk or rule.fix is FixEffect.CHANGES


def messages(found: list[JudgedFinding]) -> list[str]:
    return [f"{one.rule.name}: {one.finding.message} {one.span!r}" for one in found]
