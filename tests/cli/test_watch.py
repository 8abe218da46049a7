"""``--watch``: a check that is run again after each change."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from tightship.cli import watch as watch_module
from tightship.cli.watch import Watched

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.cli.conftest import InFolder, Process

WEAK = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"
GOOD = WEAK.replace("true", "false")
ONE = ("--select", "privileged-container", "--output-format", "concise")
posix = pytest.mark.skipif(sys.platform == "win32", reason="interrupts differ there")


class Watching:
    """A process that watches, and what it has written so far."""

    def __init__(self, process: Process, *arguments: str) -> None:
        # A runner in the background may ignore the signal, and its children with it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        self.process = subprocess.Popen(
            process.argv("check", "--watch", *arguments),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=process.folder,
            env=process.environment | {"PYTHONUNBUFFERED": "1"},
        )
        self.text = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.text += line.decode()

    def wait_for(self, text: str, times: int = 1) -> None:
        end = time.monotonic() + 30
        while self.text.count(text) < times:
            assert time.monotonic() < end, self.text
            assert self.process.poll() is None, self.text
            time.sleep(0.02)

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def interrupt(self) -> int:
        self.process.send_signal(signal.SIGINT)
        code = self.process.wait(30)
        self._reader.join()
        return code


@pytest.fixture
def watching(process: Process) -> Iterator[Watching]:
    process.write("compose.yaml", WEAK)
    made = Watching(process, *ONE)
    yield made
    made.end()


@posix
def test_a_change_is_checked_and_an_interrupt_ends_it_quietly(
    process: Process, watching: Watching
) -> None:
    watching.wait_for("Watching 1 file; press Ctrl-C to stop.")
    assert watching.text.count("[privileged-container]") == 1
    process.write("compose.yaml", GOOD)
    watching.wait_for("Watching", 2)
    assert watching.text.count("[privileged-container]") == 1
    process.write("web/compose.yaml", WEAK)
    watching.wait_for("Watching 2 files", 1)
    assert "web/compose.yaml:4:17: error" in watching.text
    assert watching.interrupt() == 130
    assert "Traceback" not in watching.text
    assert "\x1b" not in watching.text


@posix
def test_an_idle_watch_prints_nothing_and_does_little(watching: Watching) -> None:
    watching.wait_for("Watching")
    before, used = watching.text, cpu(watching.process.pid)
    time.sleep(3)
    assert watching.text == before
    if used is not None:
        now = cpu(watching.process.pid)
        assert now is not None
        assert now - used <= 0.05 * 3 + 0.05
    assert watching.interrupt() == 130


def cpu(pid: int) -> float | None:
    """Return the seconds of a core that a process has used, where that can be known."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rpartition(")")[2].split()
    except OSError:
        return None
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@posix
def test_a_terminal_is_cleared_before_each_run(process: Process) -> None:
    import pty
    import select

    process.write("compose.yaml", WEAK)
    ours, theirs = pty.openpty()
    running = subprocess.Popen(
        process.argv("check", "--watch", *ONE),
        stdout=theirs,
        stderr=subprocess.PIPE,
        cwd=process.folder,
        env=process.environment | {"TERM": "xterm", "NO_COLOR": "1"},
    )
    try:
        assert running.stderr is not None
        cleared, shown = b"\x1b[2J\x1b[Hcompose.yaml:4:17: error", b""
        for runs in (1, 2):
            assert running.stderr.readline().startswith(b"Checking at ")
            assert running.stderr.readline().startswith(b"Watching ")
            # A terminal gives the text of a run in several pieces.
            while shown.count(cleared) < runs and select.select([ours], [], [], 5)[0]:
                shown += os.read(ours, 10_000)
            assert shown.count(cleared) == runs
            assert shown.startswith(cleared)
            process.write("compose.yaml", WEAK + "    init: true\n")
    finally:
        running.kill()
        running.wait()
        os.close(ours)
        os.close(theirs)
        assert running.stderr is not None
        running.stderr.close()


@pytest.fixture
def paused(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return the pauses that a watch makes, none of which takes time."""
    pauses: list[float] = []
    monkeypatch.setattr(watch_module, "sleep", pauses.append)
    return pauses


@pytest.mark.parametrize(
    "name",
    [
        *("compose.yaml", "stack.yml", "a/Dockerfile", "a/web.Dockerfile"),
        *(".env", "prod.env", "tightship.toml", "pyproject.toml", ".gitignore"),
        "a/.dockerignore",
    ],
)
def test_relevant_files_are_noticed_when_created_changed_or_removed(
    tmp_path: Path, paused: list[float], name: str
) -> None:
    (tmp_path / "a").mkdir()
    watched, path = Watched([str(tmp_path)]), tmp_path / name
    for change in (
        lambda: path.write_text("a"),
        lambda: path.write_text("ab"),
        lambda: os.utime(path, ns=(1, 1)),
        path.unlink,
    ):
        state = watched.state()
        assert watched.state() == state
        change()
        watched.wait(state)
        assert watched.state() != state
    assert max(paused) < 1


@pytest.mark.parametrize("name", ["main.py", "node_modules/compose.yaml", ".git/.env"])
def test_other_files_are_not_watched(tmp_path: Path, name: str) -> None:
    watched, path = Watched([str(tmp_path)]), tmp_path / name
    state = watched.state()
    path.parent.mkdir(exist_ok=True)
    path.write_text("a")
    assert watched.state() == state


def test_a_slow_poll_is_followed_by_a_long_pause(
    monkeypatch: pytest.MonkeyPatch, paused: list[float]
) -> None:
    clock = [0.0]
    monkeypatch.setattr(watch_module, "monotonic", lambda: clock[0])

    class Slow(Watched):
        def state(self) -> dict[str, tuple[int, int, int]]:
            clock[0] += 0.3
            return {} if len(paused) < 2 else {"a": (1, 1, 1)}

    Slow(["."]).wait({})
    assert paused[:2] == [pytest.approx(6), pytest.approx(6)]


def test_a_constantly_changing_file_is_still_checked(paused: list[float]) -> None:
    class Restless(Watched):
        def state(self) -> dict[str, tuple[int, int, int]]:
            return {"a": (len(paused), 0, 0)}

    Restless(["."]).wait({})
    assert len(paused) == 10


@pytest.mark.parametrize("option", ["-", "--fix", "--add-ignores", "--write-baseline"])
def test_writing_and_standard_input_cannot_be_watched(in_folder: InFolder, option: str) -> None:
    in_folder.write("compose.yaml", WEAK)
    assert in_folder("check", "--watch", option) == 2
    assert in_folder.err.startswith("tightship: ")
