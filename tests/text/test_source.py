from __future__ import annotations

from hypothesis import given, strategies as st

from tightship.text import Source, Span

texts = st.text(alphabet="ab \n\r\u2028\u0085é😀")


def test_an_offset_has_a_line_and_a_column_in_code_points() -> None:
    source = Source("f", "é😀x\nb")
    assert source.point(2) == (0, 2)
    assert source.point(4) == (1, 0)


def test_crlf_is_one_line_end_and_a_lone_cr_is_one_too() -> None:
    assert Source("f", "a\r\nb\rc\nd").line_starts == [0, 3, 5, 7]


def test_separators_unknown_to_editors_end_no_line() -> None:
    assert Source("f", "a\u2028b\u0085c").line_starts == [0]


def test_the_first_line_end_is_the_one_in_use() -> None:
    assert Source("f", "a\r\nb\n").newline == "\r\n"
    assert Source("f", "a").newline == "\n"


def test_spans_are_equal_when_they_cover_the_same_of_the_same_file() -> None:
    one, other = Source("a", "xyz"), Source("b", "xyz")
    assert Span(one, 0, 1) == Span(one, 0, 1)
    assert Span(one, 0, 1) != Span(other, 0, 1)
    assert len({Span(one, 0, 1), Span(one, 0, 1), Span(other, 0, 1)}) == 2


def test_spans_sort_by_file_and_place() -> None:
    a, b = Source("a", "xyz"), Source("b", "xyz")
    spans = [Span(b, 0, 1), Span(a, 1, 2), Span(a, 0, 3), Span(a, 0, 1)]
    assert [s.order for s in sorted(spans)] == [("a", 0, 1), ("a", 0, 3), ("a", 1, 2), ("b", 0, 1)]


@given(texts)
def test_lines_and_their_ends_make_up_the_text(text: str) -> None:
    source = Source("f", text)
    rebuilt = ""
    for number, start in enumerate(source.line_starts):
        after = [*source.line_starts, len(text)][number + 1]
        end = source.line_end(start)
        assert source.line(number) == text[start:end]
        rebuilt += text[start:end] + text[end:after]
    assert rebuilt == text


@given(texts, st.data())
def test_point_and_line_start_agree(text: str, data: st.DataObject) -> None:
    source = Source("f", text)
    offset = data.draw(st.integers(0, len(text)))
    line, column = source.point(offset)
    assert source.line_starts[line] + column == offset
    assert source.line_start(offset) == offset - column
