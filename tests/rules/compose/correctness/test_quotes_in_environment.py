"""The rule `quotes-in-environment`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import block_service

from tightship.rules.compose.correctness.quotes_in_environment import quotes_in_environment as rule

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("item", "is_found"),
    [
        ('A="b"', True),
        ("A='b'", True),
        ('A=""', True),
        ("'A=\"b\"'", True),
        ('A="$B"', True),
        ('"A=b"', False),
        ("A=b", False),
        ('A="', False),
        ("A=\"b'", False),
        ('A=b"c"', False),
        ("A", False),
    ],
)
def test_a_value_in_quotes(found: Found, item: str, is_found: bool) -> None:
    text = block_service(f"environment:\n      - {item}")
    assert found(text, rule) == ([("info", item)] if is_found else [])


def test_the_value_is_not_repeated(judge: Judge) -> None:
    text = block_service('environment:\n      - DB_PASSWORD="hunter2"')
    [one] = judge(text, [rule])
    assert one.finding.message == ("the value of `DB_PASSWORD` includes its quotes in service `s`")
