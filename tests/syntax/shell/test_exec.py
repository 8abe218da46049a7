"""Commands in exec form: lists of words."""

from __future__ import annotations

from tightship.commands.calls import calls
from tightship.syntax.shell.read import exec_form
from tightship.syntax.shell.text import UNKNOWN
from tightship.text import Source, Span


def test_words_of_a_list_are_literal() -> None:
    source = Source("Dockerfile", r'CMD ["sh", "-c", "a \"b c\" | d", "$x", ""]')
    script = exec_form(
        source,
        [
            [("sh", 6, 8)],
            [("-c", 12, 14)],
            [("a ", 18, 20), ('"', 20, 22), ("b c", 22, 25), ('"', 25, 27),
             (" | d", 27, 31)],
            [("$x", 35, 37)],
            [("", 41, 41)],
        ],
    )  # fmt: skip
    outer, a, d = calls(script)
    assert [w.value for w in outer.command.words] == ["sh", "-c", 'a "b c" | d', "$x", ""]
    assert outer.command.span.text == source.text[6:41]
    assert outer.command.words[3].span.text == "$x"
    assert outer.command.words[4].span == Span(source, 41, 41)
    assert [w.value for w in a.command.words] == ["a", "b c"]
    assert a.command.words[1].span.text == r"\"b c\""
    assert d.nesting.kind == "shell"
    assert d.pipeline is a.pipeline


def test_a_word_of_a_list_can_have_unknown_parts() -> None:
    source = Source("compose.yaml", "[sh, a${X}]")
    script = exec_form(source, [[("sh", 1, 3)], [("a", 5, 6), (UNKNOWN, 6, 10)]])
    [call] = calls(script)
    assert [w.value for w in call.command.words] == ["sh", None]
    assert call.command.words[1].head == "a"
