"""A client that breaks the protocol gets an error, and the server goes on."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attack.conftest import Extent, Figure

PATIENCE = 60.0
PARSE, REQUEST, METHOD, PARAMS = -32700, -32600, -32601, -32602
UNINITIALIZED, CANCELLED = -32002, -32800
FILE = {"uri": "file:///project/compose.yaml"}
TEXT = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"
PLACE = {"line": 2, "character": 5}
OPEN = {**FILE, "languageId": "dockercompose", "version": 1, "text": TEXT}


class Server:
    """A server at the other end of two pipes, to which any bytes can be sent."""

    def __init__(self, folder: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tightship", "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=folder,
        )
        self.logged: list[str] = []
        self._number = 0
        self._answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def raw(self, data: bytes) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def content(self, content: bytes) -> None:
        self.raw(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))

    def send(self, message: object) -> None:
        self.content(json.dumps(message).encode())

    def notify(self, method: str, params: object) -> None:
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    def ask(self, method: str, params: object) -> dict[str, Any]:
        """Send a request, and return the answer to it."""
        self._number += 1
        number = self._number
        self.send({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        while (answer := self.answer())["id"] != number:
            pass
        return answer

    def answer(self) -> dict[str, Any]:
        """Return the next answer of the server."""
        return self._answers.get(timeout=PATIENCE)

    def error(self) -> tuple[Any, int]:
        """Return to what the next answer is, and the code of its error."""
        answer = self.answer()
        return answer["id"], answer["error"]["code"]

    def initialize(self, **more: object) -> None:
        params: dict[str, object] = {"processId": None, "rootUri": None}
        params |= {"capabilities": {}, **more}
        assert "result" in self.ask("initialize", params)
        self.notify("initialized", {})
        self.notify("textDocument/didOpen", {"textDocument": OPEN})
        self.check_alive()

    def check_alive(self) -> None:
        """Check that a sensible request has its answer."""
        hover = self.ask("textDocument/hover", {"textDocument": FILE, "position": PLACE})
        assert "error" not in hover, hover

    def end(self) -> tuple[int, str]:
        """End the session, and return the exit code and the standard error."""
        self.ask("shutdown", None)
        self.notify("exit", None)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        return self.process.wait(PATIENCE), self.process.stderr.read().decode()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        while True:
            length = 0
            while line := self.process.stdout.readline().strip():
                if line.startswith(b"Content-Length: "):
                    length = int(line[16:])
            if not length:
                return
            message = json.loads(self.process.stdout.read(length))
            if message.get("method") == "window/logMessage":
                self.logged.append(message["params"]["message"])
            elif "method" in message and "id" in message:
                self.send({"jsonrpc": "2.0", "id": message["id"], "result": None})
            elif "method" not in message:
                self._answers.put(message)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    started = Server(tmp_path)
    yield started
    started.kill()


def request(method: object, params: object = None, number: object = 77) -> bytes:
    message = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
    return json.dumps(message).encode()


MALFORMED: dict[str, tuple[bytes, Any, int]] = {
    "no JSON": (b"{nonsense", None, PARSE),
    "empty": (b"", None, PARSE),
    "cut off": (request("textDocument/hover")[:-2], None, PARSE),
    "not UTF-8": (b'{"jsonrpc": "2.0", "id": 1, "method": "\xff\xfe"}', None, PARSE),
    "nested": (b"[" * 100_000, None, PARSE),
    "nested objects": (b'{"a":' * 100_000, None, PARSE),
    "array": (b"[]", None, REQUEST),
    "batch": (b"[" + request("shutdown") + b"]", None, REQUEST),
    "number": (b"1", None, REQUEST),
    "text": (b'"a"', None, REQUEST),
    "null": (b"null", None, REQUEST),
    "no version": (b'{"id": 77, "method": "shutdown"}', 77, REQUEST),
    "nothing": (b"{}", None, REQUEST),
    "number for method": (request(1), 77, REQUEST),
    "list for method": (request(["shutdown"]), 77, REQUEST),
    "unknown method": (request("textDocument/unknown", {}), 77, METHOD),
    "unknown optional method": (request("$/unknown", {}), 77, METHOD),
    "list for params": (request("textDocument/hover", [1]), 77, PARAMS),
    "text for params": (request("textDocument/hover", "a"), 77, PARAMS),
    "no params": (request("textDocument/hover"), 77, PARAMS),
    "text for position": (
        request("textDocument/hover", {"textDocument": FILE, "position": "a"}),
        77,
        PARAMS,
    ),
    "text for line": (
        request(
            "textDocument/hover", {"textDocument": FILE, "position": {"line": "x", "character": 1}}
        ),
        77,
        PARAMS,
    ),
    "number for document": (request("textDocument/codeLens", {"textDocument": 1}), 77, PARAMS),
    "unknown command": (request("workspace/executeCommand", {"command": "x"}), 77, PARAMS),
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    started = Server(tmp_path_factory.mktemp("messages"))
    started.initialize()
    yield started
    code, error = started.end()
    started.kill()
    assert code == 0
    assert error == ""


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_message_gets_an_error(name: str, shared: Server) -> None:
    content, number, code = MALFORMED[name]
    before = len(shared.logged)
    shared.content(content)
    assert shared.error() == (number, code)
    shared.check_alive()
    new = shared.logged[before:]
    assert len(new) <= 1
    assert all("\n" not in line and len(line) < 500 for line in new), new


NOTIFICATIONS: dict[str, object] = {
    "textDocument/didChange": {
        "textDocument": {"uri": "file:///not/open.yaml", "version": 2},
        "contentChanges": [{"text": "a"}],
    },
    "textDocument/didClose": {"textDocument": {"uri": "file:///not/open.yaml"}},
    "textDocument/didSave": {"textDocument": {"uri": "not a URI"}},
    "textDocument/didOpen": {"textDocument": {**OPEN, "uri": "a:\0\ud800"}},
    "workspace/didChangeWatchedFiles": {"changes": [{"uri": "", "type": 1}]},
    "workspace/didChangeConfiguration": {"settings": [1, "a", None]},
    "workspace/didChangeWorkspaceFolders": {
        "event": {"added": [{"uri": "x", "name": ""}], "removed": []}
    },
    "$/cancelRequest": {"id": 12_345},
    "$/setTrace": {"value": "loud"},
    "$/unknown": {"a": 1},
    "textDocument/unknown": {},
    "textDocument/didChange ": None,
    "initialized": "a",
}


@pytest.mark.parametrize("method", NOTIFICATIONS)
def test_a_bad_notification_is_one_line_in_the_log_at_most(method: str, shared: Server) -> None:
    before = len(shared.logged)
    shared.notify(method, NOTIFICATIONS[method])
    shared.check_alive()
    new = shared.logged[before:]
    assert len(new) <= 1
    assert all("\n" not in line and len(line) < 500 for line in new), new


@pytest.mark.parametrize("line", [-1, 2**31, 2**80, 1.5])
@pytest.mark.parametrize(
    "method", ["textDocument/hover", "textDocument/codeAction", "textDocument/didChange"]
)
def test_a_position_that_no_text_has_ends_nothing(method: str, line: float, shared: Server) -> None:
    place = {"line": line, "character": line}
    params: dict[str, object] = {"textDocument": FILE, "position": place}
    if method == "textDocument/codeAction":
        both = {"range": {"start": place, "end": place}}
        params = {"textDocument": FILE, **both, "context": {"diagnostics": []}}
    if method != "textDocument/didChange":
        answer = shared.ask(method, params)
        assert answer.get("error", {"code": PARAMS})["code"] == PARAMS, answer
        return
    change = {"range": {"start": place, "end": place}, "text": "#"}
    identifier = {**FILE, "version": 2}
    shared.notify(method, {"textDocument": identifier, "contentChanges": [change]})
    whole = [{"text": TEXT}]
    shared.notify(method, {"textDocument": identifier, "contentChanges": whole})
    shared.check_alive()


def test_a_request_before_initialize_is_rejected(server: Server) -> None:
    server.content(request("textDocument/hover", {"textDocument": FILE}))
    assert server.error() == (77, UNINITIALIZED)
    server.notify("textDocument/didOpen", {"textDocument": OPEN})
    server.content(b"{nonsense")
    assert server.error() == (None, PARSE)
    server.initialize()
    answer = server.ask("initialize", {"processId": None, "capabilities": {}})
    assert answer["error"]["code"] == REQUEST
    assert server.ask("shutdown", None)["result"] is None
    answer = server.ask("textDocument/hover", {"textDocument": FILE})
    assert answer["error"]["code"] == REQUEST
    server.notify("exit", None)
    assert server.process.wait(PATIENCE) == 0


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Length: many\r\n\r\n",
        b"Content-Length: -1\r\n\r\n",
        b"Content-Type: x\r\n\r\n",
        b"Content-Length:\r\n\r\n",
        b"\r\n\r\n\r\n",
        b"Content-Length: 3\r\n\r\nabc",
    ],
)
def test_a_header_without_a_length_is_skipped(header: bytes, shared: Server) -> None:
    shared.raw(header)
    if header.endswith(b"abc"):
        assert shared.error() == (None, PARSE)
    shared.check_alive()


@pytest.mark.parametrize("junk", [b"GET / HTTP/1.1\r\n" * 2_000, b"\x00" * 20_000])
def test_invalid_framing_ends_the_session(junk: bytes, server: Server) -> None:
    server.initialize()
    server.raw(junk)
    assert server.process.wait(PATIENCE) == 1
    assert server.process.stderr is not None
    assert "Traceback" not in server.process.stderr.read().decode()


def test_a_message_may_be_cancelled_at_any_time(server: Server) -> None:
    server.initialize()
    params = {"textDocument": FILE, "position": PLACE}
    for number in range(1_000, 1_100):
        server.content(request("textDocument/hover", params, number))
        server.notify("$/cancelRequest", {"id": number})
    answers = [server.answer() for _ in range(100)]
    assert {one["id"] for one in answers} == set(range(1_000, 1_100))
    codes = {one["error"]["code"] for one in answers if "error" in one}
    assert codes <= {CANCELLED}
    server.check_alive()
    assert server.end() == (0, "")


def test_random_messages_end_nothing(
    server: Server, extent: Extent, chance: random.Random, figure: Figure
) -> None:
    """Take messages apart at random: a byte changed, a value of another type."""
    server.initialize()
    samples = [content for content, _, _ in MALFORMED.values() if len(content) < 1_000]
    samples += [request(method, params) for method, params in NOTIFICATIONS.items()]
    others: list[object] = [None, 1, -1, 2**70, "", "a", [], {}, True, 1.5, [[]]]
    number = extent.times(10_000, 100)
    for _ in range(number):
        content = bytearray(chance.choice(samples))
        if chance.random() < 0.5 or b"shutdown" in content:
            for _ in range(chance.randint(1, 3) * bool(content)):
                content[chance.randrange(len(content))] = chance.randrange(256)
        else:
            try:
                message = json.loads(content)
            except ValueError:
                continue
            if isinstance(message, dict) and message:
                replaced(cast("dict[str, Any]", message), others, chance)
            content = bytearray(json.dumps(message).encode())
        if b"shutdown" not in content and b"exit" not in content:
            server.content(bytes(content))
    server.check_alive()
    assert [line for line in server.logged if "\n" in line] == []
    figure(f"{number:,} messages, {len(server.logged):,} lines in the log")
    assert server.end() == (0, "")


def replaced(message: dict[str, Any], others: list[object], chance: random.Random) -> None:
    """Put a value of another type somewhere into a message."""
    place: dict[Any, Any] = message
    while True:
        key = chance.choice(list(place))
        if not isinstance(place[key], dict) or not place[key] or chance.random() < 0.3:
            place[key] = chance.choice(others)
            return
        place = place[key]


# -- a client that is gone


@pytest.mark.full_attack  # the server looks for its client every ten seconds
@pytest.mark.skipif(os.name != "posix", reason="Windows cannot ask without a handle")
def test_the_server_ends_with_its_client_even_if_the_pipes_stay_open(
    tmp_path: Path, figure: Figure
) -> None:
    server = Server(tmp_path)
    try:
        with subprocess.Popen(["sleep", "60"]) as client:
            server.initialize(processId=client.pid)
            client.send_signal(signal.SIGKILL)
            client.wait()
        start = time.monotonic()
        code = server.process.wait(30)
        figure(f"exit {code}, {time.monotonic() - start:.1f} s after its client")
        assert code == 1
        assert server.process.stderr is not None
        assert server.process.stderr.read() == b""
    finally:
        server.kill()


def test_the_server_ends_with_its_pipe(server: Server) -> None:
    server.initialize()
    assert server.process.stdin is not None
    server.process.stdin.close()
    assert server.process.wait(PATIENCE) == 1
