from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from tightship.text import Edit, OverlapError, Source, Span, apply_edits


def edit(source: Source, start: int, end: int, text: str) -> Edit:
    return Edit(Span(source, start, end), text)


def test_edits_apply_in_any_order() -> None:
    source = Source("f", "abcdef")
    edits = [edit(source, 4, 5, "E"), edit(source, 0, 1, ""), edit(source, 2, 2, "-")]
    assert apply_edits(source, edits) == "b-cdEf"
    assert apply_edits(source, reversed(edits)) == "b-cdEf"


def test_two_insertions_at_one_place_keep_their_order() -> None:
    source = Source("f", "ab")
    edits = [edit(source, 1, 1, "1"), edit(source, 1, 1, "2")]
    assert apply_edits(source, edits) == "a12b"


def test_an_equal_edit_counts_once() -> None:
    source = Source("f", "ab")
    assert apply_edits(source, [edit(source, 1, 1, "x")] * 2) == "axb"


def test_edits_of_other_files_are_skipped() -> None:
    source, other = Source("f", "ab"), Source("g", "ab")
    assert apply_edits(source, [edit(other, 0, 2, "")]) == "ab"


def test_overlapping_edits_are_rejected() -> None:
    source = Source("f", "abcdef")
    with pytest.raises(OverlapError):
        apply_edits(source, [edit(source, 0, 3, "x"), edit(source, 2, 4, "y")])


def test_replaced_text_cannot_be_added_to() -> None:
    source = Source("f", "abcdef")
    added = Edit(Span(source, 4, 4), "x", adds_to=Span(source, 2, 4))
    with pytest.raises(OverlapError):
        apply_edits(source, [added, edit(source, 1, 4, "")])
    assert apply_edits(source, [added, edit(source, 3, 4, "")]) == "abcxef"
    assert apply_edits(source, [added, edit(source, 4, 5, "")]) == "abcdxf"
    before = Edit(Span(source, 4, 4), "y", adds_to=Span(source, 0, 4))
    assert apply_edits(source, [added, before]) == "abcdxyef"


@given(st.text(max_size=30), st.data())
def test_text_outside_of_edits_is_kept(text: str, data: st.DataObject) -> None:
    source = Source("f", text)
    cuts = sorted(
        data.draw(
            st.lists(st.integers(0, len(text)), max_size=8).filter(lambda cuts: len(cuts) % 2 == 0)
        )
    )
    pairs = list(zip(cuts[::2], cuts[1::2], strict=True))
    edits = [edit(source, start, end, "|") for start, end in pairs]
    kept, done = "", 0
    for start, end in dict.fromkeys(pairs):
        kept += text[done:start] + "|"
        done = end
    assert apply_edits(source, edits) == kept + text[done:]
