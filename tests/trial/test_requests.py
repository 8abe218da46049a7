"""Requests of probes, against small servers: what is sent, and which answers are faults."""

from __future__ import annotations

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING

import pytest

from tightship_annexes.trial import requests
from tightship_annexes.trial.requests import Request, fault, place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = "127.0.0.1"


class Handler(BaseHTTPRequestHandler):
    """Answers with what it was asked."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(404 if self.path == "/none" else 201)
        self.end_headers()
        self.wfile.write(b"%s %s %s" % (self.headers["Host"].encode(), self.path.encode(), body))

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def web() -> Iterator[int]:
    with HTTPServer((HERE, 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port
        server.shutdown()


@pytest.fixture
def mail() -> Iterator[int]:
    """Serve one client as a mail server does: it speaks first."""
    with socket.create_server((HERE, 0)) as server:

        def serve() -> None:
            link, _ = server.accept()
            with link:
                link.sendall(b"220 here\r\n")
                while said := link.recv(100):
                    link.sendall(b"250 ok\r\n" if said.startswith(b"HELO") else b"500 what?\r\n")

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def post(path: str, status: int = 0, *expect: bytes) -> Request:
    return Request("http", 80, (b"a=1",), expect, f"POST {path}", status=status)


@pytest.mark.parametrize(
    ("request_", "wrong"),
    [
        (post("/up", 0, b"localhost /up a=1"), ""),
        (post("/up", 201), ""),
        (post("/up", 200), "it says `HTTP 201`"),
        (post("/none"), "it says `HTTP 404`"),
        (post("/none", 404), ""),
        (post("/up", 0, b"saved\x00"), "the answer lacks `saved…`"),
    ],
)
def test_a_request_of_http(web: int, request_: Request, wrong: str) -> None:
    assert fault(request_, (HERE, web)) == wrong


@pytest.mark.parametrize(("last", "wrong"), [(b"250 ", ""), (b"221 ", "the answer lacks `221 `")])
def test_turns_of_tcp(mail: int, last: bytes, wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_LONGEST", 0.3)
    request = Request("tcp", 25, (b"", b"HELO me\r\n"), (b"220 ", last))
    assert fault(request, (HERE, mail)) == wrong


def test_a_datagram_is_answered_or_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests, "_SECONDS", 0.3)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((HERE, 0))

        def serve() -> None:
            said, client = server.recvfrom(100)
            server.sendto(said.upper(), client)

        threading.Thread(target=serve, daemon=True).start()
        place = (HERE, server.getsockname()[1])
        request = Request("udp", 53, (b"a\xff",), (b"A\xff",))
        assert fault(request, place) == ""
        assert fault(request, place) == "nothing answers in time"


def test_a_port_that_nobody_has() -> None:
    with socket.create_server((HERE, 0)) as server:
        port = server.getsockname()[1]
    request = Request("tcp", 1, (b"",), (b"x",))
    assert fault(request, (HERE, port)) == "the connection breaks"
    assert fault(request, None) == "the port is not published on this machine"


def test_a_title_shows_nothing_of_what_is_sent() -> None:
    assert post("/login").title == "HTTP POST /login, port 80"
    assert Request("tcp", 6379, (b"AUTH secret",), (b"+OK",)).title == "TCP request, port 6379"


def test_the_place_of_a_port() -> None:
    about = {"NetworkSettings": {"Ports": {"53/udp": [{"HostPort": "4000"}], "53/tcp": None}}}
    assert place_of(about, "53/udp") == (HERE, 4000)
    assert place_of(about, "53/tcp") is None
