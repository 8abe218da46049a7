"""How long the language server takes to start, beside a bare server of its library."""

from __future__ import annotations

import statistics
import subprocess
import tempfile
import time
from typing import TYPE_CHECKING

from tests.bench.client import Client

if TYPE_CHECKING:
    from tests.bench.measure import Command

_BARE = """\
from pygls.lsp.server import LanguageServer
LanguageServer("bare", "1").start_io()
"""
_SUPPORT = {"textDocument": {"publishDiagnostics": {"versionSupport": True}}}


def bench(ours: Command, python: Command, runs: int) -> None:
    """Print the ms from the start of a process to the answer to initialize."""
    servers = {"tightship": ours, "a bare pygls server": [*python, "-c", _BARE]}
    found: dict[str, list[float]] = {name: [] for name in servers}
    with tempfile.TemporaryDirectory() as folder:
        for name, command in list(servers.items()) * runs:
            found[name].append(1000 * _start(command, folder))
    print(f"\nStart of a server, {runs} runs each\n  {'':36}      min   median")
    for name, times in found.items():
        print(f"  {name:36}{min(times):9.1f}{statistics.median(times):9.1f}")


def _start(command: Command, folder: str) -> float:
    client = Client(folder, command, subprocess.DEVNULL)
    params = {"processId": None, "rootUri": None, "capabilities": _SUPPORT}
    client.send("initialize", params, id=1)
    while client.read().get("id") != 1:
        pass
    took = time.perf_counter() - client.started
    client.server.kill()
    client.server.communicate()
    return took
