"""What a TCP port says: the status of HTTP, or its first words, without numbers."""

from __future__ import annotations

import socket

from tightship.lazy import regex

_REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\nConnection: close\r\n\r\n"
_WORDS = regex(rb"[ -~]{4,}")
_STATUS = regex(rb"HTTP/\d[.\d]* (\d{3})")
_NUMBERS = regex(r"\d+")
_CONNECT_SECONDS = 0.5
_FIRST_SECONDS = 0.4
_ANSWER_SECONDS = 1.5

OPEN = "it takes connections"
"""The answer of a port that says nothing to a request of HTTP."""


def answer(host: str, port: int, known: str = "", seconds: float = _ANSWER_SECONDS) -> str | None:
    """Return what a port says, ``None`` if it takes no connection.

    Args:
        host: an address.
        port: a port.
        known: what it said before: a server that waits for a request is asked at once.
        seconds: how long it has to answer.

    """
    try:
        with socket.create_connection((host, port), _CONNECT_SECONDS) as server:
            waits = known == OPEN or known.startswith("HTTP")
            said = b"" if waits else _received(server, _FIRST_SECONDS)
            if not said:
                server.sendall(_REQUEST)
                # One that said nothing before need not say more now.
                said = _received(server, _FIRST_SECONDS if known == OPEN else seconds)
    except ConnectionResetError:
        return OPEN
    except OSError:
        return None
    return _normal(said)


def _received(server: socket.socket, seconds: float) -> bytes:
    server.settimeout(seconds)
    try:
        return server.recv(512)
    except TimeoutError:
        return b""


def _normal(said: bytes) -> str:
    status = _STATUS.match(said)
    if status:
        return f"HTTP {status[1].decode()}"
    words = _WORDS.search(said)
    return _NUMBERS.sub("", words[0].decode())[:60].strip() if words else OPEN
