"""The scaffold makes a rule that needs nothing but its author's words."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of what a new rule touches."""
    for name in (
        "linter",
        "tests/rules",
        "tests/oracles",
        "tests/checking.py",
        "tests/conftest.py",
        "tests/generate",
        "tests/frontends",
        "tests/project_facts",
        "tests/new_rule.py",
    ):
        source, target = ROOT / name, tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(folder / "linter")}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.mark.parametrize("language", ["compose", "dockerfile"])
def test_a_new_rule_is_found_and_its_examples_hold(copy: Path, language: str) -> None:
    made = run(copy, "tests/new_rule.py", language, "network", "missing-init-process")
    assert made.returncode == 0, made.stdout + made.stderr

    tested = f"tests/rules/{language}/network/test_missing_init_process.py"
    pytest_ = ("-m", "pytest", "-q", "-p", "no:cacheprovider")
    checks = [f"tests/rules/test_{name}.py" for name in ("contract", "examples")]
    products = ("-m", "tests.generate", "rule-index", "rule-pages")
    stale = run(copy, *products, "--check")
    assert stale.returncode == 1, stale.stdout + stale.stderr
    assert "linter/tightship/rules/index.py is stale\n" in stale.stdout
    generated = run(copy, *products)
    assert generated.returncode == 0, generated.stdout + generated.stderr
    done = run(copy, *pytest_, *checks, tested, "-k", "missing or not examples")
    assert done.returncode == 0, done.stdout
    assert (copy / "linter/docs/rules/missing-init-process.md").exists()

    linted = run(copy, "-m", "ruff", "check", "linter/tightship/rules", tested)
    assert linted.returncode == 0, linted.stdout
    formatted = run(copy, "-m", "ruff", "format", "--check", tested)
    assert formatted.returncode == 0, formatted.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("compose", "network", "NotKebab"),
        ("compose", "weather", "too-much-rain"),
        ("compose", "filesystem", "writable-root-filesystem"),
    ],
)
def test_invalid_arguments_are_rejected(copy: Path, words: tuple[str, ...]) -> None:
    before = sorted(copy.rglob("*"))
    assert run(copy, "tests/new_rule.py", *words).returncode == 2
    assert sorted(copy.rglob("*")) == before
