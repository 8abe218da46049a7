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

from tightship_annexes.trial import bounds
from tightship_annexes.trial.bounds import FREE_BYTES, bounded, disk, has_limit
from tightship_annexes.trial.disk_guard import DiskGuard
from tightship_annexes.trial.engine import Completed, EngineError, run

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


GIGABYTE = 10**9


class Filled:
    """An engine whose containers write; it keeps what it is told."""

    has_no_room = False
    disk = ""

    def __init__(self) -> None:
        self.calls = list[tuple[str, ...]]()

    def docker(self, *words: str) -> Completed:
        self.calls.append(words)
        return Completed(0, "c1 c2" if words[0] == "ps" else "", "")


def guarded(*free: float) -> tuple[Filled, list[bool]]:
    """Let a guard look each tenth of a second; return what it did, and saw."""
    engine: Any = Filled()
    guard = DiskGuard(engine, "label")
    seen = list[bool]()
    for number, one in enumerate(free):
        guard.look(number / 10, int(one * GIGABYTE))
        seen.append(engine.has_no_room)
    return engine, seen


def test_a_filler_is_ended_while_the_reserve_is_there() -> None:
    engine, seen = guarded(*(7 - number / 10 for number in range(30)))  # 1 GB in each second
    first = seen.index(True)
    assert 5.5 < 7 - first / 10 < 6.1
    assert ("kill", "c1", "c2") in engine.calls


def test_what_writes_for_a_moment_or_slowly_goes_on() -> None:
    assert not any(guarded(4, 3.9, 3.8, *[3.8] * 30)[1])
    assert not any(guarded(*(3 - number / 1000 for number in range(100)))[1])
    assert guarded(1.9)[1] == [True]
