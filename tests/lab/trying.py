"""The command `tightship try` against the lab's engine, next to a project that must not change."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.transcripts import IMAGES
from tests.lab.tried import entering

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

    from tests.lab.engine import Engine

BUSYBOX = IMAGES["busybox"]
SECONDS = 240
"""How long a run may take."""

CONTROL = f"""
name: control
services:
  web:
    image: {BUSYBOX}
    command: httpd -f -p 80
    init: true
    volumes: ["data:/data", "./data:/mine"]
volumes: {{data: {{}}}}
"""
PROJECT = f"""
name: shop
services:
  web:
    image: {BUSYBOX}
    init: true
    command: sh -c 'echo 1 >> /copied/file; echo 1 >> /named/file; exec httpd -f -p 80'
    container_name: shop
    ports: ["8080:80"]
    volumes: ["./data:/copied", "named:/named", "/anonymous"]
    networks: [own, theirs]
    depends_on: {{db: {{condition: service_healthy}}}}
    restart: always
  db:
    image: {BUSYBOX}
    init: true
    command: sleep 1000
    healthcheck: {{test: "true", interval: 15s}}
    networks: [own]
networks: {{own: {{}}, theirs: {{external: true, name: control_default}}}}
volumes: {{named: {{external: true, name: control_data}}}}
"""


class Stage:
    """A project to try, and one of somebody else, in folders of their own."""

    def __init__(self, engine: Engine, folder: Path, project: str = PROJECT) -> None:
        self.engine = engine
        self.project, self.control = folder / "shop", folder / "control"
        for place, text in ((self.project, project), (self.control, CONTROL)):
            (place / "data").mkdir(parents=True)
            (place / "data" / "file").write_text("0\n")
            (place / "compose.yaml").write_text(text)

    def __enter__(self) -> Stage:
        self._compose("up", "-d")
        return self

    def __exit__(self, *_: object) -> None:
        self._compose("down", "-v", "-t", "0")

    def _compose(self, *words: str) -> None:
        done = self.engine.run("docker-compose", *words, folder=self.control)
        assert done.returncode == 0, done.stderr

    def state(self) -> tuple[object, ...]:
        """Return all that the engine has, and the files of both projects."""
        listings = (
            ("ps", "-a", "--no-trunc", "--format", "{{.ID}} {{.State}}"),
            ("volume", "ls", "-q"),
            ("network", "ls", "-q", "--no-trunc"),
            ("image", "ls", "-aq", "--no-trunc"),
        )
        listed = tuple(sorted(self.engine.docker(*one).splitlines()) for one in listings)
        files = {
            str(path): (path.read_text(), path.stat().st_uid, path.stat().st_mode)
            for folder in (self.project, self.control)
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.name != "tightship-facts.toml"
        }
        data = self.engine.docker("run", "--rm", "-v", "control_data:/d:ro", BUSYBOX, "ls", "/d")
        return (*listed, files, data)

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """Start the command."""
        return subprocess.Popen(
            (*entering(self.engine), sys.executable, "-m", "tightship", "try", *words),
            cwd=self.project,
            env={**self.engine.environment, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(self, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        process = self.start(*words, **variables)
        out, err = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(words, process.returncode, out, err)


@contextlib.contextmanager
def losable(engine: Engine, path: Path) -> Generator[tuple[str, threading.Event]]:
    """Make a socket that leads to the engine until an event: then the engine is lost."""
    lost = threading.Event()
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))
        server.listen(64)
        server.settimeout(0.1)
        thread = threading.Thread(target=_serve, args=(server, engine.address, lost), daemon=True)
        thread.start()
        try:
            yield f"unix://{path}", lost
        finally:
            lost.set()
            thread.join(timeout=5)


def _serve(server: socket.socket, address: str, lost: threading.Event) -> None:
    open_: list[socket.socket] = []
    while not lost.is_set():
        with contextlib.suppress(TimeoutError):
            client, _ = server.accept()
            upstream = socket.socket(socket.AF_UNIX)
            upstream.connect(address.removeprefix("unix://"))
            open_ += [client, upstream]
            for pair in ((client, upstream), (upstream, client)):
                threading.Thread(target=_pass, args=pair, daemon=True).start()
    server.close()
    for one in open_:
        with contextlib.suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
        one.close()


def _pass(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while part := source.recv(1 << 16):
            target.sendall(part)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


def interrupt(stage: Stage, kind: str, after: float, folder: Path) -> Mapping[str, object]:
    """Interrupt a run after some seconds, clean up, and return what happened.

    ``kind`` is the name of a signal, or `lost` for an engine that is no longer there.
    """
    before = stage.state()
    with losable(stage.engine, folder / f"engine-{time.monotonic_ns()}") as (address, lost):
        process = stage.start("--yes", DOCKER_HOST=address)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(after)
        if kind == "lost":
            lost.set()
        elif process.poll() is None:
            process.send_signal(signal.Signals[kind])
        begin = time.monotonic()
        _, err = process.communicate(timeout=SECONDS)
        took = time.monotonic() - begin
    was_left = stage.state() != before
    cleaned = stage.run("--clean")
    return {
        "kind": kind,
        "after": round(after, 1),
        "code": process.returncode,
        "took": round(took, 1),
        "left": was_left,
        "cleaned": cleaned.returncode == 0 and stage.state() == before,
        "said": err[-300:],
    }


KINDS = ("SIGINT", "SIGTERM", "SIGKILL", "lost")


def interruptions(
    stage: Stage, count: int, folder: Path, seed: int = 0
) -> Iterator[Mapping[str, object]]:
    """Interrupt as many runs, each at a random moment."""
    chance = random.Random(seed)
    for number in range(count):
        yield interrupt(stage, KINDS[number % len(KINDS)], chance.uniform(0.3, 25), folder)


def main() -> None:
    """Interrupt as many runs as the first word says, and print what happened to each."""
    from tempfile import TemporaryDirectory

    from tests.lab.prepared import prepared_engine

    with (
        TemporaryDirectory() as name,
        prepared_engine() as engine,
        Stage(engine, Path(name)) as stage,
    ):
        for one in interruptions(stage, int(sys.argv[1]), Path(name), seed=os.getpid()):
            print(one, flush=True)


if __name__ == "__main__":
    main()
