"""An engine that starts nothing: it keeps what the program `docker` asks it to create."""

from __future__ import annotations

import http.server
import json
import os
import shutil
import socketserver
import subprocess
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

_VERSION = "1.45"


def has_docker() -> bool:
    """Return whether the command line of Docker is here, of the version that the tests know."""
    if shutil.which("docker") is None:
        return False
    shown = subprocess.run(["docker", "--version"], capture_output=True, text=True, check=False)
    return shown.stdout.startswith("Docker version 26.")


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    request_queue_size = 64
    created: list[dict[str, Any]]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self._answer(200, b"")

    def do_GET(self) -> None:
        self._answer(200, b"OK" if self.path.endswith("/_ping") else b"{}")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        if "/containers/create" in self.path:
            assert isinstance(self.server, _Server)
            self.server.created.append(json.loads(body))
        self._answer(409, b'{"message": "nothing is started here"}')

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Api-Version", _VERSION)
        self.send_header("Ostype", "linux")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""

    def address_string(self) -> str:
        return "local"


class FakeEngine:
    """An engine on a socket of its own, and the folder in which commands run."""

    def __enter__(self) -> FakeEngine:
        self._above = tempfile.TemporaryDirectory(prefix="engine-")
        self.folder = Path(self._above.name, "work")
        self.folder.mkdir()
        path = os.path.join(self._above.name, "s")
        self._server = _Server(path, _Handler)
        self._server.created = []
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        home = str(self._above.name)
        self._terminal = os.openpty()
        for name in ("vars", "labels"):
            (self.folder / name).write_text("FROM_FILE=1\n")
        self._env = {"DOCKER_HOST": f"unix://{path}", "HOME": home, "PATH": os.environ["PATH"]}
        return self

    def __exit__(
        self, kind: type[BaseException] | None, one: BaseException | None, at: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        for each in self._terminal:
            os.close(each)
        self._above.cleanup()

    def created(self, words: Sequence[str]) -> dict[str, Any] | str:
        """Return what a command asks the engine to create, or why the program rejects it."""
        self._server.created.clear()
        made = subprocess.run(
            words, capture_output=True, text=True, check=False, env=self._env, cwd=self.folder,
            stdin=self._terminal[1], timeout=60,
        )  # fmt: skip
        found = self._server.created
        return found[0] if found else made.stderr
