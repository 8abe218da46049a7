"""What is accepted does not count, and programs are told of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = """\
services:
  web:
    image: a:1
    privileged: true  # tightship: ignore[privileged-container] it mounts disks
  db:
    image: b:1
    privileged: true  # tightship: ignore[privileged-container]
    environment: {DB_PASSWORD: CANARY}
  proxy:
    image: c:1
    user: root
"""
CONFIG = """\
select = ["privileged-container", "literal-secret-in-environment", "root-user"]

[[per-service]]
services = ["proxy"]
ignore = ["root-user"]
reason = "it binds port 80"
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "tightship.toml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    main(["check", "--output-format", "json", *options])
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def told(document: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [
        (one["rule"], one["subject"]["name"], one["by"], one["reason"])
        for one in document["accepted"]
    ]


def test_json_lists_accepted_findings_with_source_and_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = read(capsys)
    assert [one["rule"] for one in document["findings"]] == ["literal-secret-in-environment"]
    assert told(document) == [
        ("privileged-container", "web", "comment", "it mounts disks"),
        ("privileged-container", "db", "comment", ""),
        ("root-user", "proxy", "configuration", "it binds port 80"),
    ]
    first = document["accepted"][0]
    assert (first["path"], first["start"]) == ("compose.yaml", {"line": 4, "column": 17})
    assert first["severity"] == "error"
    assert document["summary"]["errors"] == 0


def test_findings_in_the_baseline_are_listed_without_a_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--write-baseline"])
    capsys.readouterr()
    document = read(capsys, "--baseline", "tightship-baseline.json")
    assert document["findings"] == []
    assert told(document)[-1] == ("literal-secret-in-environment", "db", "baseline", "")
    assert "CANARY" not in json.dumps(document)


def test_sarif_leaves_out_accepted_findings(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["check", "--output-format", "sarif"])
    [run] = json.loads(capsys.readouterr().out)["runs"]
    assert [one["ruleId"] for one in run["results"]] == ["literal-secret-in-environment"]
