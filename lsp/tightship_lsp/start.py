"""Starts the server, on standard input and output or on a port for debugging."""

from __future__ import annotations

import asyncio
import os
import sys
from contextlib import suppress
from functools import partial

from tightship_lsp.work import garbage

_HOST = "127.0.0.1"
_TURN = 0.001  # seconds after which the thread that judges gives way to the other


def start(port: int | None = None) -> int:
    """Serve one client; return 0 if it ends the session in the right way.

    Args:
        port: a port of this machine to listen on, instead of standard input.

    Raises:
        OSError: if the port cannot be listened on.

    """
    garbage.postpone()
    sys.setswitchinterval(_TURN)
    # Nothing that is printed by mistake must come between the messages.
    output, sys.stdout = sys.stdout, sys.stderr
    from tightship_lsp.connection import lazy_types

    lazy_types.install()
    from tightship_lsp.connection.transport import PipeWriter, serve_pipes, serve_port
    from tightship_lsp.server import Server

    server = Server()
    # SystemExit is how pygls ends a session.
    with suppress(SystemExit, KeyboardInterrupt, BrokenPipeError):
        if port is None:
            writer = PipeWriter(output.buffer, server.input.end)
            server.protocol.set_writer(writer)
            read = partial(os.read, sys.stdin.fileno())
            asyncio.run(serve_pipes(server.input, read, server.receive))
        else:
            set_writer = server.protocol.set_writer
            asyncio.run(serve_port(_HOST, port, server.input, server.receive, set_writer))
    server.pages.close()
    return 0 if server.is_shut_down else 1
