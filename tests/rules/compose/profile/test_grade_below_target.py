from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
services:
  web: {image: "nginx:1.29"}
  agent: {image: "example/agent:1", privileged: true}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def below(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, str]:
    """Return the severity of each service that is below the target."""
    main(["check", *words, "--output-format", "json"])
    return {
        one["subject"]["name"]: one["severity"]
        for one in json.loads(capsys.readouterr().out)["findings"]
        if one["rule"] == "grade-below-target"
    }


@pytest.mark.usefixtures("project")
def test_without_a_target_nothing_is_below_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert below(capsys) == {}


@pytest.mark.usefixtures("project")
def test_the_command_line_sets_a_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert below(capsys, "--target", "D") == {"agent": "error"}
    assert below(capsys, "--target", "C") == {"web": "error", "agent": "error"}
    assert main(["check", "--target", "F"]) == 2


def test_the_command_line_wins_over_the_configuration(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "tightship.toml").write_text('target = "A"\n')
    assert below(capsys) == {"web": "error", "agent": "error"}
    assert below(capsys, "--target", "E") == {"agent": "error"}


def test_a_service_may_have_a_target_of_its_own(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "tightship.toml").write_text(
        'target = "D"\n[rules.grade-below-target]\nservices = { "ag*" = "F", web = "B" }\n'
    )
    assert below(capsys) == {"web": "error"}


def test_a_wrong_grade_is_an_error_at_its_place(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "tightship.toml").write_text(
        '[rules.grade-below-target]\ngrade = "B"\nservices = { web = "G" }\n'
    )
    assert main(["check"]) == 2
    assert "tightship.toml:3:" in capsys.readouterr().err


def test_an_unknown_grade_is_an_info(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "compose.yaml").write_text(
        "services:\n  s: {image: 'example/a:1', read_only: true, cap_drop: [ALL]}\n"
    )
    assert below(capsys, "--target", "B") == {"s": "info"}
