"""Requests of probes, to ports that the engine publishes for a copy on this machine."""

from __future__ import annotations

import socket
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException
from secrets import token_hex
from threading import Timer
from urllib.parse import urlencode

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence
    from typing import Any, Literal, TypeAlias

    Kind: TypeAlias = Literal["http", "tcp", "udp"]

_SECONDS, _LONGEST = 6.0, 15.0
"""How long each step of a request may take, and all of it."""

_MOST = 1 << 20


class Request(Record):
    """What is sent to a port, and what has to come back.

    Each part of ``send`` waits for the part of ``expect`` before it. Of HTTP there is one, the
    body; each text of ``expect`` has to be in the answer, whose status is ``status``, or any
    that is no error.
    """

    kind: Kind
    port: int
    send: Sequence[bytes] = ()
    expect: Sequence[bytes] = ()
    line: str = ""
    headers: Mapping[str, str] = {}
    status: int = 0

    @property
    def title(self) -> str:
        """Return a short name without what is sent, which may be a password."""
        return f"{self.kind.upper()} {self.line or 'request'}, port {self.port}"

    @property
    def name(self) -> str:
        """Return the port as the engine names it, as in `53/udp`."""
        return f"{self.port}/{'udp' if self.kind == 'udp' else 'tcp'}"


def place_of(about: Mapping[str, Any], name: str) -> tuple[str, int] | None:
    """Return where a container's port, such as `53/udp`, is published on this machine."""
    published: Mapping[str, Sequence[Mapping[str, str]]] = (
        about["NetworkSettings"].get("Ports") or {}
    )
    places = published.get(name) or ()
    return next((("127.0.0.1", int(one["HostPort"])) for one in places), None)


def fault(request: Request, place: tuple[str, int] | None) -> str:
    """Send a request; return what is wrong with the answer, as a clause, or nothing."""
    if place is None:
        return "the port is not published on this machine"
    try:
        with _linked(request, place) as link:
            return (_http if request.kind == "http" else _exchanged)(request, link)
    except TimeoutError:
        return "nothing answers in time"
    except (OSError, HTTPException):
        return "the connection breaks"


@contextmanager
def _linked(request: Request, place: tuple[str, int]) -> Generator[socket.socket]:
    """Connect; a program that answers without end is cut off."""
    kind = socket.SOCK_DGRAM if request.kind == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as link:
        link.settimeout(_SECONDS)
        link.connect(place)
        timer = Timer(_LONGEST, _cut, (link,))
        timer.daemon = True
        timer.start()
        try:
            yield link
        finally:
            timer.cancel()


def _cut(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)


def _http(request: Request, link: socket.socket) -> str:
    status, said = _replied(request, link)
    if status != request.status if request.status else status >= 400:
        return f"it says `HTTP {status}`"
    return _lacking(said, request.expect)


def _replied(request: Request, link: socket.socket) -> tuple[int, bytes]:
    method, _, path = request.line.partition(" ")
    client = HTTPConnection("localhost", request.port)
    client.sock = link
    client.request(method, path, b"".join(request.send) or None, {**request.headers})
    reply = client.getresponse()
    return reply.status, reply.read(_MOST)


def _exchanged(request: Request, link: socket.socket) -> str:
    said = b""
    for sent, wanted in zip(request.send, request.expect, strict=True):
        if sent:
            link.sendall(sent)
        while wanted not in said:
            part = link.recv(1 << 16)
            said += part
            if not part or len(said) > _MOST:
                return _lacking(said, (wanted,))
        said = said.partition(wanted)[2] if wanted else said
    return ""


def page(place: tuple[str, int], path: str) -> bytes:
    """Return what is at a path of a server, nothing if it has no such page."""
    request = Request("http", place[1], line=f"GET {path}")
    try:
        with _linked(request, place) as link:
            status, said = _replied(request, link)
            return said if status < 400 else b""
    except (OSError, HTTPException):
        return b""


def form_body(
    form: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]
) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a form, with the names and contents of files."""
    if not files:
        return {"Content-Type": "application/x-www-form-urlencoded"}, urlencode(form).encode()
    parts = [(f'name="{_quoted(name)}"', text.encode()) for name, text in form.items()]
    for name, (shown, content) in files.items():
        parts.append((f'name="{_quoted(name)}"; filename="{_quoted(shown)}"', content))
    mark = token_hex(16)
    lines = [
        f"--{mark}\r\nContent-Disposition: form-data; {about}\r\n\r\n".encode() + content
        for about, content in parts
    ]
    body = b"\r\n".join((*lines, f"--{mark}--\r\n".encode()))
    return {"Content-Type": f"multipart/form-data; boundary={mark}"}, body


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\n", "%0A").replace("\r", "%0D")


def _lacking(said: bytes, expected: Sequence[bytes]) -> str:
    for one in expected:
        if one not in said:
            shown = "".join(sign if sign.isprintable() else "…" for sign in one.decode("latin-1"))
            return f"the answer lacks `{shown[:60]}`"
    return ""
