from __future__ import annotations

import io
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tightship.cli import reports
from tightship.cli.console import Output, is_terminal
from tightship.cli.reports import Progress
from tightship.engine.verdict import Verdict
from tightship.report.report import Summary
from tightship.text import Source

if TYPE_CHECKING:
    from tests.cli.conftest import Process


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("choice", "terminal", "environment", "colored"),
    [
        ("auto", False, {}, False),
        ("auto", True, {}, True),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": ""}, False),
        ("auto", True, {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
        ("auto", False, {"CLICOLOR_FORCE": "0"}, False),
        ("auto", False, {"CLICOLOR_FORCE": ""}, False),
        ("auto", True, {"CLICOLOR_FORCE": "1", "NO_COLOR": "1"}, False),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("always", False, {"TERM": "dumb"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colour_is_for_terminals_unless_set(
    monkeypatch: pytest.MonkeyPatch,
    choice: str,
    terminal: bool,
    environment: dict[str, str],
    colored: bool,
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", Terminal() if terminal else io.StringIO())
    assert Output().is_colored(choice) is colored


@pytest.mark.parametrize("color", ["always", "never"])
def test_a_summary_wraps_at_the_known_width(process: Process, color: str) -> None:
    services = "".join(f"  s{n}: {{image: i, privileged: true}}\n" for n in range(3))
    process.write("compose.yaml", "services:\n" + services)

    def lines(columns: str) -> list[str]:
        done = process("check", "--color", color, COLUMNS=columns)
        plain = re.sub(r"\x1b\[[0-9;]*m", "", done.stdout.decode())
        return plain.rpartition("\n\n")[2].splitlines()

    whole, narrow = lines(""), lines("50")
    assert len(whole) == 3
    assert max(map(len, whole)) > 50
    assert len(narrow) > 3
    assert max(map(len, narrow)) <= 50
    assert " ".join(map(str.strip, narrow)) == " ".join(whole)


def test_a_closed_or_missing_stream_is_no_terminal() -> None:
    closed = io.StringIO()
    closed.close()
    assert not is_terminal(closed)
    assert not is_terminal(None)


def test_lines_of_code_are_as_wide_as_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sized(io.StringIO):
        def fileno(self) -> int:
            return 7

    monkeypatch.setattr(sys, "stdout", Sized())

    def size(stream: int) -> os.terminal_size:
        return os.terminal_size((72 if stream == 7 else 1, 20))

    monkeypatch.setattr(os, "get_terminal_size", size)
    monkeypatch.delenv("COLUMNS", raising=False)
    assert Output().width == 72
    monkeypatch.setenv("COLUMNS", "60")
    assert Output().width == 60
    for useless in ("", "wide", "0", "-3"):
        monkeypatch.setenv("COLUMNS", useless)
        assert Output().width == 72
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert Output().width == 100


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_unencodable_characters_are_written_as_escapes(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding=encoding, newline="\n")
    monkeypatch.setattr(sys, "stdout", stream)
    output = Output()
    output.write("日 \ud800\n")
    output.close()
    shown = data.getvalue().decode(encoding)
    assert shown == ("日 \\ud800\n" if encoding == "utf-8" else "\\u65e5 \\ud800\n")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Return a list whose only item is the time."""
    time = [100.0]
    monkeypatch.setattr(reports, "monotonic", lambda: time[0])
    monkeypatch.setenv("TERM", "xterm")
    return time


def tally(files: int) -> Summary:
    counted = Summary()
    sources = tuple(Source(f"{number}", "") for number in range(files))
    counted.add(Verdict("/project", sources, [], services=0))
    return counted


def test_a_short_run_shows_no_progress(clock: list[float]) -> None:
    stream = Terminal()
    progress = Progress(stream)
    clock[0] += 0.4
    progress.show(tally(9))
    progress.erase()
    assert stream.getvalue() == ""


def test_a_long_run_shows_a_count_and_clears_it(clock: list[float]) -> None:
    stream = Terminal()
    progress = Progress(stream)
    clock[0] += 0.6
    progress.show(tally(12))
    shown = stream.getvalue()
    assert shown.startswith("\r12 files")
    assert "\n" not in shown
    progress.show(tally(13))
    assert stream.getvalue() == shown
    clock[0] += 0.2
    progress.show(tally(14))
    assert "\r14 files" in stream.getvalue()
    progress.erase()
    assert stream.getvalue().endswith("\r" + " " * (len(shown) - 1) + "\r")
    end = stream.getvalue()
    progress.erase()
    assert stream.getvalue() == end


def test_progress_shows_a_known_total(clock: list[float]) -> None:
    stream = Terminal()
    progress = Progress(stream)
    progress.expect(40)
    for files, shown in ((12, "12 of 40 files"), (40, "40 of 40 files"), (41, "41 files")):
        clock[0] += 0.6
        progress.show(tally(files))
        assert stream.getvalue().rpartition("\r")[2].startswith(f"{shown}, 0 findings")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudoterminal")
def test_a_long_run_shows_and_clears_progress_on_a_real_terminal(process: Process) -> None:
    import pty
    import select

    services = "".join(f"  s{n}: {{image: i, privileged: true}}\n" for n in range(60))
    for number in range(60):
        process.write(f"p{number:02}/compose.yaml", "services:\n" + services)
    ours, theirs = pty.openpty()
    try:
        subprocess.run(
            process.argv("check", "-q", "--output-format", "json"),
            cwd=process.folder,
            env=process.environment | {"TERM": "xterm"},
            stdout=subprocess.DEVNULL,
            stderr=theirs,
            check=False,
            timeout=60,
        )
        written = ""
        while select.select([ours], [], [], 0.2)[0]:  # a terminal gives it in pieces
            written += os.read(ours, 100_000).decode()
    finally:
        os.close(ours)
        os.close(theirs)
    lines = written.split("\r")
    assert re.fullmatch(r"\d+ of 60 files, \d+ findings \.\.\.", lines[1].rstrip())
    assert not lines[-2].strip()
    assert not lines[-1]


def test_progress_is_for_terminals_only(
    clock: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    for progress in (Progress(stream), Progress(None)):
        clock[0] += 9
        progress.show(tally(12))
        progress.erase()
    assert stream.getvalue() == ""
    monkeypatch.setenv("TERM", "dumb")
    dumb = Terminal()
    progress = Progress(dumb)
    clock[0] += 9
    progress.show(tally(12))
    assert dumb.getvalue() == ""
