"""Starts the server, on standard input and output or on a port for debugging."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import sys
from contextlib import suppress
from functools import partial

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import BinaryIO

    from tightship_lsp.server import Server

_HOST = "127.0.0.1"
_COLLECT_AFTER = 50_000
_TURN = 0.001  # seconds after which a thread that judges lets one in that talks


def start(port: int | None = None) -> int:
    """Serve one client; return 0 if it has ended the session as clients should.

    Args:
        port: a port of this machine to listen on, instead of standard input.

    Raises:
        OSError: if the port cannot be listened on.

    """
    # A judgement makes many objects at once, and few of them are garbage by then.
    gc.set_threshold(_COLLECT_AFTER)
    sys.setswitchinterval(_TURN)
    # What anything prints by mistake must not come between the messages.
    output, sys.stdout = sys.stdout, sys.stderr
    if port is None:
        return _serve(partial(os.read, sys.stdin.fileno()), output.buffer)
    with _accepted(port) as client:
        return _serve(client.recv, client.makefile("wb"))


def _serve(receive: Callable[[int], bytes], output: BinaryIO) -> int:
    from pygls.io_ import StdoutWriter

    from tightship_lsp.server import create
    from tightship_lsp.transport import serve

    server: Server = create()
    server.protocol.set_writer(StdoutWriter(output))
    # SystemExit is how pygls ends a session.
    with suppress(SystemExit, KeyboardInterrupt, BrokenPipeError):
        asyncio.run(serve(server, receive))
    return 0 if server.is_shut_down else 1


def _accepted(port: int) -> socket.socket:
    """Return the first client of a port; there is no second one."""
    with socket.create_server((_HOST, port), backlog=1) as listening:
        sys.stderr.write(f"tightship: listening on {_HOST}:{port}\n")
        client, _ = listening.accept()
        return client
