"""The container engine, through the `docker` and `docker compose` commands of the user."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from contextlib import contextmanager, suppress
from threading import Thread

from tightship.lazy import Record, lazy_property
from tightship.report.redaction import without_secrets
from tightship_annexes.trial import bounds, items
from tightship_annexes.trial.masking import Masks

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from typing import IO, Any

OLDEST_COMPOSE = (2, 20)
"""Older versions lack `include` and inline configs, and were not tried."""

_SECONDS = 60  # unless a command gets another timeout
_MOST_OUTPUT = 16_000_000  # bytes that are kept of a command's output
_CHUNK = 1 << 16
_LOOK = 0.5  # seconds between two looks at what a command takes
_SAYING = ("logs", "top", "diff")  # commands that print what containers say
_LOCAL = ("unix://", "npipe://", "fd://")
# Variables of Compose choose another project than the options do, but for this one.
_OF_COMPOSE, _PROFILES = "COMPOSE_", "COMPOSE_PROFILES"


class EngineError(Exception):
    """There is no usable engine, or it failed; the message says what to do."""


class Completed(Record):
    """A command that has ended: its exit code, and the text that it wrote.

    ``code`` is None if it was stopped because its time was over.
    """

    code: int | None
    out: str
    err: str

    @property
    def is_done(self) -> bool:
        """Return whether it succeeded."""
        return self.code == 0

    @property
    def reason(self) -> str:
        """Return the last line that it wrote as an error."""
        lines = [line.strip() for line in self.err.splitlines() if line.strip()]
        return without_secrets(lines[-1]) if lines else "it does not say why"


class Engine:
    """The engine that `docker` talks to in this environment: by DOCKER_HOST, or by a context.

    ``info`` is what `docker info` tells, ``has_no_room`` whether its disk is too full for a trial,
    and ``has_killed`` whether a command took too long and was killed, so that the engine may still
    do what that had begun. ``masks`` hides values of the project in all that its containers say,
    and in errors.
    """

    has_killed = has_no_room = False
    masks = Masks()

    def __init__(self) -> None:
        """Find the commands, and ask the engine.

        Raises:
            EngineError: a command is missing or too old, or no engine answers.

        """
        docker = _program("docker")
        if docker is None:
            raise EngineError(
                "`docker` is not installed: `tightship try` starts containers with it; Podman"
                " needs its package `podman-docker`, and a `docker compose`"
            )
        self._docker = docker
        self._compose = self._found_compose(docker)
        self.info = self._info()

    def docker(
        self, *words: str, stdin: bytes | None = None, timeout: float = _SECONDS
    ) -> Completed:
        """Run `docker` with these words."""
        done = self._run([self._docker, *words], stdin, timeout)
        return done.replaced(out=self.masks.text(done.out)) if words[0] in _SAYING else done

    def compose(
        self, *words: str, stdin: bytes | None = None, timeout: float = _SECONDS
    ) -> Completed:
        """Run `docker compose`, or `docker-compose`, with these words."""
        return self._run([*self._compose, *words], stdin, timeout, self.check_room)

    def _run(
        self,
        command: Sequence[str],
        stdin: bytes | None,
        timeout: float,
        check: Callable[[], None] | None = None,
    ) -> Completed:
        done = run(command, stdin=stdin, timeout=timeout, check=check)
        self.has_killed = self.has_killed or done.code is None
        return done.replaced(err=self.masks.text(done.err))

    def check_room(self) -> None:
        """Stop where the disk of the engine is nearly full, if it is one of this machine.

        Raises:
            EngineError: it is.

        """
        if self.has_no_room or bounds.is_full(self.disk):
            raise EngineError(
                f"less than {bounds.FREE_BYTES // 10**9} GB are free on the disk of the engine"
                f" ({self.disk}), or would be soon: the trial stops; make room, and find out which service fills it"
            )

    @lazy_property
    def disk(self) -> str:
        """Return a folder on the disk of the engine; nothing if that is not on this machine."""
        return "" if self.is_remote else bounds.disk(self.info)

    def asked(self, *words: str, timeout: float = _SECONDS) -> str:
        """Run `docker`, which has to succeed, and return its output.

        Raises:
            EngineError: it failed.

        """
        done = self.docker(*words, timeout=timeout)
        if not done.is_done:
            raise EngineError(f"`docker {' '.join(words[:2])}` failed: {done.reason}")
        return done.out

    @contextmanager
    def reading(self, *words: str) -> Generator[IO[bytes]]:
        """Read what `docker` writes with these words."""
        process = self._started(words, subprocess.DEVNULL, subprocess.PIPE)
        try:
            if process.stdout is not None:
                with process.stdout as stream:
                    yield stream
        finally:
            stop(process)

    def writing(self, *words: str) -> subprocess.Popen[bytes]:
        """Start `docker` with these words, which reads what is written to it."""
        return self._started(words, subprocess.PIPE, subprocess.DEVNULL)

    def _started(self, words: Sequence[str], stdin: int, stdout: int) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [self._docker, *words],
            env=_environment(),
            stdin=stdin,
            stdout=stdout,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _info(self) -> dict[str, Any]:
        """Return what `docker info` tells."""
        done = self.docker("info", "--format", "{{json .}}")
        found = _object(done.out)
        errors = found.get("ServerErrors") or ()
        if not done.is_done or errors or not found.get("ServerVersion"):
            reason = errors[0] if errors else done.reason
            raise EngineError(f"no engine answers ({reason}): start it, or set DOCKER_HOST")
        return found

    @lazy_property
    def name(self) -> str:
        """Return the name and the version, as in `Docker Engine 26.1.5`."""
        name = "Podman" if self.is_podman else "Docker Engine"
        return f"{name} {self.info['ServerVersion']}"

    @lazy_property
    def is_podman(self) -> bool:
        """Return whether it is Podman, which answers as Docker does."""
        found = _object(self.docker("version", "--format", "{{json .Server}}").out)
        return any("podman" in str(one.get("Name")).lower() for one in items(found, "Components"))

    @lazy_property
    def host(self) -> str:
        """Return the address of the engine, as in `unix:///run/docker.sock`."""
        if os.environ.get("DOCKER_HOST"):
            return os.environ["DOCKER_HOST"]
        template = "{{.Endpoints.docker.Host}}"
        return self.docker("context", "inspect", "--format", template).out.strip()

    @property
    def is_remote(self) -> bool:
        """Return whether paths and ports may be those of another machine than this one."""
        return not self.host.startswith(_LOCAL)

    def _found_compose(self, docker: str) -> Sequence[str]:
        found: list[str] = []
        alone = _program("docker-compose")
        for command in ([docker, "compose"], [alone] if alone else []):
            if not command:
                continue
            version = run([*command, "version", "--short"]).out.strip()
            if _numbers(version) >= OLDEST_COMPOSE:
                return command
            found += [version] if version else []
        oldest = ".".join(map(str, OLDEST_COMPOSE))
        raise EngineError(
            f"Docker Compose {found[0]} is too old: install version {oldest} or later"
            if found
            else f"`docker compose` is not installed: install version {oldest} or later"
        )


def run(
    command: Sequence[str],
    *,
    stdin: bytes | None = None,
    timeout: float = _SECONDS,
    check: Callable[[], None] | None = None,
) -> Completed:
    """Run a command of the engine, and stop it with its children when its time is over.

    It has a session of its own: Ctrl-C reaches Tightship alone, which then cleans up. ``check``
    is called again and again; what it raises stops the command, too.

    Raises:
        EngineError: it cannot be started.

    """
    try:
        process = subprocess.Popen(
            command,
            env=_environment(),
            stdin=subprocess.PIPE if stdin is not None else subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as error:
        raise EngineError(f"cannot run `{os.path.basename(command[0])}`: {error}") from None
    out, err = _Kept(process.stdout), _Kept(process.stderr)
    code: int | None = None
    try:
        if stdin is not None:
            Thread(target=_give, args=(process.stdin, stdin), daemon=True).start()
        code = _code(process, out, timeout, check)
    finally:
        if code is None:
            stop(process)
    return Completed(code, out.text(), err.text())


def _code(
    process: subprocess.Popen[bytes], out: _Kept, timeout: float, check: Callable[[], None] | None
) -> int | None:
    """Return the exit code of a command; nothing if it takes too long.

    The end of its output tells that it ends: to ask for that takes up to 50 ms.
    """
    end = time.monotonic() + timeout
    while process.poll() is None and (left := end - time.monotonic()) > 0:
        if check is not None:
            check()
        if out.ends_within(min(left, _LOOK)):
            with suppress(subprocess.TimeoutExpired):
                process.wait(min(left, _LOOK))
    return process.poll()


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and its children."""
    with suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


class _Kept:
    """The beginning of a stream, which is read to its end: nobody waits to write it."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._parts: list[bytes] = []
        self._thread = Thread(target=self._read, args=(stream,), daemon=True)
        self._thread.start()

    def _read(self, stream: IO[bytes] | None) -> None:
        if stream is None:
            return
        size = 0
        with stream:
            while part := os.read(stream.fileno(), _CHUNK):
                if size < _MOST_OUTPUT:
                    self._parts.append(part)
                size += len(part)

    def ends_within(self, seconds: float) -> bool:
        self._thread.join(timeout=seconds)
        return not self._thread.is_alive()

    def text(self) -> str:
        # A program that outlives its parent may hold the stream open.
        self._thread.join(timeout=5)
        return b"".join(self._parts).decode("utf-8", "replace")


def _give(stream: IO[bytes] | None, content: bytes) -> None:
    if stream is not None:
        with suppress(OSError), stream:
            stream.write(content)


def _environment() -> dict[str, str]:
    given = os.environ.items()
    return {k: v for k, v in given if not k.startswith(_OF_COMPOSE) or k == _PROFILES}


def _program(name: str) -> str | None:
    """Return the path of a program in `PATH`; never one in the current folder."""
    name += ".exe" if os.name == "nt" else ""
    paths = (os.path.join(one, name) for one in os.get_exec_path() if os.path.isabs(one))
    return next((one for one in paths if os.path.isfile(one) and os.access(one, os.X_OK)), None)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.lstrip("v").split("-")[0].split("+")[0].split(".")
    return tuple(int(one) for one in parts if one.isdecimal())


def _object(text: str) -> dict[str, Any]:
    """Return an object of JSON; an empty one for anything else."""
    if not text.lstrip().startswith("{"):
        return {}
    try:
        found: dict[str, Any] = json.loads(text)
    except ValueError:
        return {}
    return found
