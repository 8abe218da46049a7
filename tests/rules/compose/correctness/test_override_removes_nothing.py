"""The rule `override-removes-nothing`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import say, two

from tightship.rules.compose.correctness.override_removes_nothing import (
    override_removes_nothing as removes_nothing,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize("key", ["cap_drop", "security_opt"])
def test_no_fix_removes_hardening(judge: Judge, key: str) -> None:
    files = two(
        f"services: {{web: {{image: nginx, {key}: [a]}}}}\n", f"services: {{web: {{{key}: []}}}}\n"
    )
    [found] = judge(files, [removes_nothing])
    assert found.finding.fix is None


def test_an_empty_service_is_nothing_to_remove(judge: Judge) -> None:
    files = two("services: {web: {image: nginx}}\n", "services: {web: }\n")
    assert say(judge, files, removes_nothing) == []
