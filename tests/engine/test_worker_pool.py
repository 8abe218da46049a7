"""Judging in several processes gives what judging in one gives, in the same order."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

import pytest

from tightship.cli.check import begin
from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.engine.worker_pool import Judging, Workers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tightship.engine.verdict import JudgedFinding, Verdict

WEB = "services:\n  web:\n    image: nginx:1.29\n    privileged: {}\n"
BASE = "services:\n  base: {image: nginx, privileged: true}\n"
EXTENDING = (
    "services:\n  web: {extends: {file: ../0/base.yaml, service: base}}\n  app: {build: .}\n"
)
SHARING = (
    "x-a: &a {image: 'nginx:1.29-alpine', privileged: true}\n"
    "services:\n  web: {<<: *a}\n  app: {<<: *a}\n"
)
SECRET = "services:\n  db: {image: x, environment: {DB_PASSWORD: hunter2hunter2}}\n"
DOCKERFILE = "FROM debian\nRUN curl https://example.com | sh\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of a few projects, as if they were many."""
    monkeypatch.setattr("tightship.engine.check.FEWEST_FOR_WORKERS", 4)
    monkeypatch.chdir(tmp_path)
    for number in range(40):
        project = tmp_path / str(number)
        project.mkdir()
        (project / "compose.yaml").write_text(WEB.format("true"))
    (tmp_path / "0" / "base.yaml").write_text(BASE)
    (tmp_path / "1" / "compose.yaml").write_text(EXTENDING)
    (tmp_path / "1" / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "2" / "compose.yaml").write_text("services: [\n")
    (tmp_path / "3" / "compose.override.yaml").write_text(WEB.format("false"))
    (tmp_path / "4" / "values.yaml").write_text("services:\n  - x\n")
    (tmp_path / "5" / "tightship.toml").write_text('ignore = ["privileged-container"]')
    (tmp_path / "6" / "other.yaml").write_bytes(b"services:\n  a:\n    image: \xff\n")
    (tmp_path / "7" / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "8" / "compose.yaml").write_text(SHARING)
    (tmp_path / "9" / "compose.yaml").write_text(SECRET)
    return tmp_path


def verdicts(how: Callable[[], Judging] | None) -> list[Verdict]:
    workers = Workers(2, how) if how is not None else None
    return list(check(plan_paths(["."], Configs()), workers=lambda: workers))


def said(how: Callable[[], Judging] | None) -> list[object]:
    return [
        (
            [(one.rule.name, one.fingerprint, one.span.start, fixed(one)) for one in each.findings],
            [source.name for source in each.members],
            [gap.reason for gap in each.gaps],
            dict(each.builders),
            each.services,
        )
        for each in verdicts(how)
    ]


def fixed(one: JudgedFinding) -> object:
    fix = one.finding.fix
    return [(edit.span.start, edit.text) for edit in fix.edits] if fix else None


# The process ends before it judges anything.
broken = partial(os._exit, 1)


@pytest.mark.parametrize("how", [partial(begin, ["."]), broken])
def test_verdicts_are_those_of_one_process(folder: Path, how: Callable[[], Judging]) -> None:
    one = said(None)
    assert len(one) >= 40
    assert said(how) == one


def test_other_processes_judge_and_hide_secrets(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def judge(*_: object) -> None:
        raise AssertionError("the process of the run judges a project")

    monkeypatch.setattr("tightship.engine.check.judge", judge)
    found = verdicts(partial(begin, ["."]))
    assert sum(bool(verdict.services) for verdict in found) >= 38
    # Who asks which project above builds a Dockerfile is the run itself.
    failed = {one.sources[0].name for one in found if one.failure is not None}
    assert failed <= {"7/Dockerfile"}
    with_secret = [
        source for verdict in found for source in verdict.sources if source.name == "9/compose.yaml"
    ]
    assert [source.text.count("hunter2") for source in with_secret] == [0]


def test_few_projects_start_no_process(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tightship.engine.check.FEWEST_FOR_WORKERS", 1_000)
    monkeypatch.setattr("tightship.engine.worker_pool.WorkerPool._start", pytest.fail)
    assert len(said(broken)) >= 40


def test_a_run_that_is_interrupted_leaves_no_process(folder: Path) -> None:
    for number in range(40, 400):
        shutil.copytree(folder / "0", folder / str(number))
    # A runner in the background may ignore the signal, and its children with it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    run = subprocess.Popen(
        # This format writes each verdict at once, so that the run goes on after a line.
        [
            sys.executable,
            *["-m", "tightship", "check", "--jobs", "2", "--output-format", "concise"],
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert run.stdout is not None
    assert run.stdout.readline()
    os.killpg(run.pid, signal.SIGINT)
    _, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (130, b"")
    assert is_over(run.pid)


def is_over(group: int) -> bool:
    """Wait for the end of a group of processes."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.05)
    return False


# What a process that begins has to import.
IMPORTED = ("multiprocessing", "runpy", "pickle", "concurrent", "threading", "signal", "re", "yaml")
HOSTILE = "open({marker!r}, 'w').close()\nraise ImportError\n"
COMMAND = """\
import sys
import tightship.engine.check
from tightship.cli.main import main

if __name__ == "__main__":
    tightship.engine.check.FEWEST_FOR_WORKERS = 4
    sys.exit(main(["check", "--jobs", "2", "-q"]))
"""


def test_a_process_imports_nothing_of_the_folder_that_is_checked(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    beside = tmp_path_factory.mktemp("installed")
    (beside / "command.py").write_text(COMMAND)
    for name in IMPORTED:
        marker = str(beside / f"{name}.imported")
        (folder / f"{name}.py").write_text(HOSTILE.format(marker=marker))
    command = [sys.executable, str(beside / "command.py")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert [one.name for one in beside.glob("*.imported")] == []
    assert "ImportError" not in done.stderr
    assert "privileged" in done.stdout


def test_python_m_leaves_the_current_folder_out_of_what_is_imported(folder: Path) -> None:
    marker = folder / "imported"
    (folder / "re.py").write_text(HOSTILE.format(marker=str(marker)))
    command = [sys.executable, "-m", "tightship", "check", "-q", "9"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60)
    assert not marker.exists(), done.stderr
    assert done.returncode in (1, 2)
