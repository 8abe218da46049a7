"""The command line, run in this process with a made-up engine, or as it is."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tightship.cli import check as check_command
from tightship.cli.main import main
from tightship.engine.verdict import JudgedFinding, Subject, Verdict
from tightship.findings import Finding, Gap, Severity
from tightship.rules import every_rule
from tightship.text import Source, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.fix.run import Fixing
    from tightship.engine.plan.changes import Changes
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.skipped import SkippedFile
    from tightship.engine.settings.selection import Selection
    from tightship.engine.worker_pool import Judge
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
        self.environment: Mapping[str, str] | None = None
        self.fixing: Fixing | None = None
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

    def check(
        self,
        paths: Iterable[str],
        selection: Selection,
        *,
        stdin: tuple[str, str | bytes] | None = None,
        options: Options | None = None,
        environment: Mapping[str, str] | None = None,
        fixing: Fixing | None = None,
        baseline: Baseline | None = None,
        changes: Changes | None = None,
        configs: Configs | None = None,
        fail_on: str = "",
        skipped: Callable[[SkippedFile], None] | None = None,
        planned: Callable[[int], None] | None = None,
        jobs: int = 1,
        begin: Callable[[], Judge] | None = None,
        redact: Callable[[Verdict], Verdict] | None = None,
    ) -> Iterator[Verdict]:
        """Stand in for the engine."""
        del baseline, changes, configs, planned, jobs, begin, redact
        for file in self.skipped:
            if skipped is not None:
                skipped(file)
        self.paths, self.stdin, self.fixing = list(paths), stdin, fixing
        self.options, self.environment = options, environment
        selection.rules(every_rule())
        for verdict in self.verdicts:
            yield verdict.replaced(fail_on=fail_on or verdict.fail_on)
        if self.trouble is not None:
            raise self.trouble


@pytest.fixture
def command(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    made = Command(capsys)
    monkeypatch.setattr(check_command, "check", made.check)
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
