"""`tightship try` where the engine's network is elsewhere: no stranger's answer counts."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.lab.trying import SECONDS, Stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.engine import Engine

# A network of its own, in which one server answers at each address and port.
STRANGER = """
set -e
ip link set lo up
ip route add local 10.192.0.0/10 dev lo
iptables -t nat -A OUTPUT -p tcp -j REDIRECT --to-ports 80
"$0" -c '
import http.server, sys
class Asked(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open(sys.argv[1], "a").write(self.path)
        self.send_response(200)
        self.end_headers()
http.server.HTTPServer(("", 80), Asked).serve_forever()
' "$1" 2>/dev/null &
stranger=$!
trap 'kill $stranger' EXIT
shift
"$0" -m tightship try "$@"
"""
PROBE = "wget -q -O - http://localhost:$PORT_WEB_80/"


def test_a_stranger_at_the_same_address_is_not_asked(running: Engine, tmp_path: Path) -> None:
    if not running.own:
        pytest.skip("an engine in a network of its own is needed")
    with Stage(running, tmp_path) as stage:
        asked = tmp_path / "asked"
        words = ("web", "--yes", "--output-format", "json", "--probe", PROBE)
        done = subprocess.run(
            ("unshare", "--net", "bash", "-c", STRANGER, sys.executable, str(asked), *words),
            cwd=stage.project,
            env=dict(stage.engine.environment),
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        assert done.stdout.startswith("{"), done.stderr
        [web, *_] = json.loads(done.stdout)["services"]
        assert not asked.exists(), asked.read_text()
        assert not [text for text in web["exercised"] if text.startswith(("port", "`wget"))]
        assert any("not reached from this machine" in text for text in web["not_exercised"])
        assert any(text.startswith(f"`{PROBE}`") for text in web["not_exercised"])


def test_the_engines_own_ports_are_asked_where_they_are(running: Engine, tmp_path: Path) -> None:
    with Stage(running, tmp_path) as stage:
        done = stage.run("web", "--yes", "--output-format", "json", "--probe", PROBE)
        [web, *_] = json.loads(done.stdout)["services"]
        assert "port 80: `HTTP 404`" in web["exercised"], done.stderr
