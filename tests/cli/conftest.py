"""The command line, run in this process with a made-up engine, or as it is."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tightship.cli import check_run
from tightship.cli.main import main
from tightship.engine.disk.files import Files
from tightship.engine.plan.plan import Inputs, Plan, main_files_above
from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Gap, Severity
from tightship.rules import every_rule
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tightship.engine.check import Filters
    from tightship.engine.disk.files import Disk
    from tightship.engine.fix.run import Rewriting
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.scope import Scope, SkippedFile
    from tightship.frontends.compose.loading.invocation import Options


class Command:
    """Runs command lines in this process; what the engine finds is set before."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self.verdicts: list[Verdict] = []
        self.skipped: list[SkippedFile] = []
        self.trouble: BaseException | None = None
        self.paths: list[str] = []
        self.stdin: tuple[str, str | bytes] | None = None
        self.options: Options | None = None
        self.fixing: Rewriting | None = None
        self.out = self.err = ""
        self._capsys = capsys

    def __call__(self, *arguments: str) -> int:
        code = main(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        return code

    def finds(self, *severities: Severity, gaps: int = 0) -> None:
        """Let the engine find one thing of each severity, in a file each."""
        rule = every_rule()[0]
        for number, severity in enumerate(severities):
            source = Source(f"{number}.yaml", "a: b\n")
            finding = Finding(Span(source, 0, 1), "a thing is bad")
            judged = JudgedFinding(rule, finding, severity, Subject("file", source.name))
            self.verdicts.append(Verdict("/project", (source,), [judged], services=1))
        source = Source("clean.yaml", "")
        unread = [Gap(Span(source, 0, 0), f"reason {n}") for n in range(gaps)]
        self.verdicts.append(Verdict("/project", (source,), [], services=1, gaps=unread))

    def plan_paths(
        self, paths: Iterable[str], configs: Configs, options: Options, *, disk: Disk, scope: Scope
    ) -> Plan:
        """Stand in for the plan of paths."""
        for file in self.skipped:
            scope.leave(file)
        self.paths, self.stdin = list(paths), None
        return self._plan(configs, options)

    def plan_text(self, path: str, text: bytes, configs: Configs, options: Options) -> Plan:
        """Stand in for the plan of a text."""
        self.paths, self.stdin = [], (path, text)
        return self._plan(configs, options)

    def _plan(self, configs: Configs, options: Options) -> Plan:
        self.options = options
        inputs = Inputs([], lambda _: Files("/project"), main_files_above)
        return Plan(inputs, configs, options)

    def check(self, plan: Plan, filters: Filters, workers: object) -> Iterator[Verdict]:
        """Stand in for the engine."""
        self.fixing = filters.fixing
        for verdict in self.verdicts:
            yield verdict.replaced(fail_on=plan.configs.command_line.fail_on or verdict.fail_on)
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    made = Command(capsys)
    for name in ("check", "plan_paths", "plan_text"):
        monkeypatch.setattr(check_run, name, getattr(made, name))
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "TIGHTSHIP_DEBUG"):
        monkeypatch.delenv(name, raising=False)
    return made


@pytest.fixture
def standard_input(monkeypatch: pytest.MonkeyPatch) -> io.BytesIO:
    """Return what takes the place of standard input; write to it, then rewind."""
    data = io.BytesIO()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(data))
    return data


class Process:
    """Runs command lines in a process of their own, in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "PYTHONPATH", "COLUMNS")
        }

    def argv(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "tightship", *arguments]

    def __call__(
        self, *arguments: str, stdin: bytes = b"", **environment: str
    ) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            self.argv(*arguments),
            input=stdin,
            capture_output=True,
            cwd=self.folder,
            env=self.environment | environment,
            timeout=60,
            check=False,
        )

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path


@pytest.fixture
def process(tmp_path: Path) -> Process:
    return Process(tmp_path)


class InFolder:
    """Runs command lines in this process with the engine, in a folder of its own."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.out = self.err = ""
        self._capsys = capsys

    def __call__(self, *arguments: str) -> int:
        code = main(list(arguments))
        self.out, self.err = self._capsys.readouterr()
        return code

    @property
    def said(self) -> str:
        """Return what was printed as one line, wherever lines were broken."""
        return " ".join(self.out.split())

    def write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
        return path

    def rules(self, *arguments: str) -> list[tuple[str, str, str]]:
        """Return path, severity and rule of what ``check`` finds."""
        self("check", *arguments, "--output-format", "json")
        found = json.loads(self.out)["findings"]
        return [(one["path"], one["severity"], one["rule"]) for one in found]


@pytest.fixture
def in_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> InFolder:
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    for name in ("NO_COLOR", "FORCE_COLOR", "CLICOLOR_FORCE", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return InFolder(folder, capsys)
