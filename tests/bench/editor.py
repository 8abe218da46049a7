"""How fast the language server is beside its peers: what who types has to wait.

Every server is started anew for each file and run, in turn with the others, and each
figure is the median of the runs:

- init: from the start of the process to the answer to initialize
- open: from didOpen to the diagnostics, once the server has had time to get warm
- change: from didChange to the diagnostics of that version
- burst: from the last of ten edits, sent without a pause, to its diagnostics
- CPU and MiB: processor time and peak memory of all its processes, for the whole run

Times are wall clock in ms. A server that waits for a pause in the typing does so here
too, as it comes; "at once" is the same server told not to wait. One that does not say
which version its diagnostics are for is taken at its next word, and after a burst at
its last one. What a server looks for is its own: the peers find less or more.
"""

from __future__ import annotations

import contextlib
import os
import queue
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.client import Client

if TYPE_CHECKING:
    from tests.bench.measure import Command

_SERVICE = """\
  s{n}:
    image: registry.example.org/team/service:1.{n}
    ports: ["127.0.0.1:{port}:80"]
    environment:
      LEVEL: info
      HOST: s{n}.example.org
    read_only: true
    user: "1000"
    depends_on: [base]
    restart: unless-stopped
"""
_STAGE = """\
FROM debian:12.{n} AS s{n}
ENV LEVEL=info
WORKDIR /srv
RUN apt-get update && \\
    apt-get install -y --no-install-recommends curl=1.2 && \\
    rm -rf /var/lib/apt/lists/*
COPY --from=s0 /etc/passwd /srv/
USER 1000
CMD ["serve", "{n}"]
"""

_AT_ONCE = {"tightship": {"debounce": 0}, "docker-compose-langserver": {"diagnosticDelay": 0}}
_COLUMNS = ("init", "open", "change", "burst", "CPU", "MiB")
_CHANGES = 5
_BURST = 10
_WARM = 1.0  # seconds that a server has before the first file
_STILL = 0.02  # seconds without a word before an edit
_QUIET = 1.5  # seconds without a word after which there is nothing more to say
_PATIENCE = 60.0

Figures = dict[str, float]


def _compose(lines: int) -> str:
    count = range(lines // 10)
    base = "services:\n  base: {image: 'registry.example.org/team/base:1'}\n"
    return base + "".join(_SERVICE.format(n=n, port=2000 + n) for n in count)


def _dockerfile(lines: int) -> str:
    return "".join(_STAGE.format(n=n) for n in range(lines // 9))


_FILES = (("compose.yaml", "dockercompose", _compose), ("Dockerfile", "dockerfile", _dockerfile))


class _Session:
    """A server, and one document that is edited."""

    def __init__(self, folder: Path, command: Command, options: object) -> None:
        self._client = Client(str(folder), command, subprocess.DEVNULL)
        self._folder = folder
        self._options = options
        self._heard: queue.Queue[tuple[float, dict[str, Any] | None]] = queue.Queue()
        self._whole = False
        self._uri, self._text, self._version = "", "", 1
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def figures(self, name: str, language: str, text: str) -> Figures:
        """Measure one run, from the start of the server to its end."""
        init = self._initialize() - self._client.started
        time.sleep(_WARM)
        opened = self._open(name, language, text)
        changed = [self._edit(1) for _ in range(_CHANGES)]
        burst = self._edit(_BURST)
        waits = (init, opened, statistics.median(changed), burst)
        cost = (self._client.cpu(), self._client.peak())
        self._ask(2, "shutdown", None)
        self._client.send("exit", None)
        return dict(zip(_COLUMNS, (*(1000 * one for one in waits), *cost), strict=True))

    def kill(self) -> None:
        """End a server that does not do so itself."""
        self._client.server.kill()

    def close(self) -> None:
        """Wait for the end of the server, which comes in any case."""
        server = self._client.server
        try:
            server.wait(5)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
        self._listener.join()
        for pipe in (server.stdin, server.stdout):
            if pipe is not None:
                with contextlib.suppress(OSError):  # what was not sent yet
                    pipe.close()

    def _listen(self) -> None:
        while True:
            try:
                message = self._client.read()
                now = time.perf_counter()
                if "method" in message and "id" in message:
                    self._answer(message)
            except (ValueError, OSError):  # nothing more comes
                self._heard.put((0, None))
                return
            self._heard.put((now, message))

    def _answer(self, request: dict[str, Any]) -> None:
        asked: dict[str, Any] = request.get("params") or {}
        settings = [None for _ in asked.get("items", ())]
        is_for_settings = request["method"] == "workspace/configuration"
        self._client.answer(request["id"], settings if is_for_settings else None)

    def _hear(self, patience: float) -> tuple[float, dict[str, Any]]:
        """Return the next message and its time; raise queue.Empty if none comes."""
        when, message = self._heard.get(timeout=patience)
        if message is None:
            raise EOFError("it has ended")
        return when, message

    def _ask(self, number: int, method: str, params: object) -> tuple[float, Any]:
        self._client.send(method, params, id=number)
        while True:
            when, message = self._hear(_PATIENCE)
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise OSError(message["error"])
                return when, message.get("result")

    def _initialize(self) -> float:
        """Return when the server has answered."""
        root = self._folder.as_uri()
        # As most editors do, it tells the server which files change.
        watched = {"didChangeWatchedFiles": {"dynamicRegistration": True}}
        published = {"publishDiagnostics": {"versionSupport": True}}
        given: dict[str, object] = {
            "processId": os.getpid(),
            "rootUri": root,
            "workspaceFolders": [{"uri": root, "name": self._folder.name}],
            "capabilities": {"textDocument": published, "workspace": watched},
            "initializationOptions": self._options,
        }
        when, result = self._ask(1, "initialize", given)
        sync: Any = result["capabilities"].get("textDocumentSync")
        kind: Any = sync if isinstance(sync, int) else sync["change"]
        self._whole = bool(kind == 1)
        self._client.send("initialized", {})
        return when

    def _open(self, name: str, language: str, text: str) -> float:
        self._uri, self._text = (self._folder / name).as_uri(), text
        item = {"uri": self._uri, "languageId": language, "version": 1, "text": text}
        start = time.perf_counter()
        self._client.send("textDocument/didOpen", {"textDocument": item})
        return self._published() - start

    def _edit(self, times: int) -> float:
        """Add comments without a pause; return the wait after the last of them."""
        self._settle()
        start = 0.0
        for _ in range(times):
            self._version += 1
            changes = [self._change()]
            document = {"uri": self._uri, "version": self._version}
            edit = {"textDocument": document, "contentChanges": changes}
            start = time.perf_counter()
            self._client.send("textDocument/didChange", edit)
        return self._published(is_burst=times > 1) - start

    def _change(self) -> dict[str, object]:
        first, _, rest = self._text.partition("\n")
        self._text = f"{first}\n# more\n{rest}"
        if self._whole:
            return {"text": self._text}
        place = {"line": 1, "character": 0}
        return {"range": {"start": place, "end": place}, "text": "# more\n"}

    def _settle(self) -> None:
        """Let pass what the server still has to say."""
        try:
            while True:
                self._hear(_STILL)
        except queue.Empty:
            return

    def _published(self, is_burst: bool = False) -> float:
        """Return when the diagnostics of the version that stands now have come."""
        last, patience = 0.0, _PATIENCE
        while True:
            try:
                when, message = self._hear(patience)
            except queue.Empty:
                if last:
                    return last
                raise
            params: dict[str, Any] = message.get("params") or {}
            if params.get("uri") != self._uri or "diagnostics" not in params:
                continue
            version = params.get("version")
            if version == self._version or (version is None and not is_burst):
                return when
            if version is None:
                last, patience = when, _QUIET


def bench(ours: Command, peers: dict[str, dict[str, Command]], runs: int) -> None:
    """Print a table for each language and size; the peers are given by language."""
    for lines in (100, 2000):
        for name, language, written in _FILES:
            text = written(lines)
            print(f"\n{name} of {text.count(chr(10)):,} lines, {runs} runs each")
            servers = {"tightship": ours, **peers[language]}
            _compare(_variants(servers), (name, language, text), runs)


def _variants(servers: dict[str, Command]) -> dict[str, tuple[Command, object]]:
    """Return each server as it comes, and at once if it can be told not to wait."""
    found: dict[str, tuple[Command, object]] = {}
    for name, command in servers.items():
        found[name] = command, None
        if name in _AT_ONCE:
            found[f"{name}, at once"] = command, _AT_ONCE[name]
    return found


def _compare(
    servers: dict[str, tuple[Command, object]], file: tuple[str, str, str], runs: int
) -> None:
    found: dict[str, list[Figures]] = {name: [] for name in servers}
    for _ in range(runs):
        for name, (command, options) in servers.items():
            if name in found and (figures := _run(name, command, options, file)):
                found[name].append(figures)
            else:
                found.pop(name, None)
    print(f"  {'':36}" + "".join(f"{column:>9}" for column in _COLUMNS))
    for name, all_ in found.items():
        medians = [statistics.median(one[column] for one in all_) for column in _COLUMNS]
        print(f"  {name:36}" + "".join(f"{median:9.1f}" for median in medians))


def _run(
    name: str, command: Command, options: object, file: tuple[str, str, str]
) -> Figures | None:
    """Measure a server once; one that fails is said, and left out of the table."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        (root / file[0]).write_text(file[2], "utf-8")
        # Tally's slow checks ask registries, and so measure the network.
        (root / ".tally.toml").write_text('[slow-checks]\nmode = "off"\n', "utf-8")
        return measured(root, name, (command, options), file)


def measured(
    root: Path, name: str, server: tuple[Command, object], file: tuple[str, str, str]
) -> Figures | None:
    """Measure a server, with its options, on a file in a folder; say if it fails."""
    session = _Session(root, *server)
    try:
        return session.figures(*file)
    except (queue.Empty, EOFError, OSError) as error:
        print(f"  {name} is left out: {str(error) or 'it does not answer'}")
        session.kill()
        return None
    finally:
        session.close()
