"""``tightship migrate``: what it prints, what it writes, and what it leaves alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

DOCKERFILE = "FROM alpine:3.22\nEXPOSE 80\nUSER 0\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".hadolint.yaml").write_text("ignored: [DL3002, DL3008]\n")
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_it_prints_and_changes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["migrate"]) == 0
    out = capsys.readouterr().out
    assert out.startswith("# Taken over from .hadolint.yaml.\n")
    assert '  "DL3002",  # .hadolint.yaml:1\n' in out
    assert not (folder / "tightship.toml").exists()


def test_the_written_configuration_takes_effect(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "Dockerfile"]) == 1
    assert "image-runs-as-root" in capsys.readouterr().out
    assert main(["migrate", "--write"]) == 0
    assert "Wrote tightship.toml" in capsys.readouterr().out
    assert "DL3008" in (folder / "tightship.toml").read_text()
    assert main(["check", "Dockerfile"]) == 0


@pytest.mark.parametrize("name", ["tightship.toml", ".tightship.toml"])
def test_it_never_writes_over_a_configuration(
    name: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / name).write_text("# mine\n")
    assert main(["migrate", "--write"]) == 2
    assert f"`{name}` already exists" in capsys.readouterr().err
    assert (folder / name).read_text() == "# mine\n"
    assert main(["migrate"]) == 0


def test_without_settings_there_is_nothing_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".hadolint.yaml").unlink()
    assert main(["migrate", "--write"]) == 2
    assert "no settings of another linter" in capsys.readouterr().err
    assert not (folder / "tightship.toml").exists()


@pytest.mark.parametrize("pattern", ["../other", "#a", " ", "a/../b", "x" * 2_000])
def test_an_unsupported_pattern_becomes_a_comment(
    pattern: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".dclintrc").write_text(json.dumps({"exclude": [pattern, "vendor/"]}))
    assert main(["migrate", "--write"]) == 0
    assert '"vendor/"' in (folder / "tightship.toml").read_text()
    assert main(["check", "Dockerfile"]) == 0, capsys.readouterr().err
