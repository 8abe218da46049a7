"""The rule `unused-suppression`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.any.correctness.unused_suppression import unused_suppression
from tightship.rules.compose.namespaces.host_pid_namespace import host_pid_namespace
from tightship.rules.compose.users.root_user import root_user

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed

    from tightship.engine.verdict import JudgedFinding

RULES = (unused_suppression, root_user, host_pid_namespace)


def compose(comment: str, body: str = "user: '1000'") -> str:
    return f"services:\n  {comment}\n  s: {{image: x, {body}}}\n"


def unused(judge: Judge, files: str | dict[str, str]) -> list[JudgedFinding]:
    found = judge(files, RULES)
    return [one for one in found if one.rule is unused_suppression]


def test_a_word_that_accepts_nothing_is_marked(judge: Judge) -> None:
    [one] = unused(judge, compose("# tightship: ignore[root-user] so"))
    assert (one.severity.word, one.span.text) == ("info", "root-user")
    assert one.finding.message == "there is no finding of `root-user` here"
    assert one.finding.fix is not None
    assert one.finding.fix.title == "Remove the unused suppression"
    assert one.finding.fix.may_break == (
        "another project that shares this file and has the finding"
    )


def test_each_word_is_a_finding(judge: Judge) -> None:
    text = compose("# tightship: ignore[root-user, host-pid-namespace]")
    marks = [one.span.text for one in unused(judge, text)]
    assert marks == ["root-user", "host-pid-namespace"]
    text = compose("# tightship: ignore[root-user, host-pid-namespace]", "pid: host")
    assert [one.span.text for one in unused(judge, text)] == ["root-user"]


def test_a_theme_that_accepts_nothing_is_marked(judge: Judge) -> None:
    [one] = unused(judge, compose("# tightship: ignore[users] so"))
    assert one.span.text == "users"
    assert unused(judge, compose("# tightship: ignore[users]", "user: root")) == []


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (
            "services:\n  # tightship: ignore[root-user] so\n  s: {image: x}\n",
            "services:\n  s: {image: x}\n",
        ),
        (
            "services:\n  s: {image: x}  # tightship: ignore[root-user] so\n",
            "services:\n  s: {image: x}\n",
        ),
        (
            "services:\r\n  # tightship: ignore[root-user]\r\n  s: {image: x}\r\n",
            "services:\r\n  s: {image: x}\r\n",
        ),
        (
            "# why\n# tightship: ignore[root-user]\nservices: {s: {image: x}}\n",
            "# why\nservices: {s: {image: x}}\n",
        ),
        (
            "services:\n  # tightship: ignore[root-user, host-pid-namespace] so\n"
            "  s: {image: x, user: root}\n",
            "services:\n  # tightship: ignore[root-user] so\n  s: {image: x, user: root}\n",
        ),
    ],
)
def test_unused_words_are_removed_and_an_empty_comment_too(
    fixed: Fixed, text: str, left: str
) -> None:
    assert fixed(text, unused_suppression) == left


@pytest.mark.parametrize(
    "text",
    [
        compose("# tightship: ignore[root-user]", "user: root"),
        # What the run does not look for, or what there is not, is for others to say.
        compose("# tightship: ignore[privileged-container]"),
        compose("# tightship: ignore[nope-it-is]"),
        compose("# hadolint ignore=DL3002"),
        compose("# a note"),
    ],
)
def test_used_and_uncheckable_comments_are_silent(judge: Judge, text: str) -> None:
    assert unused(judge, text) == []


def test_without_a_required_reason_a_comment_accepts_nothing(judge: Judge) -> None:
    comment = "# tightship: ignore[root-user]"
    files = {
        "compose.yaml": compose(comment, "user: root"),
        "tightship.toml": "require-reason = true\n",
    }
    [one] = unused(judge, files)
    assert one.finding.message == (
        "`root-user` is not ignored: the configuration requires a reason after the brackets"
    )
    assert one.finding.fix is None
    files["compose.yaml"] = compose(f"{comment} it binds port 80", "user: root")
    assert unused(judge, files) == []
    files["compose.yaml"] = compose(f"{comment} it binds port 80")
    [one] = unused(judge, files)
    assert one.finding.message == "there is no finding of `root-user` here"
