"""Formats and files of reports, on the command line."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from tightship.findings import Severity
from tightship.report.formats import FORMATS, report
from tightship.report.report import ReportOptions

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command, Process

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_requested(command: Command, name: str) -> None:
    command.finds(ERROR)
    assert command("check", "--output-format", name) == 1
    assert "a thing is bad" in command.out
    assert command.err == ""


@pytest.mark.parametrize("name", FORMATS)
def test_the_help_lists_every_format(command: Command, name: str) -> None:
    command("check", "--help")
    assert f"    {name} " in command.out


def test_an_unknown_format_is_an_error() -> None:
    with pytest.raises(KeyError):
        report("xml", ReportOptions())


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_gets_what_standard_output_would(
    command: Command, tmp_path: Path, name: str
) -> None:
    command.finds(ERROR, INFO)
    assert command("check", "--output-format", name) == 1
    shown = command.out
    assert command("check", "--output-format", name, "--output-file", "a") == 1
    assert command.out == ""
    assert command("check", "--output-format", f"{name}=b") == 1
    assert command.out == ""
    assert (tmp_path / "a").read_text(encoding="utf-8") == shown
    assert (tmp_path / "b").read_text(encoding="utf-8") == shown


def test_a_file_alone_gets_the_text(command: Command, tmp_path: Path) -> None:
    command.finds(WARNING)
    assert command("check", "--output-file", "report.txt") == 1
    assert command.out == ""
    assert "warning: a thing is bad [" in (tmp_path / "report.txt").read_text()


def test_several_reports_come_from_one_run(command: Command, tmp_path: Path) -> None:
    command.finds(ERROR, WARNING)
    words = ("text", "sarif=s.sarif", "junit=j.xml", "json=deep.json")
    options = [part for word in words for part in ("--output-format", word)]
    assert command("check", *options) == 1
    assert "error: a thing is bad [" in command.out
    [run] = json.loads((tmp_path / "s.sarif").read_text())["runs"]
    assert len(run["results"]) == 2
    assert len(list(ElementTree.parse(tmp_path / "j.xml").iter("failure"))) == 2
    assert len(json.loads((tmp_path / "deep.json").read_text())["findings"]) == 2


@pytest.mark.parametrize(
    "options",
    [
        ["--output-format", "json=-"],
        ["--output-format", "json", "--output-file", "-"],
        ["--output-format", "json", "--output-format", "text=x"],
    ],
)
def test_one_report_may_go_to_standard_output(command: Command, options: list[str]) -> None:
    command.finds(ERROR)
    assert command("check", *options) == 1
    assert json.loads(command.out)["findings"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--output-format", "text", "--output-format", "json"], "would all go to"),
        (["--output-format=text=-", "--output-format=json"], "standard output"),
        (["--output-format=text=a", "--output-format=json=./a"], "two reports"),
        (["--output-format=text=a", "--output-file", "b"], "--output-file"),
        (["--output-format=json=a", "--diff"], "--diff prints"),
        (["--output-format", "json="], "no PATH after `json=`"),
        (["--output-format", "sarfi"], "did you mean sarif?"),
        (["--output-format", "\x1b[31m"], r"there is no format '\x1b[31m'"),
    ],
)
def test_invalid_options_are_reported_before_anything_is_written(
    command: Command, tmp_path: Path, options: list[str], says: str
) -> None:
    command.finds(ERROR)
    assert command("check", *options) == 2
    assert says in command.err
    assert command.out == ""
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path", ["none/report.json", ".", "\x1b[2J/x"])
def test_an_unwritable_file_exits_with_3(command: Command, path: str) -> None:
    command.finds(ERROR)
    assert command("check", "--output-format", f"json={path}") == 3
    assert command.err.startswith("tightship: cannot write the output: `")
    assert "\x1b" not in command.err
    assert command.err.count("\n") == 1


@pytest.mark.parametrize("path", [".git/hooks/pre-commit", ".git/report.json"])
def test_a_report_is_not_written_where_git_obeys_it(command: Command, path: str) -> None:
    os.makedirs(".git/hooks", exist_ok=True)
    before = os.listdir(".git/hooks"), os.listdir(".git")
    assert command("check", "--output-format", f"json={path}") == 2
    assert (os.listdir(".git/hooks"), os.listdir(".git")) == before


def test_no_file_is_changed_unless_all_reports_are_whole(command: Command, tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("old")
    command.finds(ERROR)
    command.trouble = RuntimeError("broken")
    options = ["--output-format", "json=a.json", "--output-format", "sarif=b.sarif"]
    assert command("check", *options) == 3
    assert (tmp_path / "a.json").read_text() == "old"
    assert os.listdir(tmp_path) == ["a.json"]


def test_an_unknown_word_changes_no_file(command: Command, tmp_path: Path) -> None:
    assert command("check", "--select", "nope", "--output-file", "a") == 2
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(("fail_on", "failures"), [("error", 1), ("info", 2)])
def test_junit_fails_what_the_run_fails(command: Command, fail_on: str, failures: int) -> None:
    command.finds(ERROR, INFO)
    command("check", "--fail-on", fail_on, "--output-format", "junit")
    root = ElementTree.fromstring(command.out)
    assert len(list(root.iter("failure"))) == failures


def test_a_quiet_run_has_no_infos_for_people(command: Command) -> None:
    command.finds(INFO, ERROR)
    command("check", "-q", "--output-format", "concise")
    assert command.out.count("\n") == 1
    command("check", "-q", "--output-format", "json")
    assert len(json.loads(command.out)["findings"]) == 2


def test_a_file_has_colours_only_on_request(
    command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    command.finds(ERROR)
    command("check", "--output-format", "text=a")
    assert "\x1b" not in (tmp_path / "a").read_text()
    command("check", "--color", "always", "--output-format", "text=a")
    assert "\x1b" in (tmp_path / "a").read_text()


def test_the_list_of_fixes_goes_to_the_stream_for_people(process: Process) -> None:
    text = "version: '3'\nservices:\n  web: {image: nginx}\n"
    process.write("compose.yaml", text)
    done = process("check", "--fix", "--output-format", "json")
    assert b"Fixed" in done.stderr
    assert json.loads(done.stdout)
    process.write("compose.yaml", text)
    done = process("check", "--fix", "--output-format=text", "--output-format=json=x")
    assert b"Fixed" in done.stdout
    assert json.loads((process.folder / "x").read_text())


def test_a_real_run_writes_every_format_at_once(process: Process) -> None:
    process.write("compose.yaml", "services:\n  web: {image: nginx, pid: host}\n")
    options = [f"--output-format={name}=out.{name}" for name in FORMATS]
    done = process("check", *options)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    for name in FORMATS:
        assert "host-pid-namespace" in (process.folder / f"out.{name}").read_text()
