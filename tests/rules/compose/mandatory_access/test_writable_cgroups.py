"""The rule `writable-cgroups`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.mandatory_access.conftest import options

from tightship.rules.compose.mandatory_access.writable_cgroups import writable_cgroups

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "option", ["writable-cgroups=true", "writable-cgroups:1", "'writable-cgroups=${W:-T}'"]
)
def test_every_spelling_of_true_counts(found: Found, option: str) -> None:
    assert found(options(option), writable_cgroups) == [("warning", option)]


@pytest.mark.parametrize(
    "option", ["writable-cgroups=false", "writable-cgroups=yes", "writable-cgroups", "'${W}'"]
)
def test_safe_and_undecided_values_are_silent(found: Found, option: str) -> None:
    assert found(options(option), writable_cgroups) == []
