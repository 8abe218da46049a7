"""Speaks to a language server over its pipes, and says what the server has cost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.bench.measure import Command

_OURS = [sys.executable, "-m", "tightship", "lsp"]


class Client:
    """Speaks to a server, and waits for what it says."""

    def __init__(self, folder: str, command: Command = _OURS, stderr: int | None = None) -> None:
        self.started = time.perf_counter()
        self._turn = threading.Lock()
        pipe = subprocess.PIPE
        self.server = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=stderr, cwd=folder)

    def send(self, method: str, params: object, **more: object) -> None:
        self._write({"jsonrpc": "2.0", "method": method, "params": params, **more})

    def answer(self, number: object, result: object = None) -> None:
        """Answer a request of the server."""
        self._write({"jsonrpc": "2.0", "id": number, "result": result})

    def _write(self, message: dict[str, object]) -> None:
        body = json.dumps(message).encode()
        stdin = self.server.stdin
        assert stdin is not None
        with self._turn:
            stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            stdin.flush()

    def read(self) -> dict[str, Any]:
        """Return the next message; it is a ValueError that nothing more comes."""
        assert self.server.stdout is not None
        length = 0
        while line := self.server.stdout.readline().strip():
            if line.startswith(b"Content-Length: "):
                length = int(line[16:])
        message: dict[str, Any] = json.loads(self.server.stdout.read(length))
        return message

    def cpu(self) -> float:
        """Return the CPU time so far of the server and its children, in ms."""
        tasks = [task for one in self._processes() for task in one.glob("task/*")]
        ran = [int((task / "schedstat").read_text().split()[0]) for task in tasks]
        return sum(ran) / 1e6

    def peak(self) -> float:
        """Return the most memory of the server and its children, in MiB."""
        peaks = [
            int(line.split()[1])
            for one in self._processes()
            for line in (one / "status").read_text().splitlines()
            if line.startswith("VmHWM")
        ]
        return sum(peaks) / 1024

    def _processes(self) -> Iterator[Path]:
        """Yield the folders in /proc; where there is no /proc there are none."""
        todo = [str(self.server.pid)]
        while todo:
            process = Path("/proc", todo.pop())
            if process.exists():
                yield process
                for children in process.glob("task/*/children"):
                    todo.extend(children.read_text().split())
