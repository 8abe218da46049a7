"""The engine's API, for what trials ask often: a client's start takes longer than the answer."""

from __future__ import annotations

import json
import socket
from http.client import HTTPConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from tests.lab.engine import COMMAND_SECONDS, LabError

if TYPE_CHECKING:
    from tests.lab.engine import Engine


class _Connection(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("engine", timeout=COMMAND_SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


def call(engine: Engine, method: str, *path: str, **query: str) -> Any:
    """Call the engine's API at a path, and return its answer, or nothing if it has none.

    Raises:
        LabError: The engine refused, or does not listen at a socket of this machine.
    """
    scheme, _, address = engine.address.partition("://")
    if scheme != "unix":
        raise LabError(f"trials need an engine at a unix socket, not {engine.address}")
    connection = _Connection(address)
    try:
        target = "/" + "/".join(quote(part, safe="") for part in path)
        connection.request(method, f"{target}?{urlencode(query)}")
        answer = connection.getresponse()
        content = answer.read()
        if answer.status >= 400:
            raise LabError(f"{method} {target}: {content.decode(errors='replace')}")
        return json.loads(content) if content else None
    finally:
        connection.close()
