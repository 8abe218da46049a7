from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.report.frame import code_line, hunks
from tightship.report.terminal import columns
from tightship.text import Edit, OverlapError, Source, Span, apply_edits

if TYPE_CHECKING:
    from tests.report.conftest import Make

TEXTS = st.text(st.sampled_from("ab :-\t\n\r\x1b\u202e\u2028\u0301é日🐳\u200d\ud800"), max_size=60)


@pytest.mark.parametrize(
    ("text", "code", "carets"),
    [
        ("a: «b» # c", "a: b # c", "   ^"),
        ("x:\t\t«y»\t#", "x:        y    #", " " * 10 + "^"),
        ("日本: «語»", "日本: 語", "      ^^"),
        ("🐳🐳 «x»", "🐳🐳 x", "     ^"),
        ("e\u0301 «e\u0301»", "e\u0301 e\u0301", "  ^"),
        ("a:«»", "a:", "  ^"),
        ("a: «b   »", "a: b", "   ^"),
        ("«a: |\n  b»\nc: d", "a: |", "^^^^"),
        ("«a: |  \r\n  b»\r\nc: d", "a: |", "^^^^"),
    ],
)
def test_carets_are_below_the_marked_text(make: Make, text: str, code: str, carets: str) -> None:
    _, [span] = make.file(text)
    assert code_line(span, 80) == (code, carets)


def test_a_span_that_ends_with_its_line_marks_no_more_than_the_line(make: Make) -> None:
    for newline in ("\n", "\r\n", "\r"):
        source = Source("f", f"one{newline}two{newline}")
        end = source.text.index("two")
        assert code_line(Span(source, 0, end), 80) == ("one", "^^^")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_are_those_of_editors(newline: str) -> None:
    source = Source("f", newline.join(["one", "two", "six"]))
    for word in ("one", "two", "six"):
        start = source.text.index(word)
        assert code_line(Span(source, start, start + 3), 80) == (word, "^^^")


def test_a_long_line_is_cut_after_a_span_near_its_start(make: Make) -> None:
    _, [span] = make.file("k: «v»" + " x" * 500)
    code, carets = code_line(span, 40)
    assert code == "k: v" + " x" * 18 + "..."
    assert carets == "   ^"


def test_a_long_line_is_cut_on_both_sides_of_a_span_far_in_it(make: Make) -> None:
    _, [span] = make.file("x" * 500 + "«needle»" + "y" * 500)
    code, carets = code_line(span, 40)
    assert code == "..." + "x" * 10 + "needle" + "y" * 24 + "..."
    assert carets == " " * 13 + "^" * 6


def test_a_span_longer_than_the_frame_is_marked_to_its_edge(make: Make) -> None:
    _, [span] = make.file("k: «" + "v" * 500 + "»")
    code, carets = code_line(span, 40)
    assert len(code) <= 46
    assert carets.strip() == "^" * code.count("v")


@given(TEXTS, st.integers(0, 60), st.integers(0, 60), st.integers(1, 30))
def test_frames_of_any_file_are_plain_and_short(
    text: str, start: int, length: int, width: int
) -> None:
    source = Source("f", text)
    begin = min(start, len(text))
    code, carets = code_line(Span(source, begin, min(begin + length, len(text))), width)
    assert all(
        unicodedata.category(char) not in ("Cc", "Cs", "Zl", "Zp", "Cf") or char == "\u200d"
        for char in code
    )
    assert set(carets) <= {" ", "^"}
    assert carets.endswith("^")
    assert columns(code) <= (width + 6) * len("<U+2028>")


def lines_after(source: Source, edits: list[Edit]) -> list[str]:
    """Apply hunks to lines, the slow and plain way."""
    found = hunks(source, edits, 80)
    assert found is not None
    lines = source.text.split("\n")
    for hunk in reversed(found):
        assert lines[hunk.line : hunk.line + len(hunk.removed)] == hunk.removed
        lines[hunk.line : hunk.line + len(hunk.removed)] = hunk.added
    return lines


@given(
    st.lists(st.sampled_from(["", "a", "b: c"]), min_size=1, max_size=9),
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 5), st.sampled_from(["", "x", "y\nz\n"])),
        max_size=4,
    ),
)
def test_hunks_show_the_effect_of_the_edits(
    lines: list[str], places: list[tuple[int, int, str]]
) -> None:
    source = Source("f", "\n".join(lines))
    size = len(source.text)
    edits = [
        Edit(Span(source, min(start, size), min(start + length, size)), text)
        for start, length, text in places
    ]
    try:
        after = apply_edits(source, edits)
    except OverlapError:
        assert hunks(source, edits, 80) is None
        return
    assert lines_after(source, edits) == after.split("\n")


def test_an_inserted_line_removes_nothing(make: Make) -> None:
    source, _ = make.file("a:\n  b: c\nd: e\n")
    for offset, text in ((10, "  x: y\n"), (9, "\n  x: y"), (3, "  x: y\n")):
        found = hunks(source, [make.insert(source, offset, text)], 80)
        assert found is not None
        assert [(hunk.removed, hunk.added) for hunk in found] == [([], ["  x: y"])]


def test_windows_line_ends_leave_no_trace_in_hunks(make: Make) -> None:
    source = Source("f", "a:\r\n  b: c\r\n")
    found = hunks(source, [make.insert(source, 4, "  x: y\r\n")], 80)
    assert found is not None
    assert [(hunk.removed, hunk.added) for hunk in found] == [([], ["  x: y"])]


@pytest.mark.parametrize(
    ("lines", "shown"), [(13, ["a: b"] * 13), (14, ["a: b"] * 12 + ["... (2 more lines)"])]
)
def test_a_long_removal_is_cut(make: Make, lines: int, shown: list[str]) -> None:
    source, [span] = make.file("«" + "a: b\n" * lines + "»c: d\n")
    found = hunks(source, [Edit(span, "")], 80)
    assert found is not None
    assert found[0].removed == shown


def test_new_text_is_shown_in_full(make: Make) -> None:
    source, _ = make.file("a: b\n")
    found = hunks(source, [make.insert(source, 0, "x: y\n" * 50)], 80)
    assert found is not None
    assert found[0].added == ["x: y"] * 50


def test_edits_in_lines_too_long_to_show_are_not_shown(make: Make) -> None:
    source, [span] = make.file("«k»: " + "v" * 50_000)
    assert hunks(source, [Edit(span, "x")], 80) is None


def test_equal_edits_of_several_findings_count_once(make: Make) -> None:
    source, _ = make.file("a: b\n")
    edits = [make.insert(source, 0, "x: y\n"), make.insert(source, 0, "x: y\n")]
    found = hunks(source, edits, 80)
    assert found is not None
    assert found[0].added == ["x: y"]
