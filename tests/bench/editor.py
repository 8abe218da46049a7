"""How fast the language server is: its start, and from an edit to its diagnostics.

Each number is the median of several runs, wall clock and CPU time of the server. The
latter stays put when the machine is busy with other work.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

_SERVICE = """\
  s{n}:
    image: registry.example.org/team/service:1.{n}
    ports: ["127.0.0.1:{port}:80"]
    environment:
      LEVEL: info
      HOST: s{n}.example.org
    read_only: true
    user: "1000"
    depends_on: [base]
    restart: unless-stopped
"""
_STAGE = """\
FROM debian:12.{n} AS s{n}
ENV LEVEL=info
WORKDIR /srv
RUN apt-get update && \\
    apt-get install -y --no-install-recommends curl=1.2 && \\
    rm -rf /var/lib/apt/lists/*
COPY --from=s0 /etc/passwd /srv/
USER 1000
CMD ["serve", "{n}"]
"""


def _compose(lines: int) -> str:
    count = range(lines // 10)
    base = "services:\n  base: {image: 'registry.example.org/team/base:1'}\n"
    return base + "".join(_SERVICE.format(n=n, port=2000 + n) for n in count)


def _dockerfile(lines: int) -> str:
    return "".join(_STAGE.format(n=n) for n in range(lines // 9))


FILES = {
    "compose.yaml, 100 lines": ("a/compose.yaml", "dockercompose", _compose(100)),
    "compose.yaml, 2,000 lines": ("b/compose.yaml", "dockercompose", _compose(2000)),
    "Dockerfile, 100 lines": ("a/Dockerfile", "dockerfile", _dockerfile(100)),
    "Dockerfile, 2,000 lines": ("b/Dockerfile", "dockerfile", _dockerfile(2000)),
}


class Client:
    """Speaks to a server, and waits for what it says."""

    def __init__(self, folder: str) -> None:
        self.started = time.perf_counter()
        self._turn = threading.Lock()
        command = [sys.executable, "-m", "tightship", "lsp"]
        pipe = subprocess.PIPE
        self.server = subprocess.Popen(command, stdin=pipe, stdout=pipe, cwd=folder)

    def send(self, method: str, params: object, **more: object) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def answer(self, number: object) -> None:
        """Say yes to a request of the server."""
        self._write({"jsonrpc": "2.0", "id": number, "result": None})

    def _write(self, message: dict[str, object]) -> None:
        body = json.dumps(message).encode()
        stdin = self.server.stdin
        assert stdin is not None
        with self._turn:
            stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            stdin.flush()

    def read(self) -> dict[str, Any]:
        assert self.server.stdout is not None
        length = 0
        while line := self.server.stdout.readline().strip():
            if line.startswith(b"Content-Length: "):
                length = int(line[16:])
        message: dict[str, Any] = json.loads(self.server.stdout.read(length))
        return message

    def published(self, uri: str, version: int) -> int:
        """Wait for the diagnostics of a version, and return how many there are."""
        while True:
            params: dict[str, Any] = self.read().get("params") or {}
            if params.get("uri") == uri and params.get("version") == version:
                return len(params["diagnostics"])

    def cpu(self) -> float:
        """Return the CPU time of the server so far, in seconds."""
        tasks = Path(f"/proc/{self.server.pid}/task")
        if not tasks.exists():
            return 0.0
        ran = [
            int((one / "schedstat").read_text().split()[0]) for one in tasks.iterdir()
        ]
        return sum(ran) / 1e9


def _run(
    folder: str, changes: int, found: dict[str, list[tuple[float, float]]]
) -> None:
    client = Client(folder)
    given: dict[str, object] = {"capabilities": {}, "processId": os.getpid()}
    given["initializationOptions"] = {"debounce": 0}
    client.send("initialize", given, id=1)
    client.read()
    wall = time.perf_counter() - client.started
    found.setdefault("start", []).append((wall, client.cpu()))
    client.send("initialized", {})
    time.sleep(1)  # until it is warm
    for title, (name, language, text) in FILES.items():
        uri = Path(folder, name).as_uri()
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        start, cpu = time.perf_counter(), client.cpu()
        client.send("textDocument/didOpen", {"textDocument": item})
        client.published(uri, 1)
        took = time.perf_counter() - start, client.cpu() - cpu
        found.setdefault(f"{title}: open", []).append(took)
        place = {"line": 1, "character": 0}
        change = {"range": {"start": place, "end": place}, "text": "# more\n"}
        for version in range(2, changes + 2):
            identifier = {"uri": uri, "version": version}
            start, cpu = time.perf_counter(), client.cpu()
            edit = {"textDocument": identifier, "contentChanges": [change]}
            client.send("textDocument/didChange", edit)
            client.published(uri, version)
            took = time.perf_counter() - start, client.cpu() - cpu
            found.setdefault(f"{title}: change", []).append(took)
        client.send("textDocument/didClose", {"textDocument": {"uri": uri}})
    client.send("shutdown", None, id=2)
    while client.read().get("id") != 2:
        pass
    client.send("exit", None)
    client.server.communicate()


def main() -> None:
    """Measure, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--changes", type=int, default=5)
    options = parser.parse_args()
    found: dict[str, list[tuple[float, float]]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.runs):
            _run(os.path.realpath(folder), options.changes, found)
    print(f"{'':34}{'wall ms':>10}{'CPU ms':>10}")
    for title, times in found.items():
        wall, cpu = (
            1000 * statistics.median(column) for column in zip(*times, strict=True)
        )
        print(f"{title:34}{wall:10.1f}{cpu:10.1f}")


if __name__ == "__main__":
    main()
