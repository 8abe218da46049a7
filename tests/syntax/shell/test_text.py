"""A text knows where each of its characters is written."""

from __future__ import annotations

from tightship.syntax.shell.text import UNKNOWN, Text
from tightship.text import Source, Span


def test_a_text_of_pieces_spans_what_lies_between_them() -> None:
    source = Source("Dockerfile", "RUN apt-get \\\n# why\n  install x")
    text = Text.of(Span(source, 4, 12), Span(source, 20, 31))
    assert text.value == "apt-get   install x"
    assert text.span(0, 7).text == "apt-get"
    assert text.span(10, 17).text == "install"
    assert text.span(4, 13).text == "get \\\n# why\n  ins"
    assert text.span(10, 10) == Span(source, 22, 22)
    assert text.span(19, 19) == Span(source, 31, 31)


def test_a_character_that_is_written_as_several_stands_for_all_of_them() -> None:
    source = Source("compose.yaml", r'"a\"b"')
    text = Text(source, [("a", 1, 2), ('"', 2, 4), ("b", 4, 5)])
    assert text.value == 'a"b'
    assert text.span(1, 2).text == r"\""
    assert text.span(1, 3).text == r"\"b"
    assert text.pieces(1, 3) == [('"', 2, 4), ("b", 4, 5)]


def test_an_empty_text_has_a_place() -> None:
    source = Source("Dockerfile", "RUN")
    assert Text(source, [("", 3, 3)]).span(0, 0) == Span(source, 3, 3)
    assert Text(source, []).span(0, 0) == Span(source, 0, 0)


def test_parts_of_a_text_make_another_with_the_same_places() -> None:
    source = Source("Dockerfile", "0123456789")
    text = Text.of(Span(source, 2, 5), Span(source, 7, 9))
    inner = text.replaced(1, 5, [(None, 1, 2), (UNKNOWN, 2, 4), (None, 4, 5)])
    assert inner.value == "3\0" + "8"
    assert [inner.span(i, i + 1).text for i in range(3)] == ["3", "4567", "8"]
    assert text.replaced(1, 1, []).span(0, 0) == Span(source, 3, 3)
