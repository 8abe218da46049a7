"""The rule `invalid-variable`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.correctness.conftest import say

from tightship.rules.compose.correctness.invalid_variable import invalid_variable

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_a_required_variable_is_not_invalid(judge: Judge) -> None:
    text = "services: {web: {image: nginx, user: '${WEB_UID:?}'}}\n"
    assert say(judge, text, invalid_variable) == []
