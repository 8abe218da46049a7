"""Messages come apart as they were meant, however they arrive."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, strategies as st

from tightship_lsp.connection.transport import Framing

HEADERS = st.sampled_from(
    (
        "Content-Length: {}\r\n\r\n",
        "content-length:{}\r\n\r\n",
        "CONTENT-LENGTH : {}\n\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: {}\r\n\r\n",
        "Content-Length: {}\r\nX-Else: 99\r\n\r\n",
    )
)


@given(
    st.lists(st.tuples(HEADERS, st.binary(max_size=30)), max_size=5),
    st.lists(st.integers(0, 200), max_size=8),
)
def test_messages_can_be_split_anywhere(messages: list[tuple[str, bytes]], cuts: list[int]) -> None:
    sent = b"".join(h.format(len(c)).encode() + c for h, c in messages)
    framing, found = Framing(), list[bytes]()
    places = sorted({0, len(sent), *(min(cut, len(sent)) for cut in cuts)})
    for start, end in pairwise(places):
        found += framing.take(sent[start:end])
    assert found == [content for _, content in messages]
    assert not framing.is_within


def test_a_started_message_is_awaited() -> None:
    framing = Framing()
    assert list(framing.take(b"Content-Le")) == []
    assert framing.is_within
    assert list(framing.take(b"ngth: 2\r\n\r\n{")) == []
    assert framing.is_within
    assert list(framing.take(b"}Content-Length: 1\r\n\r\nx")) == [b"{}", b"x"]
    assert not framing.is_within


@pytest.mark.parametrize("junk", [b"x" * 20_000, b"GET / HTTP/1.1\r\n" * 2_000])
def test_an_endless_message_is_abandoned(junk: bytes) -> None:
    with pytest.raises(ValueError, match="header"):
        list(Framing().take(junk))


def test_a_header_without_a_length_is_skipped() -> None:
    sent = b"Content-Length: many\r\n\r\nContent-Length: 2\r\n\r\n{}"
    assert list(Framing().take(sent)) == [b"{}"]


@pytest.mark.parametrize("length", ["-1", "many", "99999999999"])
def test_the_message_after_an_invalid_length_is_found(length: str) -> None:
    sent = f"Content-Length: {length}\r\n\r\n" + '{"id": 1}Content-Length: 2\r\n\r\n{}'
    sent += "Content-Length: 3\r\n\r\n[1]"
    assert list(Framing().take(sent.encode())) == [b"{}", b"[1]"]
