"""Commands that are written as one text."""

from __future__ import annotations

import pytest

from tightship.values.shell_words import split


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("sleep 5", ["sleep", "5"]),
        ("", []),
        ("  a\tb ", ["a", "b"]),
        ("sh -c 'a b'", ["sh", "-c", "a b"]),
        ('a "" b', ["a", "", "b"]),
        ('a"b c"d', ["ab cd"]),
        (r"a\ b", ["a b"]),
        (r"'a\b'", [r"a\b"]),
        (r'"a\"b"', ['a"b']),
        ("echo $(date +%s) x", ["echo", "$(date +%s)", "x"]),
        ("echo `a b`", ["echo", "`a b`"]),
    ],
)
def test_words_are_split_and_quotes_undone(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a && b", ["a"]),
        ("a; b", ["a"]),
        ("run 2>log", ["run"]),
        ("run x>log", ["run", "x"]),
        ('run "">log', ["run", ""]),
        ('run "a;b" "`c" x', ["run", "a;b", "`c", "x"]),
        ("run `c; d` $(e; f) g; h", ["run", "`c; d`", "$(e; f)", "g"]),
        ("'a && b'", ["a && b"]),
        ("&& a", []),
    ],
)
def test_shell_operators_end_the_command(text: str, words: list[str]) -> None:
    assert split(text) == words


@pytest.mark.parametrize("text", ["a 'b", 'a "b', "a \\", "a (b)", "a)", "a `b"])
def test_an_unterminated_quote_is_rejected(text: str) -> None:
    assert split(text) is None
