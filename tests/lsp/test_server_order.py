"""Clients that do what they should not: nothing of it ends or silences the server."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from typing import IO, TYPE_CHECKING, Any

import pytest

from tightship_lsp.uri import uri_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEB = "services:\n  web:\n    image: a:1\n    privileged: true\n"


class Wire:
    """A client that writes what it is told to, right or wrong."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with (folder / "stderr").open("wb") as errors:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tightship", "lsp", "--stdio"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                cwd=folder,
            )
        self.id = 0
        self.passed: list[dict[str, Any]] = []

    def pipe(self, which: str) -> IO[bytes]:
        found: IO[bytes] | None = getattr(self.process, which)
        assert found is not None
        return found

    def raw(self, body: bytes) -> None:
        self.pipe("stdin").write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.pipe("stdin").flush()

    def notify(self, method: str, params: object = None) -> None:
        self.raw(json.dumps(_message(method, params)).encode())

    def send(self, method: str, params: object = None) -> int:
        self.id += 1
        self.raw(json.dumps(_message(method, params) | {"id": self.id}).encode())
        return self.id

    def ask(self, method: str, params: object = None) -> dict[str, Any]:
        return self.answer(self.send(method, params))

    def answer(self, id_: object) -> dict[str, Any]:
        while True:
            message = self.read()
            if message.get("id") == id_ and "method" not in message:
                return message
            self.passed.append(message)

    def read(self) -> dict[str, Any]:
        """Read a message; whatever else the server printed would fail here."""
        length = 0
        while line := self.pipe("stdout").readline().strip():
            name, _, value = line.partition(b": ")
            assert name in (b"Content-Length", b"Content-Type"), line
            length = int(value) if name == b"Content-Length" else length
        body = self.pipe("stdout").read(length)
        assert body, "the server has gone"
        found: dict[str, Any] = json.loads(body)
        assert isinstance(found, dict)
        return found

    def initialize(self, **more: object) -> dict[str, Any]:
        params: dict[str, object] = {
            "processId": None,
            "rootUri": uri_of(str(self.folder)),
            "capabilities": {
                "textDocument": {"diagnostic": {}},
                "workspace": {"diagnostics": {"refreshSupport": True}},
            },
            "initializationOptions": {"debounce": 0},
        }
        answer = self.ask("initialize", params | more)
        self.notify("initialized", {})
        return answer

    def open(self, name: str, text: str, language: str = "dockercompose") -> str:
        uri = name if ":" in name else uri_of(str(self.folder / name))
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def rules(self, uri: str) -> list[str]:
        answer = self.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
        return [item["code"] for item in answer["result"]["items"]]

    def leave(self) -> int:
        assert self.ask("shutdown")["result"] is None
        self.notify("exit")
        return self.process.wait(20)


def _message(method: str, params: object) -> dict[str, object]:
    message: dict[str, object] = {"jsonrpc": "2.0", "method": method}
    return message if params is None else message | {"params": params}


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    wire = Wire(tmp_path)
    yield wire
    wire.process.kill()
    wire.process.wait()
    for pipe in (wire.process.stdin, wire.process.stdout):
        if pipe is not None and not pipe.closed:
            pipe.close()


def test_requests_out_of_order_are_rejected_and_the_session_continues(wire: Wire) -> None:
    uri = "file:///a/compose.yaml"
    early = wire.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert early["error"]["code"] == -32002
    wire.open("compose.yaml", WEB)  # a notification, which is dropped
    assert wire.initialize()["result"]["serverInfo"]["name"] == "tightship"
    again = wire.ask("initialize", {"processId": None, "capabilities": {}})
    assert again["error"]["code"] == -32600
    unknown = wire.ask("tightship/noSuchThing", {})
    assert unknown["error"]["code"] == -32601
    opened = wire.open("compose.yaml", WEB)
    assert "privileged-container" in wire.rules(opened)
    assert wire.ask("shutdown")["result"] is None
    late = wire.ask("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    assert late["error"]["code"] == -32600
    wire.notify("exit")
    assert wire.process.wait(20) == 0


def test_broken_messages_are_answered_or_skipped(wire: Wire) -> None:
    wire.initialize()
    for body in (
        b"{",
        b"[]",
        b"null",
        b"{}",
        b'{"jsonrpc": "2.0"}',
        b'{"jsonrpc": "1.0", "method": "exit"}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"a": 1}}',
        b'{"jsonrpc": "2.0", "method": "textDocument/didChange"}',
        b'{"jsonrpc": "2.0", "id": 99, "result": null}',
        b'{"jsonrpc": "2.0", "id": 98, "error": {"code": 1, "message": "x"}}',
        b"\xff\xfe",
    ):
        wire.raw(body)
    wire.raw(
        b'{"jsonrpc": "2.0", "id": "bad", "method": "textDocument/diagnostic",'
        b' "params": {"textDocument": 3}}'
    )
    assert wire.answer("bad")["error"]["code"] == -32602
    assert "privileged-container" in wire.rules(wire.open("compose.yaml", WEB))
    assert wire.leave() == 0


def test_unopened_and_virtual_documents_are_harmless(wire: Wire) -> None:
    wire.initialize()
    for uri in ("", "nonsense", "file:///gone/compose.yaml", "untitled:1", "\ud800"):
        identifier = {"uri": uri, "version": 3}
        change = {"textDocument": identifier, "contentChanges": [{"text": WEB}]}
        wire.notify("textDocument/didChange", change)
        wire.notify("textDocument/didSave", {"textDocument": {"uri": uri}})
        wire.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        assert wire.rules(uri) == []
    for uri in ("untitled:1", "nonsense:", "file:///gone/compose.yaml", "a:\ud800"):
        assert "privileged-container" in wire.rules(wire.open(uri, WEB))
    assert wire.leave() == 0


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0",
        "\ufeff" + WEB,
        "services: \ud800",
        "a: " + "[" * 20_000,
        "&a [" + "*a," * 20_000,
        "\u2028\x85\x0c: {",
        "services:\n" + "  x: {image: a}\r" * 300,
        "x" * 11_000_000,
    ],
    ids=["empty", "nul", "mark", "half", "deep", "alias", "lines", "cr", "huge"],
)
@pytest.mark.parametrize("language", ["dockercompose", "dockerfile"])
def test_no_document_ends_the_session(wire: Wire, text: str, language: str) -> None:
    wire.initialize()
    uri = wire.open("compose.yaml", text, language)
    wire.rules(uri)
    change = {
        "range": {
            "start": {"line": 0, "character": 0},
            "end": {"line": 2**31 - 1, "character": 2**31 - 1},
        },
        "text": WEB if language == "dockercompose" else "FROM a:1\nEXPOSE 80\nUSER root\n",
    }
    identifier = {"uri": uri, "version": 2}
    wire.notify("textDocument/didChange", {"textDocument": identifier, "contentChanges": [change]})
    found = wire.rules(uri)
    assert "privileged-container" in found or "image-runs-as-root" in found
    assert wire.leave() == 0


def test_changes_are_followed_while_a_large_document_is_judged(wire: Wire) -> None:
    """What the client says is taken in at once: the answers show in which order."""
    wire.initialize()
    many = "".join(f"  s{n}: {{image: 'a:1', privileged: true}}\n" for n in range(6_000))
    slow = wire.send(
        "textDocument/diagnostic",
        {"textDocument": {"uri": wire.open("big/compose.yaml", f"services:\n{many}")}},
    )
    time.sleep(0.1)
    # The thread that talks has to answer this, and to follow the edits before.
    uri = wire.open("compose.yaml", WEB)
    for version in range(2, 30):
        wire.notify(
            "textDocument/didChange",
            {
                "textDocument": {"uri": uri, "version": version},
                "contentChanges": [{"text": WEB * version}],
            },
        )
    assert wire.ask("no/such/request", {})["error"]["code"] == -32601
    assert not any(message.get("id") == slow for message in wire.passed)
    wire.answer(slow)
    assert wire.leave() == 0


def test_a_late_cancellation_is_ignored(wire: Wire) -> None:
    wire.initialize()
    uri = wire.open("compose.yaml", WEB)
    for name in ("compose.yaml", "gone.yaml"):
        id_ = wire.send(
            "textDocument/hover",
            {
                "textDocument": {"uri": uri.replace("compose.yaml", name)},
                "position": {"line": 1, "character": 3},
            },
        )
        wire.answer(id_)
        wire.notify("$/cancelRequest", {"id": id_})
    wire.notify("$/cancelRequest", {"id": "never"})
    assert "privileged-container" in wire.rules(uri)
    assert wire.leave() == 0
    assert (wire.folder / "stderr").read_text(encoding="utf-8") == ""
    said = [one for one in wire.passed if one.get("method") == "window/logMessage"]
    assert said == []


@pytest.mark.parametrize("begun", [True, False])
def test_an_exit_without_shutdown_sets_the_exit_code(wire: Wire, begun: bool) -> None:
    if begun:
        wire.initialize()
    wire.notify("exit")
    assert wire.process.wait(20) == 1


def test_the_server_ends_when_its_client_is_gone(wire: Wire) -> None:
    wire.initialize()
    wire.open("compose.yaml", WEB)
    wire.pipe("stdin").close()
    assert wire.process.wait(20) == 1


def test_the_server_ends_when_its_client_goes_during_work(wire: Wire) -> None:
    wire.initialize()
    many = "".join(f"  s{n}: {{image: 'a:1', privileged: true}}\n" for n in range(20_000))
    uri = wire.open("compose.yaml", f"services:\n{many}")
    wire.send("textDocument/diagnostic", {"textDocument": {"uri": uri}})
    time.sleep(0.3)
    before = time.monotonic()
    wire.pipe("stdin").close()
    assert wire.process.wait(20) == 1
    assert time.monotonic() - before < 5


def test_the_server_ends_when_its_client_stops_reading(wire: Wire) -> None:
    wire.initialize()
    wire.pipe("stdout").close()
    wire.send("textDocument/hover", {})
    wire.send("no/such/request", {})
    assert wire.process.wait(20) == 1


@pytest.mark.parametrize(
    "uri",
    [
        "vscode-notebook-cell:/a/b.ipynb#W0",
        "untitled:C:\\a\\compose.yaml",
        "file:///c%3A/Users/a/compose.yaml",
        "file:///C:/Users/a/compose.yaml",
        "file://server/share/compose.yaml",
        "FILE:///a/%63ompose.yaml",
        "file:///a/%FFcompose.yaml?q#f",
    ],
)
def test_documents_with_any_uri_are_judged(wire: Wire, uri: str) -> None:
    wire.initialize()
    assert "privileged-container" in wire.rules(wire.open(uri, WEB))
    for version, text in ((5, "services: {}\n"), (2, WEB)):  # which goes back
        change = {"uri": uri, "version": version}
        wire.notify(
            "textDocument/didChange", {"textDocument": change, "contentChanges": [{"text": text}]}
        )
        assert ("privileged-container" in wire.rules(uri)) == (text == WEB)
    # The same document in another language.
    wire.open(uri, "FROM a:1\nEXPOSE 80\nUSER root\n", "dockerfile")
    assert "image-runs-as-root" in wire.rules(uri)
    assert wire.leave() == 0


def test_one_file_under_two_uris_is_one_file(wire: Wire) -> None:
    (wire.folder / "link").symlink_to(wire.folder, target_is_directory=True)
    wire.initialize()
    one = wire.open("compose.yaml", WEB)
    two = wire.open("link/compose.yaml", WEB)
    assert wire.rules(one) == wire.rules(two)
    wire.notify("textDocument/didClose", {"textDocument": {"uri": two}})
    assert "privileged-container" in wire.rules(one)
    assert wire.leave() == 0


def test_an_outdated_request_is_not_answered(wire: Wire) -> None:
    wire.initialize()
    many = "".join(f"  s{n}: {{image: 'a:1', pid: host}}\n" for n in range(3_000))
    uri = wire.open("compose.yaml", f"services:\n{many}")
    document = {"textDocument": {"uri": uri}}
    place = {"line": 1, "character": 3}
    asked = wire.send("textDocument/hover", {**document, "position": place})
    change = {"textDocument": {"uri": uri, "version": 2}}
    wire.notify("textDocument/didChange", {**change, "contentChanges": [{"text": WEB}]})
    assert wire.answer(asked)["error"]["code"] == -32801
    again = wire.ask("textDocument/hover", {**document, "position": place})
    assert again["result"]["contents"]
    assert not [m for m in wire.passed if m.get("method") == "window/logMessage"]
    assert wire.leave() == 0


@pytest.mark.parametrize("answer", [{"result": None}, {"error": {}}, None])
def test_a_client_without_configuration_support_works(
    wire: Wire, answer: dict[str, object] | None
) -> None:
    wire.initialize(capabilities={"workspace": {"configuration": True}})
    while (asked := wire.read()).get("method") != "workspace/configuration":
        pass
    if answer is not None:
        if "error" in answer:
            answer = {"error": {"code": -32603, "message": "no"}}
        wire.raw(json.dumps({"jsonrpc": "2.0", "id": asked["id"]} | answer).encode())
    uri = wire.open("compose.yaml", WEB)
    while (told := wire.read()).get("method") != "textDocument/publishDiagnostics":
        pass
    assert told["params"]["uri"] == uri
    assert told["params"]["diagnostics"]
    assert wire.leave() == 0
