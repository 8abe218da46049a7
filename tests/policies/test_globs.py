"""Patterns take what `fnmatch` says, tell what a beginning decides, and are never slow."""

from __future__ import annotations

import fnmatch

import pytest
from hypothesis import given, strategies as st
from tests.bounded import within

from tightship.policies.globs import CharacterSet, compiled, problem

PATTERNS = st.text("ab*?[]-!", max_size=8).filter(lambda one: problem(one) is None)
TEXTS = st.text("ab-!", max_size=8)


def is_plain(pattern: str) -> bool:
    """Return whether `fnmatch` reads a pattern alike: it takes a `]` first in a set as one."""
    return "[]" not in pattern and "[!]" not in pattern and "[-" not in pattern


@given(PATTERNS.filter(is_plain), TEXTS)
def test_a_pattern_takes_what_fnmatch_takes(pattern: str, text: str) -> None:
    assert compiled(pattern).matches(text) is fnmatch.fnmatchcase(text, pattern)


@given(PATTERNS, TEXTS, st.lists(TEXTS, min_size=1, max_size=20))
def test_a_beginning_decides_for_each_rest_or_says_nothing(
    pattern: str, beginning: str, rests: list[str]
) -> None:
    told = compiled(pattern).matches_all(beginning)
    if told is not None:
        assert {compiled(pattern).matches(beginning + rest) for rest in rests} == {told}


@pytest.mark.parametrize(
    ("pattern", "beginning", "expected"),
    [
        ("registry.corp.example/*", "registry.corp.example/", True),
        ("registry.corp.example/*", "registry.corp.", None),
        ("registry.corp.example/*", "docker.io/", False),
        ("*-slim", "python:3", None),
        ("*", "", True),
        ("traefik:v3*", "traefik:v3.", True),
        ("traefik:v3.?", "traefik:v3.", None),
    ],
)
def test_known_beginnings(pattern: str, beginning: str, expected: bool | None) -> None:
    assert compiled(pattern).matches_all(beginning) is expected


@pytest.mark.parametrize("pattern", ["[", "a[b", "[]", "[!", "x" * 1001])
def test_a_pattern_without_meaning_is_refused(pattern: str) -> None:
    assert problem(pattern)


def test_no_text_makes_a_match_slow() -> None:
    pattern = compiled("*a" * 400 + "b")
    # Backtracking would not end.
    with within(5):
        pattern.matches("a" * 40_000)


@pytest.mark.parametrize(
    ("allowed", "text", "expected"),
    [("a-z0-9_-", "my-app_1", True), ("a-z0-9_-", "My", False), ("", "", True), ("", "a", False)],
)
def test_characters(allowed: str, text: str, expected: bool) -> None:
    assert CharacterSet(allowed).holds(text) is expected
