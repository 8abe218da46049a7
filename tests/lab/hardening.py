"""Try a Compose file with a stand-in: does the service work, and go on working?

A trial has four phases: ``start`` on new volumes, ``stop`` within the time that the plain
file takes, ``restart``, and ``old volume``, a new container on the volumes of the first.
In each but ``stop`` the probe has to succeed, and the processes have to run as the users
that are expected: a server may answer while its workers stay root.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml
from tests.lab.api import call
from tests.lab.engine import LabError
from tests.lab.stand_ins import root_image

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tests.lab.engine import Engine
    from tests.lab.stand_ins import StandIn

Users = frozenset[str]
"""Users and groups of processes, as in ``999:999``."""

# The longest that a plain server may take to answer, and to stop.
ANSWER_SECONDS = 90
STOP_SECONDS = 10

PHASES = ("start", "stop", "restart", "old volume")

NETWORK = "lab"
KILLED = 128 + 9

_TIME = re.compile(
    r"""\[[A-Z][a-z]{2}[ ][A-Z][a-z]{2}[ ]\d\d[ ][\d:.]+[ ]\d{4}\] | \d{4}[-/]\d\d[-/]\d\d | \d{1,2}[ ][A-Z][a-z]{2}[ ]\d{4} | [A-Z][a-z]{2}[ ]{1,2}\d{1,2}(?=[ ]\d\d:)
    | T?\d\d:\d\d:\d\d([.,]\d+)?Z? | \bpid[ =:]?\d+ | ^\d+:[A-Z](?=[ ]\d) | ^\[?\d{10}[]:]
    | \d\d-[A-Z][a-z]{2}-\d{4} | (?<=child)[ ]\d+ | (?<=process)[ ]\d+""",
    re.VERBOSE,
)
"""What a line has anew in each run."""

_making = threading.Lock()
_numbers = itertools.count()


@dataclass(frozen=True)
class Expected:
    """What a trial is held to: the users, and how long the plain file took, in seconds."""

    users: Users
    answer: float = ANSWER_SECONDS
    stop: float = STOP_SECONDS
    stops: bool = True


@dataclass
class Trial:
    """How a trial went: ``failed`` is the phase that failed and why, empty if none did.

    ``answer`` and ``stop`` are the longest times in seconds, ``users`` those of the last
    phase, ``stops`` whether the server ended by itself.
    """

    failed: str = ""
    users: Users = frozenset()
    answer: float = 0
    stop: float = 0
    stops: bool = True

    @property
    def phase(self) -> str:
        """Return the phase that failed."""
        return self.failed.partition(":")[0]


class TrialError(Exception):
    """A phase of a trial failed."""


class Project:
    """One Compose project of a stand-in, in a folder of its own.

    Its service is on the network that all trials share, and publishes no port: making a
    network takes longer than most servers take to start, and a port is taken only once.
    """

    def __init__(self, engine: Engine, stand_in: StandIn) -> None:
        self.engine = engine
        self.stand_in = stand_in
        self.name = f"trial-{os.getpid()}-{next(_numbers)}"
        self.folder: Path = engine.folder / "projects" / self.name
        self.folder.mkdir(parents=True)
        self.client = client(engine, stand_in.root)

    def write(self, text: str) -> None:
        """Set the text of the Compose file."""
        [service] = yaml.safe_load(text)["services"]
        (self.folder / "compose.yaml").write_text(text, encoding="utf-8")
        (self.folder / "lab.yaml").write_text(
            f"services: {{{service}: {{ports: !reset [], networks: !override [lab]}}}}\n"
            f"networks: {{lab: {{external: true, name: {NETWORK}}}}}\n",
            encoding="utf-8",
        )

    def up(self) -> str:
        """Start the project, and return its container."""
        files = ("-f", "compose.yaml", "-f", "lab.yaml")
        up = ("up", "-d", "--pull", "never", "--quiet-pull")
        command = ("docker-compose", "-p", self.name, *files, *up)
        done = self.engine.run(*command, folder=self.folder)
        if done.returncode:
            raise TrialError(_last_line(done.stderr))
        [container] = self._containers()
        return container

    def _containers(self) -> list[str]:
        found = self._call("GET", "containers", "json", all="1", filters=self._own())
        return [one["Id"] for one in found]

    def _own(self) -> str:
        return json.dumps({"label": [f"com.docker.compose.project={self.name}"]})

    def _call(self, method: str, *path: str, **query: str) -> Any:
        return call(self.engine, method, *path, **query)

    def answers(self, container: str, seconds: float) -> None:
        """Wait until the probe succeeds; it fails if the container ends before."""
        networks = self.inspect(container)["NetworkSettings"]["Networks"]
        server = networks[NETWORK]["IPAddress"] if NETWORK in networks else "127.0.0.1"
        # In a condition, `-e` would not end the probe at its first failure.
        loop = f"""
            end=$((SECONDS + {seconds:.0f}))
            until bash -e -o pipefail -c "$1" >/dev/null 2>&1
            do [ $SECONDS -lt $end ] || exit 1; sleep 0.3; done
        """
        probe = ("bash", "-c", loop, "probe", self.stand_in.probe)
        script = ("timeout", f"{seconds + 10:.0f}", *probe)
        probing = subprocess.Popen(
            ("docker", "exec", "-e", f"server={server}", self.client, *script),
            env=dict(self.engine.environment),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while (done := probing.poll()) is None:
            if not self.inspect(container)["State"]["Running"]:
                probing.kill()
                probing.wait()
                raise TrialError(self.last_words(container, "ends"))
            time.sleep(0.2)
        if done != 0:
            raise TrialError(self.last_words(container, "does not answer"))

    def inspect(self, container: str) -> Any:
        """Return what the engine tells of a container."""
        return self._call("GET", "containers", container, "json")

    def last_words(self, container: str, what: str) -> str:
        """Return what happened, with the last line that the container printed."""
        log = self.engine.run("docker", "logs", "--tail", "20", container)
        state = self.inspect(container)["State"]
        if state["OOMKilled"]:
            return f"{what}: out of memory"
        last = _last_line(log.stderr) or _last_line(log.stdout)
        return f"{what}: {state['Error'] or last}".removesuffix(": ")

    def users(self, container: str) -> Users:
        """Return the users of a container's processes."""
        top = self._call("GET", "containers", container, "top", ps_args="-eo pid,uid,gid")
        return frozenset(f"{uid}:{gid}" for _pid, uid, gid in top["Processes"])

    def stop(self, container: str, seconds: float) -> bool:
        """Stop a container, and return whether it ended by itself."""
        self._call("POST", "containers", container, "stop", t=f"{seconds:.0f}")
        return bool(self.inspect(container)["State"]["ExitCode"] != KILLED)

    def start(self, container: str) -> None:
        """Start a container that was stopped."""
        try:
            self._call("POST", "containers", container, "start")
        except LabError as error:
            raise TrialError(_last_line(str(error))) from error

    def down(self) -> None:
        """Remove the containers, and keep the volumes that have a name."""
        for one in self._containers():
            self._call("DELETE", "containers", one, force="1", v="1")

    def remove(self) -> None:
        """Remove all that belongs to the project."""
        self.down()
        found = self._call("GET", "volumes", filters=self._own())
        for volume in found["Volumes"] or ():
            self._call("DELETE", "volumes", volume["Name"], force="1")
        shutil.rmtree(self.folder, ignore_errors=True)


def client(engine: Engine, root: str) -> str:
    """Return the container that the probes of a root's stand-ins run in."""
    name = f"lab-client-{root}"
    with _making:
        if engine.run("docker", "inspect", name).returncode == 0:
            return name
        if engine.run("docker", "network", "inspect", NETWORK).returncode:
            engine.docker("network", "create", NETWORK)
        run = ("run", "-d", "--init", "--name", name, "--network", NETWORK)
        engine.docker(*run, root_image(root), "sleep", "infinity")
    return name


def phases(
    project: Project, text: str, expected: Expected, trial: Trial
) -> Generator[tuple[str, str]]:
    """Run the phases, and yield the name and the container of each that passed."""
    project.write(text)

    @contextmanager
    def named(phase: str) -> Generator[None]:
        try:
            yield
        except TrialError as failure:
            trial.failed = f"{phase}: {failure}"
            raise

    def works(container: str) -> None:
        start = time.monotonic()
        project.answers(container, expected.answer)
        trial.answer = max(trial.answer, time.monotonic() - start)
        trial.users = project.users(container)
        if expected.users and trial.users != expected.users:
            raise TrialError(_other_users(trial.users, expected.users))

    with named("start"):
        container = project.up()
        works(container)
    yield "start", container
    with named("stop"):
        start = time.monotonic()
        limit = min(STOP_SECONDS, 2 * expected.stop + 2) if expected.stops else 0
        trial.stops = project.stop(container, limit)
        trial.stop = time.monotonic() - start
        if expected.stops and expected.users and not trial.stops:
            raise TrialError("has to be killed")
    yield "stop", container
    with named("restart"):
        project.start(container)
        works(container)
    yield "restart", container
    with named("old volume"):
        project.stop(container, limit)
        project.down()
        container = project.up()
        works(container)
    yield "old volume", container


def run_trial(
    engine: Engine, stand_in: StandIn, text: str, expected: Expected, last: str = ""
) -> Trial:
    """Try a Compose file, up to a phase."""
    trial = Trial()
    project = Project(engine, stand_in)
    try:
        for phase, _container in phases(project, text, expected, trial):
            if phase == last:
                break
    except TrialError:
        pass
    finally:
        project.remove()
    return trial


def run_on_plain_volumes(engine: Engine, stand_in: StandIn, text: str, expected: Expected) -> Trial:
    """Try a Compose file on volumes that the plain file has filled."""
    trial = Trial()
    project = Project(engine, stand_in)
    try:
        project.write(stand_in.compose)
        container = project.up()
        project.answers(container, expected.answer)
        project.stop(container, STOP_SECONDS if expected.stops else 0)
        project.down()
        project.write(text)
        container = project.up()
        project.answers(container, expected.answer)
        trial.users = project.users(container)
        if expected.users and trial.users != expected.users:
            raise TrialError(_other_users(trial.users, expected.users))
    except TrialError as failure:
        trial.failed = f"plain volume: {failure}"
    finally:
        project.remove()
    return trial


def _other_users(users: Users, expected: Users) -> str:
    named, wanted = (" and ".join(sorted(one)) for one in (users, expected))
    return f"runs as {named}, not {wanted}"


def _last_line(text: str) -> str:
    """Return the last line that has something to say, without times and identifiers."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    last = lines[-1] if lines else ""
    last = re.sub(r"\x1b\[[0-9;]*m|\b[0-9a-f]{12,64}\b", "", last)
    return _TIME.sub("", last).strip()[:140]
