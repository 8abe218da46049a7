"""A Docker engine for the lab: one of its own, or the one that DOCKER_HOST names.

The engine of its own leaves the machine as it was. It has mount, network, IPC, UTS and
PID namespaces of its own, so that ``pid: host`` or ``uts: host`` reaches the lab and not
the machine; a folder in the temporary directory for its data and its socket; an empty
``/run`` and ``/mnt``; and a parent control group, which is removed with it.

A supervisor stops it in every case: it waits at a pipe that the lab holds. The pipe is
closed when the lab ends: after a failure, Ctrl-C or SIGKILL, too. The supervisor then
kills the first process of the PID namespace, with which the kernel ends every other one.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

# The longest that the engine may take to start, and a command of the client to end.
START_SECONDS = 60
COMMAND_SECONDS = 120
# Tens of gigabytes of images may be left to remove, on a busy disk.
REMOVAL_SECONDS = 600

PROGRAMS = ("probe", "network", "calls", "capabilities")
"""The programs of the lab's images, each from a C file beside this one."""

HOST_FOLDER = "/mnt/lab"
"""A folder of the engine's host that containers may mount and change."""

# $1 is the lab's folder, $2 the parent control group. The inner script is the first
# process of the PID namespace.
_SUPERVISOR = r"""
unshare --mount --net --ipc --uts --pid --fork --kill-child --mount-proc \
    bash -c "$3" lab "$1" "$2" >"$1/log" 2>&1 </dev/null &
engine=$!
read -r _
kill -KILL "$engine" 2>/dev/null
wait "$engine" 2>/dev/null
for _ in 1 2 3 4 5 6 7 8 9 10; do
    find /sys/fs/cgroup -depth -path "*/$2*" -type d -exec rmdir {} + 2>/dev/null
    [ -z "$(find /sys/fs/cgroup -path "*/$2*" -type d -print -quit 2>/dev/null)" ] && break
    sleep 0.2
done
# What a container has in a control group outside of the lab's own.
for container in "$1"/data/containers/*; do
    find /sys/fs/cgroup -depth -name "${container##*/}" -type d -exec rmdir {} + 2>/dev/null
done
rm -rf -- "$1"
"""
_ENGINE = r"""
set -e
ip link set lo up
hostname lab
mount --make-rprivate /
mount -t tmpfs lab /run
mount -t tmpfs lab /mnt
mkdir /mnt/lab /mnt/lab/a /mnt/lab/b
echo a >/mnt/lab/a/file
echo b >/mnt/lab/b/file
# For the group `disk` only.
echo c >/mnt/lab/disk-only && chgrp 6 /mnt/lab/disk-only && chmod 640 /mnt/lab/disk-only
mount --make-shared /mnt
# What containers write to here is not the machine's.
for folder in /boot /usr/local/sbin /var/log; do mount -t tmpfs lab "$folder"; done
echo log >/var/log/syslog
# What a container has to see, signal and reach only where it shares a namespace.
(exec -a victim "$1/probe" "$1/host.json") &
dockerd --data-root "$1/data" --exec-root "$1/exec" --pidfile "$1/pid" \
    -H "unix://$1/docker.sock" -H unix:///run/docker.sock -H tcp://0.0.0.0:2375 --tls=false --storage-driver overlay2 --bip 10.199.0.1/24 \
    --cgroup-parent "/$2" --exec-opt native.cgroupdriver=cgroupfs &
wait $!
"""


class LabError(Exception):
    """A command of the lab failed, or there is no engine."""


class Engine:
    """A running engine, and the clients that talk to it."""

    def __init__(self, address: str, folder: Path, *, own: bool) -> None:
        self.address = address
        self.folder = folder
        self.own = own
        self.host_namespaces: Mapping[str, str] = {}
        self.environment: Mapping[str, str] = {
            **{k: v for k, v in os.environ.items() if not k.startswith("COMPOSE_")},
            "DOCKER_HOST": address,
            "DOCKER_CONFIG": str(folder / "client"),
        }

    def run(
        self, *command: str, folder: Path | None = None, stdin: bytes | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a client, whether it fails or not."""
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=folder or self.folder,
            input=stdin or b"",
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        out, err = done.stdout.decode(), done.stderr.decode()
        return subprocess.CompletedProcess(command, done.returncode, out, err)

    def docker(self, *arguments: str, stdin: bytes | None = None) -> str:
        """Run ``docker``, which has to succeed, and return its output."""
        done = self.run("docker", *arguments, stdin=stdin)
        if done.returncode:
            raise LabError(f"docker {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout

    def versions(self) -> dict[str, str]:
        """Return the versions that records are kept with."""
        template = "{{.Server.Version}}|{{.Server.KernelVersion}}"
        engine, kernel = self.docker("version", "-f", template).strip().split("|")
        info = self.docker("info", "-f", "{{.CgroupVersion}}|{{.SecurityOptions}}")
        cgroup, options = info.strip().split("|")
        compose = self.run("docker-compose", "version", "--short").stdout.strip()
        return {
            "engine": engine,
            "compose": compose,
            "kernel": kernel,
            "cgroup": cgroup,
            "security": options,
        }


def missing_part() -> str | None:
    """Return why there can be no lab on this machine, or nothing."""
    programs: Sequence[str] = ("docker", "docker-compose", "gcc")
    if "DOCKER_HOST" not in os.environ:
        programs = (*programs, "dockerd", "iptables", "unshare", "ip")
        if os.geteuid() != 0:
            return "an engine of its own needs root; set DOCKER_HOST to use another"
    for program in programs:
        if shutil.which(program) is None:
            return f"{program} is not installed; see tests/lab/install.sh"
    if subprocess.run(("docker", "buildx", "version"), capture_output=True).returncode:
        return "docker buildx is not installed; see tests/lab/install.sh"
    return None


@contextmanager
def engine() -> Generator[Engine]:
    """Start an engine, or take the one that DOCKER_HOST names; remove what was made."""
    folder = Path(tempfile.mkdtemp(prefix="tightship-lab-"))
    address = os.environ.get("DOCKER_HOST")
    try:
        for program in PROGRAMS:
            _compile(program, folder)
        if address:
            yield Engine(address, folder, own=False)
        else:
            yield from _own_engine(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compile(program: str, folder: Path) -> None:
    source = Path(__file__).with_name(f"{program}.c")
    command = ("gcc", "-static", "-O1", "-o", str(folder / program), str(source))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LabError(f"{source.name} does not compile:\n{done.stderr}")


def _own_engine(folder: Path) -> Iterator[Engine]:
    supervisor = subprocess.Popen(
        ["bash", "-c", _SUPERVISOR, "supervisor", str(folder), folder.name, _ENGINE],
        stdin=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        own = Engine(f"unix://{folder}/docker.sock", folder, own=True)
        _wait_for(own, supervisor)
        host = json.loads((folder / "host.json").read_text(encoding="utf-8"))
        own.host_namespaces = host["namespaces"]
        yield own
    finally:
        assert supervisor.stdin is not None
        supervisor.stdin.close()
        supervisor.wait(timeout=REMOVAL_SECONDS)


def _wait_for(own: Engine, supervisor: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and supervisor.poll() is None:
        if own.run("docker", "version").returncode == 0:
            return
        if _has_ended(own, supervisor):
            break
        time.sleep(0.2)
    log = own.folder / "log"
    last = log.read_text(errors="replace")[-1500:] if log.exists() else ""
    raise LabError(f"the engine did not start:\n{last}")


def _has_ended(own: Engine, supervisor: subprocess.Popen[bytes]) -> bool:
    """Tell whether the engine of a supervisor began, and is no more."""
    children = Path(f"/proc/{supervisor.pid}/task/{supervisor.pid}/children")
    began = (own.folder / "log").exists()
    try:
        return began and not children.read_text()
    except FileNotFoundError:
        return False
