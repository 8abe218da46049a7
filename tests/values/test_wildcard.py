from __future__ import annotations

import fnmatch

from hypothesis import example, given, strategies as st
from tests.bounded import within

from tightship.values.matching import Wildcard


@example("a*b*a", "abba")
@example("*a", "a\n")
@example("**", "")
@given(st.text("ab*?.\n", max_size=8), st.text("ab.\n", max_size=8))
def test_wildcards_match_as_in_fnmatch(pattern: str, name: str) -> None:
    assert Wildcard(pattern).matches(name) == fnmatch.fnmatchcase(name, pattern)


def test_brackets_are_literal() -> None:
    assert Wildcard("[ab]").matches("[ab]")
    assert not Wildcard("[ab]").matches("a")


def test_an_unusual_pattern_matches_only_itself() -> None:
    assert not Wildcard("a*").matches("a" * 300)
    assert Wildcard("a" * 300).matches("a" * 300)


def test_many_wildcards_cost_little() -> None:
    with within(2):
        pattern = Wildcard("*a" * 120 + "*b")
        for _ in range(1_000):
            assert not pattern.matches("a" * 256)
