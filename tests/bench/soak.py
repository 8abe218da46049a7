"""Edits many open documents at random, and tells whether the server bears it.

Printed are the server's memory as it goes, what it had to complain of, and whether
what it shows in the end is what a fresh run of the command line finds.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from tests.bench.client import Client

_PROJECT = {
    "compose.yaml": (
        "dockercompose",
        "services:\n  web:\n    build: .\n    pid: ${PID:-}\n"
        '    ports: ["80:80"]\n  db:\n    image: postgres:${TAG:-17}\n'
        "    extends: {file: ../shared/common.yaml, service: base}\n"
        "  tool:\n    build: ../shared\n",
    ),
    "Dockerfile": ("dockerfile", "FROM alpine:3.20\nRUN apk add curl\nUSER root\n"),
    ".env": ("dotenv", "TAG=17\nPID=\n"),
    "compose.override.yaml": ("dockercompose", "services:\n  web:\n    environment: {A: b}\n"),
}
_SHARED = {
    "shared/common.yaml": ("yaml", "services:\n  base:\n    cap_drop: [ALL]\n"),
    "shared/Dockerfile": ("dockerfile", "FROM debian:12 AS a\nFROM a\nUSER 1\n"),
}
_LINES = {
    "yaml": (
        "    privileged: true\n",
        "    user: '1000'\n",
        "    read_only: true\n",
        "    volumes: [/var/run/docker.sock:/s]\n",
        "    cap_add: [SYS_ADMIN]\n",
        "  more:\n    image: nginx\n",
        "    # tightship: ignore[root-user] -- a test\n",
        "    security_opt: [\n",
        "    environment: {P: ${TAG}}\n",
    ),
    "dockerfile": (
        "USER 1000\n",
        "RUN curl -k https://example.org | sh\n",
        "FROM alpine AS x\n",
        "COPY --from=x / /\n",
        "ENV PASSWORD=1 \\\n",
        "ADD . /\n",
    ),
    "dotenv": ("TAG=latest\n", "PID=host\n", "X='\n", "# y\n"),
}
_LINES["dockercompose"] = _LINES["yaml"]
_LONGEST = 40  # lines of a document

Finding = tuple[str, str, int, int]


class Soak:
    """A server, and the documents that are edited."""

    def __init__(self, folder: Path, documents: int, seed: int) -> None:
        """Open documents; there are at least so many."""
        self.folder = folder
        self._random = random.Random(seed)
        self._client = Client(str(folder))
        self._versions: dict[str, int] = {}
        self._shown: dict[str, dict[str, Any]] = {}
        self._news = threading.Condition()
        self.complaints: list[str] = []
        self._answers: dict[int, object] = {}
        self.texts: dict[str, list[str]] = {}
        self._begun = dict(_SHARED)
        while len(self._begun) < documents:
            number = len(self._begun)
            for name, begun in _PROJECT.items():
                self._begun[f"p{number}/{name}"] = begun
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._ask(1, "initialize", self._initialize())
        self._client.send("initialized", {})
        for name, (language, text) in self._begun.items():
            self._open(name, language, text)
        self.settle()

    def _initialize(self) -> dict[str, object]:
        watched = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
        return {
            "capabilities": {"workspace": watched},
            "rootUri": self.folder.as_uri(),
            "processId": None,
            "initializationOptions": {"debounce": 0, "infos": True},
        }

    def _open(self, name: str, language: str, text: str) -> None:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        self.texts[name] = text.splitlines(keepends=True)
        uri = self._uri(name)
        self._versions[uri] = 1
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self._client.send("textDocument/didOpen", {"textDocument": item})

    def edit(self) -> None:
        """Change a place of some document."""
        name = self._random.choice([*self.texts])
        lines, (language, begun) = self.texts[name], self._begun[name]
        at = self._random.randrange(len(lines) + 1)
        if len(lines) > _LONGEST:
            first, last, text = 0, len(lines), begun
        elif at < len(lines) and self._random.random() < 0.4:
            first, last, text = at, at + 1, ""
        else:
            first, last, text = at, at, self._random.choice(_LINES[language])
        lines[first:last] = text.splitlines(keepends=True)
        start, end = ({"line": one, "character": 0} for one in (first, last))
        uri = self._uri(name)
        self._versions[uri] += 1
        identifier = {"uri": uri, "version": self._versions[uri]}
        change = {"range": {"start": start, "end": end}, "text": text}
        edit = {"textDocument": identifier, "contentChanges": [change]}
        self._client.send("textDocument/didChange", edit)

    def settle(self, patience: float = 60) -> None:
        """Wait until all documents are shown as they are now."""

        def is_settled() -> bool:
            shown = {uri: one.get("version") for uri, one in self._shown.items()}
            return all(shown.get(uri) == v for uri, v in self._versions.items())

        with self._news:
            if not self._news.wait_for(is_settled, patience):
                raise SystemExit("the server does not keep up")

    def shown(self) -> set[Finding]:
        """Return what the editor shows, each finding where it is found."""
        with self._news:
            return {
                (
                    name,
                    str(one["code"]),
                    one["range"]["start"]["line"] + 1,
                    one["range"]["start"]["character"] + 1,
                )
                for name in self.texts
                for one in self._shown[self._uri(name)]["diagnostics"]
                if "elsewhere" not in (one.get("data") or ())
            }

    def found(self) -> set[Finding]:
        """Save all, and return what the command line finds."""
        for name, lines in self.texts.items():
            (self.folder / name).write_text("".join(lines), encoding="utf-8")
        command = [sys.executable, "-m", "tightship", "check", ".", "--no-config"]
        ran = subprocess.run(
            [*command, "--output-format", "json"],
            cwd=self.folder,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        found = json.loads(ran.stdout)["findings"]
        return {
            (one["path"], one["rule"], one["start"]["line"], one["start"]["column"])
            for one in found
        }

    def difference(self, patience: float = 20) -> set[Finding]:
        """Return what one of the two says and the other does not, once all is still."""
        found, until = self.found(), time.monotonic() + patience
        while (left := self._differing(found)) and time.monotonic() < until:
            time.sleep(0.1)
        return left

    def _differing(self, found: set[Finding]) -> set[Finding]:
        """Return the difference now.

        A sweep judges YAML of any name by its text. In an editor it is judged as a part
        of other projects only, unless the user says that it is a Compose file.
        """
        shown = self.shown()
        files = {one[0] for one in shown}
        silent = {name for name in _SHARED if name not in files}
        return {one for one in shown ^ found if one[0] not in silent}

    def memory(self) -> int:
        """Return the memory that the server has in use, in KiB."""
        status = Path(f"/proc/{self._client.server.pid}/status")
        if not status.exists():
            return 0
        lines = status.read_text("utf-8").splitlines()
        return next(int(one.split()[1]) for one in lines if one.startswith("VmRSS"))

    def end(self) -> None:
        """Shut the server down; one that does not answer has failed."""
        self._ask(2, "shutdown", None)
        self._client.send("exit", None)
        status = self._client.server.wait(30)
        self._listener.join()
        self.close()
        if status:
            raise SystemExit("the server has not ended as it should")

    def close(self) -> None:
        """End the server in any case."""
        server = self._client.server
        server.kill()
        server.wait()
        for pipe in (server.stdin, server.stdout):
            if pipe is not None:
                pipe.close()

    def _ask(self, number: int, method: str, params: object) -> None:
        self._client.send(method, params, id=number)
        with self._news:
            if not self._news.wait_for(lambda: number in self._answers, 30):
                raise SystemExit(f"no answer to {method}")

    def _listen(self) -> None:
        while True:
            try:
                message = self._client.read()
            except ValueError:  # nothing more comes
                return
            params: dict[str, Any] = message.get("params") or {}
            method = message.get("method")
            if method == "client/registerCapability":
                self._client.answer(message["id"])
            with self._news:
                if method == "textDocument/publishDiagnostics":
                    self._shown[params["uri"]] = params
                elif method in ("window/logMessage", "window/showMessage"):
                    self.complaints.append(params["message"])
                elif method is None:
                    self._answers[message["id"]] = message.get("result")
                self._news.notify_all()

    def _uri(self, name: str) -> str:
        return (self.folder / name).as_uri()


def main() -> None:
    """Edit, and print figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--documents", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--burst", type=int, default=5, help="edits at once")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        soak = Soak(Path(folder).resolve(), options.documents, options.seed)
        start = time.monotonic()
        print(f"{'edits':>8}{'seconds':>9}{'MiB':>8}", flush=True)
        for number in range(options.edits + 1):
            if number % options.burst == 0:
                soak.settle()
            if number % max(1, options.edits // 10) == 0:
                took = time.monotonic() - start
                figures = f"{number:8}{took:9.1f}{soak.memory() / 1024:8.1f}"
                print(figures, flush=True)
            soak.edit()
        soak.settle()
        differences = sorted(soak.difference())
        print(f"complaints in the log: {len(soak.complaints)}")
        print(*soak.complaints[:3], sep="\n")
        print(f"differences from the command line: {len(differences)}")
        print(*differences[:20], sep="\n")
        soak.end()


if __name__ == "__main__":
    main()
