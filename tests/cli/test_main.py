from __future__ import annotations

import builtins
import errno
import gc
import io
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tightship import __version__
from tightship.cli.main import main
from tightship.findings import Severity
from tightship.lazy import modules

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.conftest import Command, Process


@pytest.mark.parametrize("arguments", [[], ["-h"], ["--help"], ["help"]])
def test_without_a_command_there_is_help(command: Command, arguments: list[str]) -> None:
    assert command(*arguments) == 0
    assert command.out.startswith("Tightship checks")
    assert all(word in command.out for word in ("check", "rule", "exit codes"))


@pytest.mark.parametrize("option", ["-V", "--version"])
@pytest.mark.parametrize("before", [(), ("check",), ("rule",), ("lsp",), ("init",)])
def test_the_version_is_shown(command: Command, before: tuple[str, ...], option: str) -> None:
    assert command(*before, option) == 0
    assert command.out == f"tightship {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (("check", "--fxi"), "unknown option `--fxi`; did you mean `--fix`?"),
        (("check", "--bseline=x.json"), "did you mean `--baseline`?"),
        (("rule", "--colour", "x"), "unknown option `--colour`; did you mean `--color`?"),
        (("diff", "-Z"), "unknown option `-Z`; `tightship diff --help` lists all"),
        (("map", "--\x1b[2J"), "unknown option `--<U+001B>[2J`"),
    ],
)
def test_an_unknown_option_exits_with_2_and_suggests_one(
    command: Command, arguments: tuple[str, ...], hint: str
) -> None:
    assert command(*arguments) == 2
    assert hint in command.err
    assert command.err.startswith(f"usage: tightship {arguments[0]} ")
    assert command.out == ""


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("chek", "did you mean `tightship check`?"),
        ("rules", "did you mean `tightship rule`?"),
        (".", "did you mean `tightship check .`?"),
        ("frobnicate", "`tightship --help` lists all of them"),
        ("--frobnicate", "there is no option `--frobnicate`"),
        ("\x1b[2J", "<U+001B>[2J"),
    ],
)
def test_an_unknown_command_exits_with_2_and_suggests_one(
    command: Command, word: str, hint: str
) -> None:
    assert command(word) == 2
    assert hint in command.err
    assert command.out == ""


@pytest.fixture
def _tuning(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Undo what a run that owns its process does to imports and to the garbage collector."""
    thresholds = gc.get_threshold()
    monkeypatch.setattr(builtins, "__import__", builtins.__import__)
    monkeypatch.setattr(modules, "_executed", {})
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("_tuning")
def test_the_arguments_default_to_those_of_the_process(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["tightship", "--version"])
    assert main() == 0
    assert capsys.readouterr().out == f"tightship {__version__}\n"


def test_an_interrupt_leaves_no_traceback(command: Command) -> None:
    command.trouble = KeyboardInterrupt()
    assert command("check") == 130
    assert command.err == ""


def test_a_bug_is_reported_and_fails_the_run(command: Command) -> None:
    command.finds()
    command.trouble = ZeroDivisionError("by \x1b[31mnought")
    assert command("check") == 3
    assert "ZeroDivisionError: by <U+001B>[31mnought" in command.err
    assert "report" in command.err
    assert "Traceback" not in command.err


def test_a_bug_shows_its_traceback_on_request(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.trouble = ZeroDivisionError()
    monkeypatch.setenv("TIGHTSHIP_DEBUG", "1")
    assert command("check") == 3
    assert "Traceback" in command.err
    assert "ZeroDivisionError" in command.err


def test_a_bug_in_one_project_is_reported_after_all_projects(command: Command) -> None:
    command.finds(Severity.ERROR)
    broken = command.verdicts[0].replaced(failure=ZeroDivisionError("by nought"))
    command.verdicts.insert(0, broken)
    assert command("check", "--output-format", "json") == 3
    assert len(json.loads(command.out)["findings"]) == 2
    assert "ZeroDivisionError: by nought" in command.err


def test_json_cut_off_by_a_bug_is_invalid(command: Command) -> None:
    command.finds(Severity.ERROR)
    command.trouble = ZeroDivisionError()
    assert command("check", "--output-format", "json") == 3
    assert not command.out.rstrip().endswith("}}")


class Broken(io.StringIO):
    def __init__(self, error: OSError) -> None:
        super().__init__()
        self.error = error

    def write(self, text: str, /) -> int:
        raise self.error


def test_a_closed_reader_ends_the_run_quietly(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.finds(Severity.WARNING)
    monkeypatch.setattr(sys, "stdout", Broken(BrokenPipeError()))
    assert command("check") == 141
    assert command.err == ""


def test_a_full_disk_is_reported_and_fails_the_run(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.finds()
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(sys, "stdout", Broken(full))
    assert command("check") == 3
    assert command.err == ("tightship: cannot write the output: No space left on device\n")


def test_a_process_without_standard_output_runs(
    command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.finds(Severity.WARNING)
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    assert command("check") == 1
    assert command("frobnicate") == 2


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break otherwise there")
def test_a_pipe_that_closes_early_ends_the_process_quietly(process: Process) -> None:
    services = "".join(f"  s{n}: {{image: i, privileged: true}}\n" for n in range(500))
    process.write("compose.yaml", "services:\n" + services)
    with subprocess.Popen(
        process.argv("check", "--output-format", "json"),  # more than a pipe holds
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=process.folder,
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.read(10)
        running.stdout.close()
        errors = running.stderr.read()
    assert errors == b""
    assert running.returncode == 141


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="needs /dev/full")
@pytest.mark.parametrize("words", [["--version"], ["--help"], ["check", "--help"], ["map", "-V"]])
def test_a_device_that_is_full_is_reported_by_the_process(
    process: Process, words: list[str]
) -> None:
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            process.argv(*words), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 3
    assert done.stderr == b"tightship: cannot write the output: No space left on device\n"
