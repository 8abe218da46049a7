"""The rule `unknown-instruction`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes

from tightship.rules.dockerfile.correctness.unknown_instruction import unknown_instruction

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("FORM", "FROM"),
        ("Coppy", "COPY"),
        ("entrypont", "entrypoint"),
        ("HELTHCHECK", "HEALTHCHECK"),
    ],
)
def test_a_typo_in_an_instruction_is_corrected(judge: Judge, word: str, meant: str) -> None:
    text = f"FROM a:1\n{word} b\n"
    fixed = after_fixes(judge, text, unknown_instruction)
    assert fixed == f"FROM a:1\n{meant} b\n"


def test_a_space_unknown_to_docker_is_replaced(judge: Judge) -> None:
    text = "FROM a:1\nRUN\u00a0true\nfoo\u00a0bar\n"
    fixed = after_fixes(judge, text, unknown_instruction)
    assert fixed == "FROM a:1\nRUN true\nfoo\u00a0bar\n"


def test_instructions_invalid_in_onbuild_are_not_suggested(judge: Judge) -> None:
    text = "FROM a:1\nONBUILD FORM b\n"
    [one] = judge({"Dockerfile": text}, [unknown_instruction])
    assert "did you mean" not in one.finding.message
