"""How long who types has to wait while the language server has other work to do.

- hover, fix all: from the question to its answer while all that is safe is fixed in a
  Compose file of 2,000 lines, which takes as long as the line says
- change, scan: from an edit to the diagnostics of its version while the whole workspace
  is checked, whose files are those of a folder that is given
- burst: from the last of ten edits of such a file, sent without a pause, to its
  diagnostics

Times are wall clock in ms; the median and the longest of what was measured.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.bench.client import Client

_SERVICE = """\
  s{n}:
    image: registry.example.org/team/service:1.{n}
    ports:
      - 127.0.0.1:{port}:80
    environment:
      LEVEL: info
    read_only: true
    volumes: [/etc/localtime:/etc/localtime]
    user: "1000"
    restart: unless-stopped
"""
_SERVICES = 200
_PATIENCE = 60.0
_STILL = 0.3  # seconds between two edits or questions, so that they do not pile up
_MOST = 20  # edits or questions while one thing goes on


class Editor:
    """A client that notes when it hears of something."""

    def __init__(self, folder: Path) -> None:
        """Start a server for a folder, and wait until it is warm."""
        self._folder = folder
        self._client = Client(str(folder), stderr=subprocess.DEVNULL)
        self._news = threading.Condition()
        self._answers: dict[int, tuple[float, Any]] = {}
        self._versions: dict[tuple[str, int], float] = {}
        self._number = 0
        threading.Thread(target=self._listen, daemon=True).start()
        self.wait(self.ask("initialize", self._initialize()))
        self._client.send("initialized", {})
        time.sleep(1)

    def _initialize(self) -> dict[str, object]:
        resolved = {"properties": ["edit"]}
        kinds = {"codeActionKind": {"valueSet": ["quickfix", "source.fixAll"]}}
        action = {
            "codeActionLiteralSupport": kinds,
            "dataSupport": True,
            "resolveSupport": resolved,
        }
        return {
            "processId": None,
            "rootUri": self._folder.as_uri(),
            "capabilities": {"textDocument": {"codeAction": action}},
            "initializationOptions": {"debounce": 0},
        }

    def open(self, name: str, text: str) -> str:
        """Open a document, and wait for its diagnostics."""
        uri = (self._folder / name).as_uri()
        item = {"uri": uri, "languageId": "dockercompose", "version": 1, "text": text}
        self._client.send("textDocument/didOpen", {"textDocument": item})
        self.shown(uri, 1)
        return uri

    def edit(self, uri: str, version: int) -> float:
        """Add a comment in the second line; return when."""
        place = {"line": 1, "character": 0}
        change = {"range": {"start": place, "end": place}, "text": "# more\n"}
        document = {"uri": uri, "version": version}
        now = time.perf_counter()
        self._client.send(
            "textDocument/didChange", {"textDocument": document, "contentChanges": [change]}
        )
        return now

    def ask(self, method: str, params: object) -> int:
        """Ask something; return the number of the question."""
        self._number += 1
        self._client.send(method, params, id=self._number)
        return self._number

    def wait(self, number: int) -> tuple[float, Any]:
        """Wait for an answer; return when it came, and what it is."""
        with self._news:
            if not self._news.wait_for(lambda: number in self._answers, _PATIENCE):
                raise SystemExit("the server does not answer")
            return self._answers[number]

    def is_answered(self, number: int) -> bool:
        """Tell whether there is an answer by now."""
        return number in self._answers

    def shown(self, uri: str, version: int) -> float:
        """Return when the diagnostics of a version came."""
        key = uri, version
        with self._news:
            if not self._news.wait_for(lambda: key in self._versions, _PATIENCE):
                raise SystemExit("the server does not keep up")
            return self._versions[key]

    def end(self) -> None:
        """End the session."""
        self._client.server.kill()
        self._client.server.wait()

    def _listen(self) -> None:
        while True:
            try:
                message = self._client.read()
            except (ValueError, OSError):
                return
            now = time.perf_counter()
            if "method" in message and "id" in message:
                self._client.answer(message["id"])
            with self._news:
                params: dict[str, Any] = message.get("params") or {}
                if "method" not in message:
                    result = message.get("result", message.get("error"))
                    self._answers[message["id"]] = now, result
                elif message["method"] == "textDocument/publishDiagnostics":
                    self._versions[params["uri"], params.get("version", 0)] = now
                self._news.notify_all()


def _hover_while_fixing(editor: Editor) -> None:
    text = 'version: "3"\nservices:\n' + "".join(
        _SERVICE.format(n=n, port=2000 + n) for n in range(_SERVICES)
    )
    uri = editor.open("large/compose.yaml", text)
    place = {"line": 5, "character": 5}
    document = {"textDocument": {"uri": uri}}
    hover = {**document, "position": place}
    editor.wait(editor.ask("textDocument/hover", hover))
    start = time.perf_counter()
    context = {"diagnostics": [], "only": ["source.fixAll.tightship"]}
    chosen = {**document, "range": {"start": place, "end": place}, "context": context}
    fixing = editor.ask("textDocument/codeAction", chosen)
    waits: list[float] = []
    while len(waits) < _MOST and not editor.is_answered(fixing):
        asked = time.perf_counter()
        waits.append(editor.wait(editor.ask("textDocument/hover", hover))[0] - asked)
        time.sleep(_STILL)
    took = editor.wait(fixing)[0] - start
    _say(f"hover, fix all ({1000 * took:.0f} ms)", waits)


def _change_while_scanning(editor: Editor) -> None:
    uri = editor.open("small/compose.yaml", "services:\n  a: {image: 'b:1'}\n")
    start = time.perf_counter()
    scan = editor.ask("workspace/executeCommand", {"command": "tightship.checkWorkspace"})
    version, waits = 1, list[float]()
    while len(waits) < _MOST and not editor.is_answered(scan):
        version += 1
        waits.append(-editor.edit(uri, version) + editor.shown(uri, version))
        time.sleep(_STILL)
    took, counts = editor.wait(scan)
    _say(f"change, scan ({counts['files']} files, {1000 * (took - start):.0f} ms)", waits)


def _bursts(editor: Editor) -> None:
    for lines in (100, 2000):
        text = "services:\n\n" + "".join(
            _SERVICE.format(n=n, port=2000 + n) for n in range(lines // 10)
        )
        uri = editor.open(f"burst{lines}/compose.yaml", text)
        waits: list[float] = []
        version = 1
        for _ in range(7):
            time.sleep(_STILL)
            last = 0.0
            for _ in range(10):
                version += 1
                last = editor.edit(uri, version)
            waits.append(editor.shown(uri, version) - last)
        _say(f"burst, {lines} lines", waits)


def _say(what: str, waits: list[float]) -> None:
    middle, longest = 1000 * statistics.median(waits), 1000 * max(waits)
    print(f"{what:42}{middle:9.1f}{longest:9.1f}{len(waits):6}", flush=True)


def main() -> None:
    """Measure, and print figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("workspace", type=Path, help="a folder that is checked")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        shutil.copytree(options.workspace, root / "workspace", symlinks=True)
        print(f"{'':42}{'median':>9}{'longest':>9}{'of':>6}")
        editor = Editor(root)
        try:
            _hover_while_fixing(editor)
            _bursts(editor)
            _change_while_scanning(editor)
        finally:
            editor.end()


if __name__ == "__main__":
    main()
