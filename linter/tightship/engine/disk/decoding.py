"""Decodes the bytes of a file as Compose or BuildKit does."""

from __future__ import annotations

from tightship.lazy import regex

_SAVE = "save it as UTF-8"

# The longer mark first: that of UTF-32 begins with that of UTF-16.
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

# The first four bytes of ASCII text, with 1 for each byte that is not NUL.
_UNMARKED = {
    b"\1\0\1\0": "UTF-16",
    b"\0\1\0\1": "UTF-16",
    b"\1\0\0\0": "UTF-32",
    b"\0\0\0\1": "UTF-32",
}

_LOST = regex(r"[\udc80-\udcff]")  # what surrogateescape makes of a byte
_MOST_LOST = 10_000


class UndecodedError(Exception):
    """Bytes are not text; the message continues a sentence that begins with the name."""


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text of a file with its byte order mark, and the codec.

    Compose decodes UTF-8, and UTF-16 with a byte order mark.

    Raises:
        UndecodedError: if the bytes are neither.

    """
    codec = _codec(data)
    if codec == "UTF-32":
        raise UndecodedError(f"is UTF-32, which Compose does not read: {_SAVE}")
    try:
        text = data.decode(codec)
    except UnicodeDecodeError as error:
        at = error.start
        if codec == "utf-8":
            line = data.count(b"\n", 0, at) + 1
            what = f"is not UTF-8: byte 0x{data[at]:02X} at offset {at}, line {line}"
        else:
            what = f"is broken UTF-16 at byte offset {at}"
        raise UndecodedError(f"{what}; {_SAVE}") from None
    if codec != "utf-8" and "\0" in text:
        raise UndecodedError(binary(2 * text.index("\0")))
    return text, codec


def decoded_for_buildkit(data: bytes) -> tuple[str, tuple[int, ...]]:
    """Return the text of a Dockerfile with its byte order mark, and the invalid offsets.

    BuildKit reads UTF-8 alone, but accepts invalid bytes: each becomes U+FFFD here
    (verified with BuildKit 0.25.2).

    Raises:
        UndecodedError: if BuildKit would find no instruction, or too much is invalid.

    """
    codec = _codec(data)
    if codec != "utf-8":
        family = codec[:6].upper()
        raise UndecodedError(f"is {family}, which BuildKit does not read: {_SAVE}")
    text = data.decode(codec, "surrogateescape")
    lost = tuple(match.start() for match in _LOST.finditer(text))
    if len(lost) > _MOST_LOST:
        raise UndecodedError(f"has {len(lost):,} bytes that are not UTF-8; {_SAVE}")
    return _LOST.sub("\ufffd", text), lost


def binary(offset: int) -> str:
    """Return the message about a NUL."""
    return f"is not text: it has a NUL at byte offset {offset}"


def _codec(data: bytes) -> str:
    codec = next((codec for mark, codec in _MARKS if data.startswith(mark)), "utf-8")
    if codec == "utf-8" and b"\0" in data:
        family = _UNMARKED.get(bytes(map(bool, data[:4])))
        if family is None:
            raise UndecodedError(binary(data.index(b"\0")))
        raise UndecodedError(f"looks like {family} without a byte order mark: {_SAVE}")
    return codec
