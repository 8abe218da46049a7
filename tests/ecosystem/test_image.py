"""Tightship's own image holds what Tightship asks of others."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.ecosystem.conftest import ROOT

import tightship
from tightship.syntax.dockerfile.read import read
from tightship.text import Source
from tightship.values.dockerignore import Dockerignore

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = ROOT / "linter" / "Dockerfile"
TEXT = DOCKERFILE.read_text("utf-8")
INSTRUCTIONS = read(Source("Dockerfile", TEXT)).instructions
COPIED = [
    word
    for one in INSTRUCTIONS
    if one.name == "COPY" and "--from" not in one.span.text
    for word in shlex.split(one.span.text)[1:-1]
]


def test_its_own_strict_rules_find_nothing() -> None:
    result = tightship.check(
        DOCKERFILE, options=tightship.Options(select=["strict"], no_config=True)
    )
    assert not result.findings
    assert result.gaps == 0


def test_only_unpinnable_versions_are_accepted() -> None:
    result = tightship.check(
        DOCKERFILE, options=tightship.Options(select=["strict"], no_config=True)
    )
    assert [one.rule for one in result.accepted] == ["base-image-without-digest"] * 2


def test_the_documented_build_and_run_have_no_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    text = """
services:
  tightship:
    build: {context: ., dockerfile: linter/Dockerfile}
    network_mode: none
    read_only: true
    cap_drop: [ALL]
    security_opt: ["no-new-privileges:true"]
    volumes: [".:/work:ro"]
    mem_limit: 1g
    cpus: 1
    pids_limit: 20
    logging: {driver: local}
"""
    result = tightship.check_text(text, options=tightship.Options(no_config=True))
    assert [str(one) for one in result.findings] == []
    assert str(DOCKERFILE) in result.files


def hadolint() -> str | None:
    bench = ROOT / ".bench" / "venv" / "bin" / "hadolint"
    return str(bench) if bench.exists() else shutil.which("hadolint")


@pytest.mark.skipif(hadolint() is None, reason="hadolint is not there")
def test_hadolint_finds_nothing() -> None:
    command = [str(hadolint()), "--format", "json", str(DOCKERFILE)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert json.loads(done.stdout) == []


def test_the_build_context_holds_little_more_than_the_copied_files() -> None:
    source = Source(".dockerignore", (ROOT / ".dockerignore").read_text("utf-8"))
    patterns = Dockerignore(source)

    def is_left_out(path: str) -> bool:
        found = patterns.match(path)
        return found is not None and not found.negated

    assert COPIED
    for path in COPIED:
        assert (ROOT / path).exists(), path
        assert not is_left_out(path), path
    for path in (".git", ".env", "tests", "vscode-ext", "linter/docs", ".venv"):
        assert is_left_out(path), path
    assert is_left_out("linter/tightship/cli/__pycache__")


@pytest.mark.exhaustive
@pytest.mark.usefixtures("package_index")
def test_the_copied_files_install_and_run(tmp_path: Path) -> None:
    for path in COPIED:
        given, copy = ROOT / path, tmp_path / "source" / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        if given.is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(given, copy, ignore=ignored)
        else:
            shutil.copy(given, copy)
    [run] = [one for one in INSTRUCTIONS if one.name == "RUN"]
    program, *rest = json.loads(run.span.text.removeprefix("RUN "))
    assert program == "python"
    target = f"--target={tmp_path / 'tightship'}"
    rest = [target if word == "--target=/tightship" else word for word in rest]
    command = [sys.executable, *rest, "--quiet"]
    done = subprocess.run(command, cwd=tmp_path / "source", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    work = tmp_path / "work"
    work.mkdir()
    (work / "compose.yaml").write_text("services: {a: {image: 'x:1', privileged: true}}", "utf-8")
    [entry] = [one for one in INSTRUCTIONS if one.name == "ENTRYPOINT"]
    _, *arguments = json.loads(entry.span.text.removeprefix("ENTRYPOINT "))
    ran = subprocess.run(
        [sys.executable, "-S", *arguments, "check"],
        cwd=work,
        env={"PYTHONPATH": str(tmp_path / "tightship")},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1, ran.stderr
    assert "[privileged-container]" in ran.stdout
