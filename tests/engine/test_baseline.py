"""A baseline: what is known is not told again, and what is new is."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from tightship.cli.main import main
from tightship.engine.accept.baseline import Baseline, BaselineError

if TYPE_CHECKING:
    from pathlib import Path


def services(count: int, body: str = "pid: host") -> str:
    return "services:\n" + "".join(f"  s{n}: {{image: 'x:1', {body}}}\n" for n in range(count))


class Project:
    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root = root
        self.file = root / "compose.yaml"
        self._capsys = capsys
        self.out = self.err = ""

    def check(self, *arguments: str) -> int:
        code = main(["check", "--select", "host-pid-namespace", *arguments])
        self.out, self.err = self._capsys.readouterr()
        return code

    def adopt(self) -> None:
        assert self.check("--write-baseline") == 0

    def again(self) -> int:
        return self.check()


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return Project(tmp_path, capsys)


def test_a_project_with_300_findings_is_adopted_in_one_command(project: Project) -> None:
    project.file.write_text(services(300))
    project.adopt()
    assert "Wrote 300 findings (300 warnings) to tightship-baseline.json" in project.err
    assert project.again() == 0
    assert "300 more known from the baseline" in project.out


def test_a_new_finding_fails_the_next_run(project: Project) -> None:
    project.file.write_text(services(300))
    project.adopt()
    project.file.write_text(services(301))
    assert project.again() == 1
    assert "service `s300`" in project.out
    assert "service `s299`" not in project.out


def test_one_more_of_the_same_in_the_same_place_is_new(project: Project) -> None:
    rule = "sensitive-host-path-writable"
    text = "services: {{s: {{image: 'x:1', volumes: [{}]}}}}\n"
    project.file.write_text(text.format("'/etc:/a'"))
    assert main(["check", "--select", rule, "--write-baseline"]) == 0
    project.file.write_text(text.format("'/etc:/a', '/usr:/b'"))
    again = ["check", "--select", rule, "--baseline", "tightship-baseline.json"]
    assert main(again) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("services:\n", "# a comment\n\nservices:\n"),
        ("x:1", "y:2"),
        ("services:\n", "networks: {n: {}}\nservices:\n"),
        ("services:\n", "services:\n  other: {image: 'x:1'}\n"),
        ("pid: host", "pid:   'host'"),
    ],
)
def test_unrelated_changes_keep_the_baseline_valid(old: str, new: str, project: Project) -> None:
    project.file.write_text(services(5))
    project.adopt()
    project.file.write_text(services(5).replace(old, new))
    assert project.again() == 0


def test_a_renamed_service_has_new_findings(project: Project) -> None:
    project.file.write_text(services(2))
    project.adopt()
    project.file.write_text(services(2).replace("s0", "renamed"))
    assert project.again() == 1


def test_gaps_can_be_in_the_baseline(project: Project) -> None:
    project.file.write_text("services: {s: {build: './missing'}}\n")
    assert project.check() == 2
    project.adopt()
    assert project.again() == 0


def test_a_baseline_is_written_whole_in_the_order_of_paths(project: Project) -> None:
    project.file.write_text(services(3))
    project.adopt()
    data = json.loads((project.root / "tightship-baseline.json").read_text())
    assert [one["subject"] for one in data["findings"]] == ["s0", "s1", "s2"]
    assert {one["rule"] for one in data["findings"]} == {"host-pid-namespace"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"schema": 2, "findings": []}',
        '{"schema": 1}',
        '{"schema": 1, "findings": [1]}',
        '{"schema": 1, "findings": [{"fingerprint": 1}]}',
        "[" * 100_000,
    ],
)
def test_an_invalid_baseline_is_reported_and_nothing_is_judged(text: str, project: Project) -> None:
    project.file.write_text(services(1))
    (project.root / "b.json").write_text(text)
    assert project.check("--baseline", "b.json") == 2
    assert "--baseline: `b.json`" in project.err
    assert project.out == ""


def test_a_missing_baseline_is_reported(project: Project) -> None:
    assert project.check("--baseline", "none.json") == 2
    assert "none.json" in project.err


@given(st.text())
def test_any_text_is_a_baseline_or_an_error(text: str) -> None:
    with suppress(BaselineError):
        assert all(isinstance(n, int) for n in Baseline.read(text).known.values())
