from __future__ import annotations

import pytest

from tightship.syntax.dockerfile.read import read
from tightship.syntax.dockerfile.words import mount_options
from tightship.text import Source


def flags(line: str) -> list[tuple[str, str | None, str]]:
    [one] = read(Source("Dockerfile", line)).instructions
    return [
        (flag.name.value, flag.value.value if flag.value else None, flag.span.text)
        for flag in one.flags
    ]


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("RUN --a=b --c d --e", [("a", "b", "--a=b"), ("c", None, "--c")]),
        ("RUN --a= x", [("a", "", "--a=")]),
        ("RUN --a==b=c x", [("a", "=b=c", "--a==b=c")]),
        ("RUN --a='b c' x", [("a", "b c", "--a='b c'")]),
        ('RUN --a="b \\" c"d x', [("a", 'b " cd', '--a="b \\" c"d')]),
        ("RUN --'a'=b x", [("a", "b", "--'a'=b")]),
        ("RUN --a=b\\ c x", [("a", "b c", "--a=b\\ c")]),
        ("RUN --a='b x", [("a", "b x", "--a='b x")]),
        ("RUN --a=b\\\\\nUSER", [("a", "b\\", "--a=b\\\\")]),
        ("RUN --a=\\\nb x", [("a", "b", "--a=\\\nb")]),
        ("RUN -- --a", []),
        ("RUN --a -- --b", [("a", None, "--a")]),
        ("RUN -a", []),
        ("RUN", []),
    ],
)
def test_flags_end_at_the_first_other_word(
    line: str, found: list[tuple[str, str | None, str]]
) -> None:
    assert flags(line.removesuffix("\nUSER")) == found


def test_the_value_of_a_quoted_flag_knows_its_place() -> None:
    [one] = read(Source("Dockerfile", "RUN --a='b=c' x")).instructions
    value = one.flags[0].value
    assert value is not None
    assert value.span.text == "'b=c'"
    assert one.body.text == "x"


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("type=bind", [("type", "bind", "bind")]),
        (
            "TYPE=cache,target=/a=b,ro",
            [("type", "cache", "cache"), ("target", "/a=b", "/a=b"), ("ro", None, "")],
        ),
        ("'id=a,\"target=b,c\"'", [("id", "a", "a"), ("target", "b,c", "b,c")]),
        ('\'"a=""b"""\'', [("a", '"b"', '"b"')]),
        ("id=a,src=a", [("id", "a", "a"), ("src", "a", "a")]),
        ("a=,b", [("a", "", "a="), ("b", None, "")]),
        ("", [("", None, "")]),
    ],
)
def test_the_options_of_a_mount_know_their_places(
    value: str, options: list[tuple[str, str | None, str]]
) -> None:
    text = f"RUN --mount={value} x"
    [one] = read(Source("Dockerfile", text)).instructions
    assert [
        (key, said.value if said else None, said.span.text if said else "")
        for key, said, _ in mount_options(one.flags[0])
    ] == options


def test_a_flag_without_a_value_has_no_options() -> None:
    [one] = read(Source("Dockerfile", "RUN --mount x")).instructions
    assert mount_options(one.flags[0]) == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("a b", ["a", "b"]),
        ("'a b'c \"d e\"", ["'a b'c", '"d e"']),
        ("a\\ b c\\'d e", ["a\\ b", "c\\'d", "e"]),
        ("'a\\' b", ["'a\\'", "b"]),
        ('"a\\" b" c', ['"a\\" b"', "c"]),
        ("'a b", ["'a b"]),
        ("a\u2003b", ["a", "b"]),
        ("'' \"\"", ["''", '""']),
    ],
)
def test_quotes_and_escapes_hold_words_together(body: str, words: list[str]) -> None:
    [one] = read(Source("Dockerfile", f"ARG {body}")).instructions
    assert [pair.name.value for pair in one.pairs] == words
    assert [pair.span.text for pair in one.pairs] == words


def test_the_escape_directive_changes_what_escapes() -> None:
    text = "# escape=`\nARG a` b c\\ d\nCOPY --x=e\\ f g h"
    arg, copy = read(Source("Dockerfile", text)).instructions
    assert [pair.span.text for pair in arg.pairs] == ["a` b", "c\\", "d"]
    assert copy.flags[0].span.text == "--x=e\\ f"
