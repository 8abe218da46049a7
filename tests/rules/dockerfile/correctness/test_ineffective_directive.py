"""The rule `ineffective-directive`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, places

from tightship.rules.dockerfile.correctness.ineffective_directive import ineffective_directive

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("# sytnax=docker/dockerfile:1\n", "sytnax"),
        ("# synax = docker/dockerfile:1\n", "synax"),
        ("#sintax=docker/dockerfile:1\n", "sintax"),
        ("# syntax: docker/dockerfile:1\n", "syntax"),
        ("# escpae=`\n", "escpae"),
        ("# chekc=error=true\n", "chekc"),
        ("\n# syntax=docker/dockerfile:1\n", "syntax"),
        ("# a comment\n# syntax=docker/dockerfile:1\n", "syntax"),
        ("# a comment\n# check=skip=all\n", "check"),
    ],
)
def test_a_comment_that_was_meant_as_a_directive(found: Found, text: str, marked: str) -> None:
    there = places(found, f"{text}FROM debian:13\n", ineffective_directive)
    assert there == [("warning", marked)]


@pytest.mark.parametrize(
    "text",
    [
        "# syntax=docker/dockerfile:1\n",
        "# Syntax=docker/dockerfile:1\n# escape=`\n",
        "#!/usr/bin/env x\n# syntax=docker/dockerfile:1\n",
        "# syntax=docker/dockerfile:1\n# note\n# syntax=docker/dockerfile:1\n",
        "# sync=true\n",
        "# syntax = see below\n",
        "# check: the tests\n",
        "# note\n# check=this\n",
        "ARG A\n# syntax=docker/dockerfile:1\n",
    ],
)
def test_directives_and_other_comments_are_silent(found: Found, text: str) -> None:
    assert places(found, f"{text}FROM debian:13\n", ineffective_directive) == []


def test_a_typo_in_a_directive_is_corrected(judge: Judge) -> None:
    text = "# sytnax=docker/dockerfile:1\nFROM debian:13\n"
    assert after_fixes(judge, text, ineffective_directive) == (
        "# syntax=docker/dockerfile:1\nFROM debian:13\n"
    )
    below = f"# note\n{text}"
    assert after_fixes(judge, below, ineffective_directive) == below
