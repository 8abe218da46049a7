"""Commands that are lists of words, or that Compose splits into words."""

from __future__ import annotations

import pytest

from tightship.commands.calls import calls
from tightship.syntax.shell.exec import MAX_WORDS, command_line, exec_form
from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Source, Span


def line(value: str) -> list[str | None]:
    source = Source("compose.yaml", value)
    script = command_line(Text.of(Span(source, 0, len(value))))
    return [word.value for call in calls(script) for word in call.command.words]


def test_words_of_a_list_are_taken_as_they_are() -> None:
    source = Source("Dockerfile", r'CMD ["sh", "-c", "a \"b c\" | d", "$x", ""]')
    script = exec_form(
        [
            Text(source, [("sh", 6, 8)]),
            Text(source, [("-c", 12, 14)]),
            Text(source, [("a ", 18, 20), ('"', 20, 22), ("b c", 22, 25),
                          ('"', 25, 27), (" | d", 27, 31)]),
            Text(source, [("$x", 35, 37)]),
            Text(source, [("", 41, 41)]),
        ]
    )  # fmt: skip
    outer, a, d = calls(script)
    assert [w.value for w in outer.command.words] == [
        "sh",
        "-c",
        'a "b c" | d',
        "$x",
        "",
    ]
    assert outer.command.span.text == source.text[6:41]
    assert outer.command.words[3].span.text == "$x"
    assert outer.command.words[4].span == Span(source, 41, 41)
    assert [w.value for w in a.command.words] == ["a", "b c"]
    assert a.command.words[1].span.text == r"\"b c\""
    assert d.place.kind == "shell"
    assert d.pipeline is a.pipeline
    assert not any(word.expands for word in outer.command.words)


def test_a_word_of_a_list_may_hold_what_is_not_known() -> None:
    source = Source("compose.yaml", "[sh, a${X}]")
    script = exec_form(
        [Text(source, [("sh", 1, 3)]), Text(source, [("a", 5, 6), (UNKNOWN, 6, 10)])]
    )
    [call] = calls(script)
    assert [w.value for w in call.command.words] == ["sh", None]
    assert call.command.words[1].head == "a"


# What docker-compose 2.26.1 makes of each.
@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("echo a && echo b", ["echo", "a"]),
        ("echo a;b c", ["echo", "a"]),
        (r'echo "a b" c\ d $X `ls x` $(ls x)', ["echo", "a b", "c d", "$X", "`ls x`", "$(ls x)"]),
        ("a 'b \"c' \"d\\\"e\"", ["a", 'b "c', 'd"e']),
        (" a\n b\t", ["a", "b"]),
        ("", []),
        ("# a", ["#", "a"]),
    ],
)  # fmt: skip
def test_compose_splits_a_text_in_its_own_way(value: str, words: list[str]) -> None:
    assert line(value) == words


def test_a_command_line_of_compose_may_run_a_script() -> None:
    assert line("sh -c 'a b'") == ["sh", "-c", "a b", "a", "b"]


def test_a_command_line_has_a_limit() -> None:
    source = Source("compose.yaml", "a " * 50_000)
    script = command_line(Text.of(Span(source, 0, 100_000)))
    [call] = calls(script)
    assert len(call.command.words) == MAX_WORDS
    assert script.lost
