"""A server whose client is gone ends, even if the pipes between them stay open."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys

import pytest

from tightship_lsp.connection import client_process
from tightship_lsp.connection.transport import Input

if sys.platform == "win32":
    pytest.skip("Windows cannot ask without a handle", allow_module_level=True)


def process() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=True
    )


def test_the_messages_end_with_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_process, "_PERIOD", 0.01)

    async def serve() -> list[bytes]:
        input_ = Input()
        loop = asyncio.get_running_loop()
        with process() as client:
            client_process.end_with(client.pid, loop, input_.end)
            await asyncio.sleep(0.1)
            assert not input_.is_behind()
            client.communicate(b"\n")
        return [one async for one in input_.messages()]

    assert asyncio.run(asyncio.wait_for(serve(), 20)) == []


@pytest.mark.parametrize("number", [0, -1, 2**80])
def test_an_unknown_process_ends_nothing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(client_process, "_PERIOD", 0.01)
    ended = list[bool]()

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        client_process.end_with(number, loop, lambda: ended.append(True))
        await asyncio.sleep(0.1)

    asyncio.run(serve())
    assert ended == []


def test_a_server_ends_when_nobody_reads_its_answers() -> None:
    content = json.dumps(
        {
            "jsonrpc": "2.0",
            "id": 1,
            "method": "initialize",
            "params": {"processId": None, "rootUri": None, "capabilities": {}},
        }
    ).encode()
    with subprocess.Popen(
        [sys.executable, "-m", "tightship", "lsp"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        assert server.stderr is not None
        server.stdout.close()
        server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(content), content))
        server.stdin.flush()
        try:
            assert server.wait(60) == 1
        finally:
            server.kill()
        assert b"Traceback" not in server.stderr.read()
