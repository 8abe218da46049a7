"""A trial takes no more of the machine than it says: memory, processes and disk."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from tests.trial.simulated_engine import SimulatedEngine

from tightship.trial import bounds
from tightship.trial.bounds import FREE_BYTES, bounded, disk, has_limit
from tightship.trial.engine import EngineError, run

if TYPE_CHECKING:
    from pathlib import Path

BOTH = {"mem_limit": 1 << 33, "pids_limit": 16_384}


class Usage(NamedTuple):
    """What `shutil.disk_usage` returns."""

    free: int


def test_a_container_gets_half_of_the_memory_as_far_as_the_engine_can_bound() -> None:
    info = {"MemTotal": 1 << 34, "MemoryLimit": True, "PidsLimit": True}
    assert bounds.bounds(info) == BOTH
    assert not bounds.bounds({"MemTotal": 1 << 34, "MemoryLimit": False})


@pytest.mark.parametrize(
    ("own", "left"),
    [
        ({}, {"mem_limit", "pids_limit"}),
        ({"mem_limit": 1}, {"pids_limit"}),
        ({"mem_reservation": 1}, {"pids_limit"}),
        ({"deploy": {"resources": {"limits": {"memory": "1"}}}}, {"pids_limit"}),
        ({"deploy": {"resources": {"reservations": {"memory": "1"}}}}, {"pids_limit"}),
        ({"deploy": {"resources": {"limits": {"pids": 1, "cpus": 1}}}}, {"mem_limit"}),
        ({"pids_limit": 0}, {"mem_limit"}),
    ],
)
def test_what_the_project_says_stays(own: dict[str, Any], left: set[str]) -> None:
    assert bounded(own, BOTH).keys() == left


@pytest.mark.parametrize(
    ("memory", "is_own"), [(0, False), (1 << 33, False), (1 << 20, True), (None, False)]
)
def test_a_bound_of_the_trial_is_no_limit_of_the_project(memory: int | None, is_own: bool) -> None:
    assert has_limit({"HostConfig": {"Memory": memory}}, "mem_limit", BOTH) == is_own


def test_the_disk_of_an_engine_is_looked_at_where_it_is_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert disk({"DockerRootDir": str(tmp_path)}) == str(tmp_path)
    assert not disk({"DockerRootDir": str(tmp_path / "gone")})
    assert not disk({"DockerRootDir": str(tmp_path), "OperatingSystem": "Docker Desktop"})
    assert not disk({})
    real = shutil.disk_usage

    def hidden(path: str) -> Any:
        if path == str(tmp_path):
            raise PermissionError
        return real(path)

    monkeypatch.setattr(shutil, "disk_usage", hidden)
    assert disk({"DockerRootDir": str(tmp_path)}) == str(tmp_path.parent)


def test_a_full_disk_stops_a_command_that_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = SimulatedEngine({})
    engine.info |= {"DockerRootDir": str(tmp_path)}
    free = [FREE_BYTES, FREE_BYTES, FREE_BYTES - 1]

    def used(_: str) -> Usage:
        return Usage(free.pop(0) if free[1:] else free[0])

    monkeypatch.setattr(shutil, "disk_usage", used)
    waits = [sys.executable, "-c", "import time; time.sleep(60)"]
    with pytest.raises(EngineError, match="less than 2 GB are free on the disk of the engine"):
        run(waits, check=engine.check_room)
    assert len(free) == 1


@pytest.mark.parametrize(
    ("program", "code", "out"),
    [
        ("print('a'); raise SystemExit(3)", 3, "a\n"),
        # It closes its output long before it ends.
        ("import os, time; os.close(1); os.close(2); time.sleep(0.7); os._exit(4)", 4, ""),
        ("import time; print('b', flush=True); time.sleep(60)", None, "b\n"),
    ],
)
def test_a_command_ends_with_its_code_or_with_its_time(
    program: str, code: int | None, out: str
) -> None:
    done = run([sys.executable, "-c", program], timeout=2)
    assert (done.code, done.out) == (code, out)


def test_a_program_that_outlives_a_command_is_not_waited_for() -> None:
    child = "import subprocess as s; print(s.Popen(['sleep', '60'], stderr=s.DEVNULL).pid)"
    start = time.monotonic()
    done = run([sys.executable, "-c", child], timeout=40)
    os.kill(int(done.out), signal.SIGKILL)
    assert done.code == 0
    assert time.monotonic() - start < 20
