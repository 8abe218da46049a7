"""A registry of npm on the loopback: the packages of the oracles, also in the scope ``@s``."""

from __future__ import annotations

import base64
import hashlib
import json
import tarfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from urllib.parse import unquote


def tarball(name: str, version: str) -> bytes:
    """Return a package that holds only its manifest."""
    manifest = json.dumps({"name": name, "version": version}).encode()
    made = BytesIO()
    with tarfile.open(fileobj=made, mode="w:gz") as archive:
        entry = tarfile.TarInfo("package/package.json")
        entry.size = len(manifest)
        archive.addfile(entry, BytesIO(manifest))
    return made.getvalue()


class Registry:
    """A running registry; ``address`` is where."""

    def __init__(self, names: tuple[str, ...], versions: tuple[str, ...]) -> None:
        self._files: dict[str, bytes] = {}
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.answer(self)

            def log_message(self, format: str, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/"
        for name in (*names, *(f"@s/{name}" for name in names)):
            self._add(name, versions)
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Answer a request for a file."""
        found = self._files.get(unquote(request.path).lstrip("/"))
        request.send_response(200 if found else 404)
        request.send_header("Content-Type", "application/json")
        request.send_header("Content-Length", str(len(found or b"{}")))
        request.end_headers()
        request.wfile.write(found or b"{}")

    def _add(self, name: str, versions: tuple[str, ...]) -> None:
        known: dict[str, object] = {}
        for version in versions:
            path, data = f"{name}/-/{version}.tgz", tarball(name, version)
            self._files[path] = data
            digest = base64.b64encode(hashlib.sha512(data).digest()).decode()
            dist = {"tarball": self.address + path, "integrity": f"sha512-{digest}"}
            dist["shasum"] = hashlib.sha1(data, usedforsecurity=False).hexdigest()
            known[version] = {"name": name, "version": version, "dist": dist}
        about = {"name": name, "dist-tags": {"latest": versions[-1]}, "versions": known}
        self._files[name] = json.dumps(about).encode()
