from __future__ import annotations

import re
from functools import partial

from hypothesis import given, strategies as st
from tests.bounded import within

from tightship_lsp.diagnostics.convert import characters
from tightship_lsp.workspace.document import Buffer, Document

ENCODINGS = st.sampled_from(["utf-8", "utf-16", "utf-32"])
# Line ends, what only looks like one, wide characters and a mark.
TEXTS = st.text(st.sampled_from("ab \n\r\u2028\x85\x0cé€😀\ufeff"), max_size=24)
POSITIONS = st.tuples(st.integers(0, 9), st.integers(0, 12))


def plain_offset(text: str, line: int, units: int, encoding: str) -> int:
    """Find a position one character at a time, as the protocol words it."""
    at = 0
    for _ in range(line):
        end = re.compile("\r\n|\n|\r").search(text, at)
        if end is None:
            return len(text)
        at = end.end()
    while at < len(text) and text[at] not in "\r\n":
        size = len(text[at].encode(f"{encoding}-le" if encoding != "utf-8" else "utf-8"))
        units -= size // {"utf-8": 1, "utf-16": 2, "utf-32": 4}[encoding]
        if units < 0:
            break
        at += 1
    return at


@given(TEXTS, st.lists(st.tuples(POSITIONS, POSITIONS, TEXTS), max_size=6), ENCODINGS)
def test_edits_agree_with_edits_of_a_plain_string(
    text: str, edits: list[tuple[tuple[int, int], tuple[int, int], str]], encoding: str
) -> None:
    buffer = Buffer(text)
    measure = partial(characters, encoding=encoding)
    for start, end, new in edits:
        first = plain_offset(text, *start, encoding)
        last = max(first, plain_offset(text, *end, encoding))
        text = text[:first] + new + text[last:]
        buffer.replace(start, end, new, measure)
        assert buffer.text == text


def test_surrogates_that_arrive_separately_are_joined() -> None:
    buffer = Buffer("a: \n")
    measure = partial(characters, encoding="utf-16")
    buffer.replace((0, 3), (0, 3), "\ud83d", measure)
    assert buffer.text == "a: \ud83d\n"
    buffer.replace((0, 4), (0, 4), "\ude00", measure)
    assert buffer.text == "a: 😀\n"


def test_many_edits_of_a_large_document_take_little_time() -> None:
    buffer = Buffer("services: {}\n" * 200_000)
    measure = partial(characters, encoding="utf-16")
    with within(1):
        for number in range(500):
            buffer.replace((number * 300, 3), (number * 300, 5), "xyz", measure)
    assert buffer.text.count("serxyzces") == 500


def test_the_mark_of_a_text_is_not_part_of_its_source() -> None:
    document = Document("untitled:a", None, "a", "yaml", 1, "\ufeffa: 1\n")
    assert document.source.text == "a: 1\n"
    assert document.source.bom
    assert document.text == "\ufeffa: 1\n"
