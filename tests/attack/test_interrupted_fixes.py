"""Whatever happens while Tightship reads and writes, each file is the old or the new one."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from tests.checking import check

from tightship.config.key import FactsError

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from tests.attack.conftest import Extent, Figure

if os.name != "posix":
    pytest.skip("needs signals and links", allow_module_level=True)

_FILES = 6
_PADDING = "# é\n" * 200  # so that writing takes a while
_TEMPORARY = re.compile(r"\.compose\.yaml\.tightship-[0-9a-f]{16}(?:\.old)?")
_FIX = [sys.executable, "-m", "tightship", "check", "--fix", "--all-fixes", "-q"]


def text_of(number: int) -> str:
    return (
        f"services:\n  web{number}:\n    image: nginx:1.29\n    readonly: true\n"
        f"    privileged: true\n{_PADDING}"
    )


class Project:
    """A folder of files to fix, and what they are afterwards."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "work"
        self.old = {f"{n}/compose.yaml": text_of(n) for n in range(_FILES)}
        self.restore()
        start = time.monotonic()
        assert self.fix().wait() in (0, 1)
        self.seconds = time.monotonic() - start
        self.new = self.texts()
        assert all(self.new[name] != text for name, text in self.old.items())
        assert self.litter() == []

    def restore(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        for name, text in self.old.items():
            path = self.folder / name
            path.parent.mkdir(parents=True)
            path.write_text(text, encoding="utf-8")

    def fix(self) -> subprocess.Popen[bytes]:
        null = subprocess.DEVNULL
        return subprocess.Popen(_FIX, cwd=self.folder, stdout=null, stderr=null)

    def texts(self) -> dict[str, str]:
        return {name: (self.folder / name).read_text("utf-8") for name in self.old}

    def check_whole(self) -> int:
        """Check that each file is the old or the new one; return how many are new."""
        now = self.texts()
        for name, text in now.items():
            assert text in (self.old[name], self.new[name]), name
        return sum(text == self.new[name] for name, text in now.items())

    def litter(self) -> list[str]:
        """Return the names of other files."""
        found = (path for path in self.folder.rglob("*") if path.is_file())
        names = {str(path.relative_to(self.folder)) for path in found}
        return sorted(names - self.old.keys())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("fixed"))


def stop(project: Project, chance: random.Random, number: signal.Signals) -> tuple[int, bool]:
    """Fix, and stop that somewhere; return how many files are new, and if it was alive.

    Half of the signals come at any time, and half soon after a file has been written.
    """
    project.restore()
    running = project.fix()
    if chance.random() < 0.5:
        time.sleep(chance.random() * project.seconds)
    else:
        first = project.folder / "0/compose.yaml"
        while running.poll() is None and first.stat().st_nlink:
            if first.read_text("utf-8") != project.old["0/compose.yaml"]:
                break
        time.sleep(chance.random() * 0.2 * project.seconds)
    is_alive = running.poll() is None
    running.send_signal(number)
    running.wait(60)
    return project.check_whole(), is_alive


def test_a_killed_run_leaves_each_file_whole(
    project: Project, extent: Extent, chance: random.Random, figure: Figure
) -> None:
    """What is left of a write can only be a file that no run takes for its own."""
    times, alive, between, left = extent.times(100, 3), 0, 0, 0
    for number in range(times):
        new, is_alive = stop(project, chance, signal.SIGKILL)
        alive += is_alive
        between += 0 < new < _FILES
        litter = project.litter()
        assert all(_TEMPORARY.fullmatch(name.rpartition("/")[2]) for name in litter)
        assert len(litter) <= number + 1, "one run leaves one file at most"
        left = len(litter)
        assert project.fix().wait() in (0, 1)
        assert project.texts() == project.new
    figure(f"{times} kills, {alive} of a live run, {between} between two files")
    figure(f"{left} temporary files left, every file whole, every next run right")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_terminated_run_leaves_no_temporary_file(
    project: Project, number: signal.Signals, extent: Extent, chance: random.Random, figure: Figure
) -> None:
    times, alive = extent.times(30, 1), 0
    for _ in range(times):
        alive += stop(project, chance, number)[1]
        assert project.litter() == []
    figure(f"{times} signals, {alive} to a live run, nothing left")


def test_two_runs_at_once_make_the_same_files(
    project: Project, extent: Extent, figure: Figure
) -> None:
    times = extent.times(20, 1)
    for _ in range(times):
        project.restore()
        codes = [running.wait(120) for running in [project.fix() for _ in range(3)]]
        assert set(codes) <= {0, 1, 2}
        project.check_whole()
        assert project.litter() == []
        assert project.fix().wait() in (0, 1)
        assert project.texts() == project.new
    figure(f"{times} times three runs")


# -- files that go and come


class Loop:
    """Does something again and again, in a thread."""

    def __init__(self, act: Callable[[], None]) -> None:
        self._act = act
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.rounds = 0

    def __enter__(self) -> Loop:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._ended.is_set():
            self._act()
            self.rounds += 1


def names_and_messages(folder: Path) -> list[str]:
    """Check a folder; return all that the findings say."""
    said: list[str] = []
    try:
        for verdict in check([str(folder)], ["strict"]):
            if verdict.failure is not None:
                raise verdict.failure
            said += [source.text for source in verdict.sources]
            said += [one.finding.message for one in verdict.findings]
    except FactsError as error:  # a link to a folder outside would have a file of facts there
        said.append(str(error))
    return said


def test_vanishing_and_returning_files_end_no_run(
    tmp_path: Path, extent: Extent, figure: Figure
) -> None:
    for number in range(6):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "compose.yaml").write_text(
            "include: [../common.yaml]\nservices:\n  web:\n    build: .\n"
            "    env_file: web.env\n    extends: {file: ../base.yaml, service: a}\n"
        )
        (folder / "Dockerfile").write_text("FROM alpine:3.20\n")
    names = ["common.yaml", "base.yaml", ".env", "tightship.toml"]
    names += [f"{number}/{name}" for number in range(6) for name in ("web.env", ".env")]
    text = "services:\n  a:\n    image: x\n"

    def come_and_go() -> None:
        for name in names:
            is_text = name.endswith("yaml")
            (tmp_path / name).write_text(text if is_text else "")
        shutil.rmtree(tmp_path / "5")
        for name in names:
            (tmp_path / name).unlink(missing_ok=True)
        shutil.copytree(tmp_path / "4", tmp_path / "5")

    times = extent.times(500, 15)
    with Loop(come_and_go) as loop:
        for _ in range(times):
            names_and_messages(tmp_path)
    figure(f"{times} checks while files went and came {loop.rounds:,} times")


@pytest.mark.parametrize("is_fixing", [False, True], ids=["check", "fix"])
def test_a_folder_that_becomes_a_link_is_not_followed(
    tmp_path: Path, extent: Extent, figure: Figure, is_fixing: bool
) -> None:
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "web").mkdir(parents=True)
    outside.mkdir()
    secret = "services:\n  outside-secret:\n    image: x\n    privileged: true\n"
    (outside / "compose.yaml").write_text(secret)
    (outside / "Dockerfile").write_text("FROM outside-secret\n")
    inside = secret.replace("outside-secret", "inside").replace("true", "'true'")
    (root / "web/compose.yaml").write_text(inside)
    (root / "web/Dockerfile").write_text("FROM inside\n")
    (root / "compose.yaml").write_text("services:\n  a: {build: web}\n")
    (root / "link").symlink_to(outside)

    def exchange() -> None:
        (root / "web").rename(root / "kept")
        (root / "link").rename(root / "web")
        (root / "web").rename(root / "link")
        (root / "kept").rename(root / "web")

    times = extent.times(4_000, 40) if not is_fixing else extent.times(40, 2)
    with Loop(exchange) as loop:
        for _ in range(times):
            if is_fixing:
                subprocess.run(_FIX, cwd=root, capture_output=True, check=False)
            else:
                assert "outside-secret" not in "\n".join(names_and_messages(root))
    assert (outside / "compose.yaml").read_text() == secret
    assert (outside / "Dockerfile").read_text() == "FROM outside-secret\n"
    assert len(list(outside.iterdir())) == 2
    figure(f"{times} runs while a folder and a link changed {loop.rounds:,} times")
