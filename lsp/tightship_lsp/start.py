"""Starts the server, on standard input and output or on a port for debugging."""

from __future__ import annotations

import gc
import sys
from contextlib import suppress

_HOST = "127.0.0.1"
_COLLECT_AFTER = 50_000


def start(port: int | None = None) -> int:
    """Serve one client; return 0 if it has ended the session as clients should.

    Args:
        port: a port of this machine to listen on, instead of standard input.

    """
    # A judgement makes many objects at once, and few of them are garbage by then.
    gc.set_threshold(_COLLECT_AFTER)
    # What anything prints by mistake must not come between the messages.
    output, sys.stdout = sys.stdout, sys.stderr
    from tightship_lsp.server import create

    server = create()
    if port is None:
        server.start_io(sys.stdin.buffer, output.buffer)
    else:
        sys.stderr.write(f"tightship: listening on {_HOST}:{port}\n")
        with suppress(SystemExit):  # how pygls ends a session
            server.start_tcp(_HOST, port)
    return 0 if server.is_shut_down else 1
