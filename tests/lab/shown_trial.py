"""Run a project as people are shown it, then as it is hardened, and ask it to work.

Unlike the trials of stand-ins (``tests/lab/hardening.py``), a project has several services
and its own network, publishes its ports and builds what it builds.
"""

from __future__ import annotations

import itertools
import os
import shutil
from typing import TYPE_CHECKING

from tests.lab.engine import LabError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.lab.engine import Engine

ANSWER_SECONDS = 60
STOP_SECONDS = 5

# In a condition, `-e` would not end the probe at its first failure.
_LOOP = f"""
end=$((SECONDS + {ANSWER_SECONDS}))
until bash -e -o pipefail -c "$1" >/dev/null 2>&1
do [ $SECONDS -lt $end ] || exit 1; sleep 0.3; done
"""

_numbers = itertools.count()


class ShownError(Exception):
    """A service does not work; the phase and the service are in the message."""


class Probe:
    """A script that succeeds if a service does its work.

    It runs in a container of ``image`` beside the service, with the name of the service as
    ``$server``, or in the container of the service itself if there is no image.
    """

    def __init__(self, script: str, image: str = "") -> None:
        self.script = script
        self.image = image


class _Running:
    """One project in a folder of its own."""

    def __init__(
        self, engine: Engine, probes: Mapping[str, Probe], settings: Mapping[str, str]
    ) -> None:
        self.engine = engine
        self.probes = probes
        self.name = f"shown-{os.getpid()}-{next(_numbers)}"
        self.folder = engine.folder / "projects" / self.name
        self.home = engine.folder / "homes" / self.name
        self.home.mkdir(parents=True)
        self._set = tuple(f"{key}={value}" for key, value in settings.items())

    def write(self, files: Mapping[str, str]) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for path, text in files.items():
            place = self.folder / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")

    def compose(self, phase: str, *arguments: str) -> None:
        command = ("docker-compose", "-p", self.name, *arguments)
        # What a file calls `~` is not the home of whoever runs the lab.
        settings = (f"HOME={self.home}", *self._set)
        done = self.engine.run("env", *settings, *command, folder=self.folder)
        if done.returncode:
            raise ShownError(f"{phase}: {done.stderr.strip()[-400:]}")

    def up(self, phase: str) -> dict[str, frozenset[str]]:
        """Start the project and probe it; return the users of each service."""
        self.compose(phase, "up", "-d", "--build", "--pull", "never")
        return self.works(phase)

    def works(self, phase: str) -> dict[str, frozenset[str]]:
        containers = self.containers()
        for service, probe in self.probes.items():
            if service not in containers:
                raise ShownError(f"{phase}: no container of {service}")
            if not self._answers(service, containers[service], probe):
                log = self.engine.run("docker", "logs", containers[service])
                words = (log.stdout + log.stderr).strip()[-400:]
                raise ShownError(f"{phase}: {service} does not work: {words}")
        return {name: self._users(one) for name, one in containers.items()}

    def _answers(self, service: str, container: str, probe: Probe) -> bool:
        where: tuple[str, ...] = ("exec", container, "sh", "-ec", probe.script)
        if probe.image:
            network = ("--network", f"{self.name}_default", "-e", f"server={service}")
            run = ("run", "--rm", *network, probe.image)
            where = (*run, "bash", "-c", _LOOP, "probe", probe.script)
        return self.engine.run("docker", *where).returncode == 0

    def containers(self) -> dict[str, str]:
        """Return the running container of each service."""
        own = ("--filter", f"label=com.docker.compose.project={self.name}")
        form = '{{.Label "com.docker.compose.service"}} {{.ID}}'
        lines = self.engine.docker("ps", *own, "--format", form).splitlines()
        return dict(line.split() for line in lines)

    def _users(self, container: str) -> frozenset[str]:
        top = self.engine.docker("top", container, "-eo", "pid,uid,gid")
        return frozenset(" ".join(line.split()[1:]) for line in top.splitlines()[1:])

    def down(self, phase: str, *, volumes: bool = False) -> None:
        more = ("-v", "--rmi", "local") if volumes else ()
        self.compose(phase, "down", "-t", str(STOP_SECONDS), *more)

    def remove(self) -> None:
        try:
            self.down("removal", volumes=True)
        except ShownError as error:
            raise LabError(str(error)) from error
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)
            shutil.rmtree(self.home, ignore_errors=True)


def tried(
    engine: Engine,
    plain: Mapping[str, str],
    hardened: Mapping[str, str],
    probes: Mapping[str, Probe],
    settings: Mapping[str, str],
) -> str:
    """Return what does not work, in which phase; empty if all does.

    The phases are: the plain files; the hardened ones on the volumes of these; a restart;
    a second ``up``, which has nothing to do; new containers on the old volumes; and the
    hardened files on new volumes. A service has to run as the users that it has with the
    plain files: it may answer while it stays root.
    """
    running = _Running(engine, probes, settings)
    try:
        running.write(plain)
        users = running.up("plain")
        running.down("plain")
        running.write(hardened)
        _same(users, running.up("on the plain volumes"), "on the plain volumes")
        running.compose("restart", "restart", "-t", str(STOP_SECONDS))
        _same(users, running.works("restart"), "restart")
        before = running.containers()
        running.up("second up")
        if running.containers() != before:
            raise ShownError("second up: it makes new containers")
        running.down("old volumes")
        _same(users, running.up("old volumes"), "old volumes")
        running.down("new volumes", volumes=True)
        _same(users, running.up("new volumes"), "new volumes")
    except ShownError as error:
        return str(error)
    finally:
        running.remove()
    return ""


def _same(
    expected: Mapping[str, frozenset[str]], users: Mapping[str, frozenset[str]], phase: str
) -> None:
    for service, ours in users.items():
        if ours != expected[service]:
            wanted = ", ".join(sorted(expected[service]))
            raise ShownError(f"{phase}: {service} runs as {', '.join(sorted(ours))}, not {wanted}")
