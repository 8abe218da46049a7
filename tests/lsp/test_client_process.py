"""A server whose client is gone ends, even if the pipes between them stay open."""

from __future__ import annotations

import asyncio
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
