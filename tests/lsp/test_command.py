"""The command that starts the server, and what a start costs."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def test_the_help_says_what_the_command_is_for(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lsp", "--help"]) == 0
    assert "language server" in capsys.readouterr().out
    assert main(["--help"]) == 0
    assert "\n  lsp " in capsys.readouterr().out


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1"])
def test_an_invalid_port_is_rejected(capsys: pytest.CaptureFixture[str], port: str) -> None:
    assert main(["lsp", "--tcp", port]) == 2
    assert capsys.readouterr().err


def test_a_port_in_use_is_an_error_of_the_command_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "tightship", "lsp", "--tcp", port],
            capture_output=True,
            text=True,
            timeout=60,
            cwd=tmp_path,
        )
    assert done.returncode == 2
    assert port in done.stderr
    assert "bug" not in done.stderr


def test_a_session_over_a_port_ends_as_one_over_pipes_does(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tightship", "lsp", "--tcp", str(port)],
        cwd=tmp_path,
        stderr=subprocess.DEVNULL,
    )
    try:
        with _connected(port) as client, client.makefile("rb") as answers:
            assert _is_refused(port)  # one server, one client
            messages: list[dict[str, object]] = [
                {"id": 1, "method": "initialize", "params": {"capabilities": {}}},
                {"method": "initialized", "params": {}},
                {"id": 2, "method": "shutdown"},
                {"method": "exit"},
            ]
            for message in messages:
                body = json.dumps({"jsonrpc": "2.0"} | message).encode()
                client.sendall(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
            assert b'"tightship"' in answers.read()
        assert server.wait(30) == 0
    finally:
        server.kill()
        server.wait()


def _connected(port: int) -> socket.socket:
    end = time.monotonic() + 30
    while True:
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=30)
        except ConnectionRefusedError:
            assert time.monotonic() < end
            time.sleep(0.05)


def _is_refused(port: int) -> bool:
    """Tell whether a second client is turned away."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=30) as second:
            second.sendall(b"Content-Length: 2\r\n\r\n{}")
            return second.recv(1) == b""
    except ConnectionError:
        return True


def test_the_linter_is_loaded_when_the_client_has_been_answered() -> None:
    code = "import sys, tightship_lsp.server; print(*sorted(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    late = (
        "tightship.rules",
        "tightship.frontends.compose",
        "tightship.frontends.dockerfile",
        "yaml",
    )
    names = done.stdout.split()
    assert "tightship_lsp.session" in names
    assert not [name for name in names if name.startswith(late)]
