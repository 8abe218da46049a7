"""The rule `unknown-suppressed-rule`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.any.correctness.unknown_suppressed_rule import unknown_suppressed_rule

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

    from tightship.engine.verdict import JudgedFinding


def compose(comment: str) -> str:
    return f"services:\n  # {comment}\n  s: {{image: x, user: root}}\n"


def unknown(judge: Judge, files: str | dict[str, str]) -> list[JudgedFinding]:
    return judge(files, [unknown_suppressed_rule])


def test_a_typo_is_corrected(judge: Judge, fixed: Fixed) -> None:
    text = compose("tightship: ignore[root-user, writable-rootfilesystem] so")
    [one] = unknown(judge, text)
    assert (one.severity.word, one.span.text) == ("warning", "writable-rootfilesystem")
    assert one.finding.message == (
        "unknown rule `writable-rootfilesystem`; did you mean `writable-root-filesystem`?"
    )
    assert one.finding.fix is not None
    assert one.finding.fix.title == "Name `writable-root-filesystem`"
    left = fixed(text, unknown_suppressed_rule)
    assert left == text.replace("rootfilesystem", "root-filesystem")


def test_a_word_without_a_similar_rule_has_no_fix(judge: Judge, fixed: Fixed) -> None:
    text = compose("tightship: ignore[whatever-it-is] so")
    [one] = unknown(judge, text)
    assert one.finding.message == "unknown rule `whatever-it-is`"
    assert one.finding.fix is None
    assert fixed(text, unknown_suppressed_rule) == text


def test_each_word_is_a_finding(judge: Judge) -> None:
    text = compose("tightship: ignore[nope-a, root-user, nope-b]")
    assert [one.span.text for one in unknown(judge, text)] == ["nope-a", "nope-b"]


@pytest.mark.parametrize(
    "comment",
    [
        "tightship: ignore",
        "tightship: ignore root-user",
        "tightship: ignore[]",
        "tightship ignore: root-user -- it must",
    ],
)
def test_a_comment_without_a_rule_accepts_nothing(judge: Judge, comment: str) -> None:
    [one] = unknown(judge, compose(comment))
    assert one.span.text.endswith(comment)
    assert one.finding.message == (
        "this comment accepts nothing: name the rules in brackets, as in `ignore[root-user]`"
    )
    assert one.finding.fix is None


def test_a_dockerfile_has_comments_too(found: Found) -> None:
    text = "# tightship: ignore[nope-it-is]\nFROM alpine:3.22\n"
    assert found({"Dockerfile": text}, unknown_suppressed_rule) == [("warning", "nope-it-is")]


@pytest.mark.parametrize(
    "comment",
    [
        "tightship: ignore[root-user]",
        "tightship: ignore[users] a theme",
        "tightship: ignore[CL-0001] the id of another linter",
        "hadolint ignore=DL9999",
        "ignore[nope]",
        "a note about tightship",
    ],
)
def test_valid_names_and_comments_of_other_tools_are_silent(judge: Judge, comment: str) -> None:
    assert unknown(judge, compose(comment)) == []
