"""``tightship explain --isolation``: the profile of each service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """\
services:
  web:
    image: nginx:1.29
    read_only: true
  agent:
    image: example/agent:${TAG}
    pid: host
    volumes: ["/run/docker.sock:/s"]
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(PROJECT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def explained(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["explain", "--isolation", *words]) == 0
    return capsys.readouterr().out


def test_all_services_are_in_a_table_with_grade_and_signs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    head, web, agent, *_ = explained(capsys).splitlines()
    columns = head.split("  ")
    assert columns[0].strip() == "service"
    assert web.split() == ["web", "D", "-", "+", "-", "+", "-", "+", "-", "+"]
    assert agent.split() == ["agent", "F", "-", "+", "-", "-", "?", "-", "-", "-"]


def test_one_service_has_every_mechanism_with_place_cost_and_fix(
    capsys: pytest.CaptureFixture[str],
) -> None:
    text = explained(capsys, "web")
    assert text.startswith("web: grade D, 12 points compose.yaml:2\n")
    assert "  + root file system           read-only compose.yaml:4\n" in text
    assert "3 points: default capabilities: " in text
    assert "fix: Drop all capabilities but CHOWN, SETGID, SETUID\n" in text
    agent = explained(capsys, "agent")
    assert agent.startswith("agent: grade F compose.yaml:5\n")
    assert "F: control socket: " in agent
    assert "perhaps 4 points: root: " in agent


def test_json_has_the_same_as_values(capsys: pytest.CaptureFixture[str]) -> None:
    alone = json.loads(explained(capsys, "web", "--output-format", "json"))
    [web] = alone["services"]
    assert web["grade"] == {"best": "D", "worst": "D"}
    main(["check", "--output-format", "json"])
    whole = json.loads(capsys.readouterr().out)
    assert [one["service"] for one in whole["profiles"]] == ["web", "agent"]
    assert whole["profiles"][0] == web
    by_name = {row["mechanism"]: row for row in web["mechanisms"]}
    assert by_name["capabilities"]["fix"].startswith("Drop all capabilities")
    assert by_name["root file system"]["line"] == 4


def test_an_unknown_service_is_an_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "--isolation", "wbe"]) == 2
    assert "did you mean `web`?" in capsys.readouterr().err
    assert main(["explain", "--isolation", "web", "image"]) == 2


def test_the_api_has_the_profiles_of_all_services() -> None:
    import tightship

    result = tightship.check(".")
    assert [(one.service, one.best, one.worst) for one in result.profiles] == [
        ("web", "D", "D"),
        ("agent", "F", "F"),
    ]
    [read_only] = [one for one in result.profiles[0].mechanisms if one.name == "root file system"]
    assert (read_only.mark, read_only.path, read_only.weaknesses) == ("strong", "compose.yaml", ())
    [capabilities] = [one for one in result.profiles[0].mechanisms if one.name == "capabilities"]
    assert capabilities.fix is not None
    assert not capabilities.fix.safe
