"""code-server, which is the real VS Code workbench, with the packaged extension."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from tests.editors.conftest import Program

BENCH = Path(__file__).parent
EXTENSION = BENCH.parents[2] / "vscode-ext"
ARTEFACTS = BENCH.parent / "artefacts"
# Another code-server, with its Node first on PATH, shows how another VS Code does.
CODE_SERVER = os.environ.get("CODE_SERVER", BENCH / "node_modules" / "code-server")
ENTRY = Path(CODE_SERVER) / "out" / "node" / "entry.js"
HOST = "127.0.0.1"
PATIENCE = 60

SETTINGS: dict[str, object] = {
    "workbench.startupEditor": "none",
    "chat.disableAIFeatures": True,
    "extensions.ignoreRecommendations": True,
    "telemetry.telemetryLevel": "off",
    "update.mode": "none",
    # It saves by itself in a browser, and what is tested is what is not saved.
    "files.autoSave": "off",
    "window.commandCenter": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "tightship.infos": True,
}


class CodeServer:
    """One installation with extensions and settings of its own, below a folder."""

    def __init__(self, folder: Path, node: str) -> None:
        self._node = node
        self._folder = folder
        self._user = folder / "user"
        self._extensions = folder / "extensions"
        self._config = folder / "config.yaml"
        self._config.write_text("auth: none\n", encoding="utf-8")

    @property
    def logs(self) -> str:
        """Return all that the extension has logged."""
        logs = sorted(self._user.glob("logs/**/tightship.tightship/*.log"))
        return "".join(log.read_text(encoding="utf-8") for log in logs)

    def configure(self, settings: Mapping[str, object]) -> None:
        file = self._user / "User" / "settings.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({**SETTINGS, **settings}), encoding="utf-8")

    def install(self, extension: Path) -> None:
        subprocess.run(
            [*self._command(), "--install-extension", str(extension), "--force"],
            check=True,
            capture_output=True,
            timeout=PATIENCE,
        )

    @contextmanager
    def serving(self, environment: Mapping[str, str]) -> Generator[str]:
        """Serve on a free port of this machine, and yield the URL."""
        port = _free_port()
        command = [*self._command(), "--bind-addr", f"{HOST}:{port}"]
        # A session of its own, so that all that it started ends with it.
        with subprocess.Popen(
            command,
            # With this it does not ask a login shell what PATH really is.
            env={"HOME": str(self._folder), "VSCODE_CLI": "1", **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        ) as process:
            try:
                _wait_for(process, port)
                yield f"http://{HOST}:{port}/"
            finally:
                _end(process)

    def _command(self) -> Sequence[str]:
        return [
            self._node,
            str(ENTRY),
            "--auth=none",
            f"--config={self._config}",
            f"--user-data-dir={self._user}",
            f"--extensions-dir={self._extensions}",
            "--disable-telemetry",
            "--disable-update-check",
        ]


def _free_port() -> int:
    with socket.socket() as free:
        free.bind((HOST, 0))
        port: int = free.getsockname()[1]
        return port


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert process.poll() is None, f"code-server ended with {process.returncode}"
        try:
            socket.create_connection((HOST, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    message = "code-server does not listen"
    raise TimeoutError(message)


def _end(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            break
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
        break


@pytest.fixture(scope="session")
def node(program: Program) -> str:
    """Return Node, where all is there that the workbench needs beside it."""
    path = program("node")
    if not ENTRY.exists() or not (EXTENSION / "node_modules").exists():
        pytest.skip("code-server is not installed")
    return path


@pytest.fixture(scope="session")
def chromium(program: Program) -> str:
    return program("chromium")


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Return the folder for screenshots and packages, as it was before any test."""
    ARTEFACTS.mkdir(exist_ok=True)
    for old in ARTEFACTS.iterdir():
        old.unlink()
    return ARTEFACTS


@pytest.fixture(scope="session")
def vsix(node: str, program: Program, artefacts: Path) -> Path:
    """Return the extension as its users get it."""
    del node
    _run([program("npm"), "run", "package"], EXTENSION)
    package = artefacts / "tightship.vsix"
    package.write_bytes((EXTENSION / "tightship.vsix").read_bytes())
    return package


@pytest.fixture(scope="session")
def selftest(node: str, artefacts: Path) -> Path:
    """Return the extension that looks at ours from the inside."""
    package = artefacts / "selftest.vsix"
    _package(node, BENCH / "selftest", package)
    return package


@pytest.fixture
def docker_dx(node: str, artefacts: Path, tmp_path: Path) -> Path:
    """Return an extension with the id of Docker's, which is in no package registry."""
    folder = tmp_path / "docker"
    folder.mkdir()
    manifest = {
        "name": "docker",
        "publisher": "docker",
        "version": "0.0.1",
        "description": "Stands in for Docker DX",
        "main": "./main.js",
        "engines": {"vscode": "^1.91.0"},
        "extensionKind": ["workspace"],
        "activationEvents": ["onLanguage:dockerfile"],
    }
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")
    (folder / "main.js").write_text("exports.activate = () => {};\n", encoding="utf-8")
    (folder / "README.md").write_text("For tests only.\n", encoding="utf-8")
    package = artefacts / "docker.vsix"
    _package(node, folder, package)
    return package


def _package(node: str, folder: Path, package: Path) -> None:
    vsce = EXTENSION / "node_modules" / "@vscode" / "vsce" / "vsce"
    options = ["--no-dependencies", "--allow-missing-repository", "--skip-license"]
    command: list[str | Path] = [node, vsce, "package", *options, "--out", package]
    _run(command, folder)


@pytest.fixture
def code_server(tmp_path: Path, node: str, vsix: Path) -> CodeServer:
    """Return a workbench that has our extension and no other."""
    folder = tmp_path / "code-server"
    folder.mkdir()
    server = CodeServer(folder, node)
    server.install(vsix)
    server.configure({"security.workspace.trust.enabled": False})
    return server


@pytest.fixture
def only_python(tmp_path: Path) -> dict[str, str]:
    """Return an environment whose PATH has Python, and neither Tightship nor anything."""
    programs = tmp_path / "programs"
    programs.mkdir()
    base: str = getattr(sys, "_base_executable", sys.executable)
    (programs / "python3").symlink_to(Path(base).resolve())
    return {"PATH": str(programs)}


def _run(command: Sequence[str | Path], folder: Path) -> None:
    done = subprocess.run(
        command,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout
