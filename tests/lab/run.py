"""Run Compose projects in the lab, and read what the probe saw in each container."""

from __future__ import annotations

import io
import json
import re
import tarfile
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path

    from tests.lab.engine import Engine

IMAGE = "lab/probe:1"
PROBE_SECONDS = 20

_PASSWD = """\
root:x:0:0:root:/:/bin/probe
toor:x:0:0:root:/:/bin/probe
app:x:1000:1000:app:/:/bin/probe
"""
_GROUP = "root:x:0:\nadm:x:4:\ndisk:x:6:\nshadow:x:42:\nstaff:x:50:\napp:x:1000:\n"


class Outcome:
    """The outcome of a project: what its services printed, or why it was refused.

    ``ports`` holds, by service, the addresses that the engine bound, ``inspected`` what
    it tells of the container, and ``logs`` what all of them printed.
    """

    def __init__(
        self,
        probes: Mapping[str, Mapping[str, Any]],
        ports: Mapping[str, list[str]],
        refused: str = "",
        logs: str = "",
        inspected: Mapping[str, Any] | None = None,
    ) -> None:
        self.probes = probes
        self.ports = ports
        self.refused = refused
        self.logs = logs
        self.inspected = inspected or {}


def make_image(engine: Engine) -> None:
    """Make the image that holds the probe, without a registry."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        for name, mode in (
            *((folder, 0o755) for folder in ("bin", "etc", "data", "run", "mnt")),
            ("tmp", 0o1777),
        ):
            entry = tarfile.TarInfo(name)
            entry.type, entry.mode = tarfile.DIRTYPE, mode
            tar.addfile(entry)
        probe = (engine.folder / "probe").read_bytes()
        for path, content, mode in (
            ("bin/probe", probe, 0o755),
            ("bin/raise", probe, 0o4755),
            ("bin/network", (engine.folder / "network").read_bytes(), 0o755),
            ("bin/calls", (engine.folder / "calls").read_bytes(), 0o755),
            ("etc/passwd", _PASSWD.encode(), 0o644),
            ("etc/group", _GROUP.encode(), 0o644),
        ):
            entry = tarfile.TarInfo(path)
            entry.size, entry.mode = len(content), mode
            tar.addfile(entry, io.BytesIO(content))
    change = 'ENTRYPOINT ["/bin/probe"]'
    engine.docker("import", "-c", change, "-", IMAGE, stdin=packed.getvalue())


def written(engine: Engine, name: str, files: Mapping[str, str]) -> Path:
    """Write the files of a project, and return its folder."""
    folder = engine.folder / "projects" / name
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return folder


def run_project(engine: Engine, name: str, files: Mapping[str, str], *arguments: str) -> Outcome:
    """Start a project, wait for its probes, and remove all that belongs to it."""
    with project_of(engine, name, files, *arguments) as refused:
        if refused:
            return Outcome({}, {}, refused=refused)
        return _observed(engine, f"lab-{name}")


@contextmanager
def project_of(
    engine: Engine, name: str, files: Mapping[str, str], *arguments: str
) -> Generator[str]:
    """Start a project, and remove all that belongs to it; give why it was refused."""
    folder = written(engine, name, files)
    compose = ("docker-compose", "-p", f"lab-{name}", *arguments)
    try:
        up = engine.run(*compose, "up", "-d", "--quiet-pull", "--pull", "never", folder=folder)
        yield _reason(up.stderr) if up.returncode else ""
    finally:
        engine.run(*compose, "down", "-v", "-t", "0", folder=folder)
        remove_rest(engine, f"lab-{name}")


def _observed(engine: Engine, project: str) -> Outcome:
    containers = engine.docker(
        *("ps", "-a", "--filter", f"label=com.docker.compose.project={project}"),
        *("--format", '{{.ID}} {{.Label "com.docker.compose.service"}}'),
    )
    probes: dict[str, Mapping[str, Any]] = {}
    ports: dict[str, list[str]] = {}
    inspected: dict[str, Any] = {}
    logs = ""
    for line in containers.splitlines():
        identifier, service = line.split()
        printed = _printed(engine, identifier)
        logs += printed
        try:
            probes[service] = json.loads(printed.splitlines()[-1])
        except (ValueError, IndexError):
            probes[service] = {}
        [inspected[service]] = json.loads(engine.docker("inspect", identifier))
        bound: Mapping[str, list[dict[str, str]] | None]
        bound = inspected[service]["NetworkSettings"]["Ports"] or {}
        ports[service] = sorted(
            f"{one['HostIp']}:{one['HostPort']}:{inner}"
            for inner, outer in bound.items()
            for one in outer or ()
        )
    return Outcome(probes, ports, logs=logs, inspected=inspected)


def _printed(engine: Engine, container: str) -> str:
    """Return what a container printed, once its probe is done."""
    end = time.monotonic() + PROBE_SECONDS
    while True:
        done = engine.run("docker", "logs", container)
        if done.stdout.rstrip().endswith("}") or time.monotonic() > end:
            return done.stdout
        state = engine.run("docker", "inspect", "-f", "{{.State.Status}}", container)
        if state.stdout.strip() != "running" or done.returncode:
            # It may have printed its last words since, to either of both.
            last = engine.run("docker", "logs", container)
            return last.stdout + last.stderr
        time.sleep(0.1)


def remove_rest(engine: Engine, project: str) -> None:
    """Remove what `down` leaves: containers of a project that did not start."""
    of_project = ("--filter", f"label=com.docker.compose.project={project}")
    left = engine.docker("ps", "-aq", *of_project).split()
    left += engine.docker("ps", "-aq", "--filter", "label=tightship.lab").split()
    if left:
        engine.docker("rm", "-fv", *left)
    for kind in ("network", "volume"):
        if found := engine.docker(kind, "ls", "-q", *of_project).split():
            engine.docker(kind, "rm", *found)


def _reason(stderr: str) -> str:
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    last = lines[-1] if lines else "no reason given"
    return re.sub(r"\b[0-9a-f]{12,64}\b", "ID", last)
