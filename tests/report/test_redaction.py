"""What is secret in a file is in no report about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tightship.cli.main import main
from tightship.report import redactor
from tightship.report.formats import FORMATS
from tightship.report.redaction import redacted
from tightship.report.report import ReportOptions
from tightship.text import Edit, Source, Span

if TYPE_CHECKING:
    from pathlib import Path

    from tests.report.conftest import Make

COMPOSE = """\
services:
  db:
    image: postgres:17
    privileged: true
    environment:
      POSTGRES_PASSWORD: CANARY0x
      POSTGRES_PASSWORD: CANARY1x
      URL: "postgres://app:CANARY2x@db/app"
      OTHER_PASSWORD: "${OTHER:-CANARY3x}"
      KEY_TO_SIGN_TOKEN: |
        CANARY4x
        CANARY5x
  web:
    build: {context: ., args: {DB_PASSWORD: CANARY6x, DB_PASSWORD: CANARY7x}}
    environment: ["DB_PASSWORD=CANARY8x", "DB_PASSWORD=CANARY8x"]
    env_file: web.env
    command: --password CANARY9x
  inline:
    build:
      context: .
      dockerfile_inline: |
        FROM alpine
        ENV API_PASSWORD CANARYgx
"""
OVERRIDE = "services: {db: {environment: {POSTGRES_PASSWORD: CANARYax}, privileged: true}}"
DOCKERFILE = """\
FROM alpine:3.22
ARG DEFAULT=CANARYbx
ENV DB_PASSWORD CANARYcx
ENV NPM_TOKEN=$DEFAULT URL=https://u:CANARYdx@h/
ENV A=b DB_PASSWORD=CANARYex c
ENTRYPOINT mysql --password=CANARYfx
"""
ENV = """\
DB PASSWORD=CANARYhx
API_TOKEN=CANARYix
DB NAME=CANARYjx
MIIEv+CANARYkx/abc==
B!=CANARYlx
DB_SALT="CANARYmx
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    (tmp_path / "compose.override.yaml").write_text(OVERRIDE)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    (tmp_path / "web.env").write_text(ENV)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "chosen",
    [
        ("--select", "strict"),
        ("--select", "strict", "--ignore", "secrets"),
        ("--select", "duplicate-key,legacy-key-value,writable-root-filesystem"),
    ],
    ids=" ".join,
)
def test_no_report_repeats_a_secret(
    project: Path, capsys: pytest.CaptureFixture[str], form: str, chosen: tuple[str, ...]
) -> None:
    main(["check", "-v", *chosen, "--output-format", form])
    main(["check", "-v", *chosen, "--output-format", f"{form}=report"])
    out, err = capsys.readouterr()
    text = (project / "report").read_text()
    assert "duplicate-key" in out
    assert "duplicate-key" in text
    assert "CANARY" not in out + err + text


def test_a_hidden_secret_keeps_its_place_in_the_file(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = ["check", "--select", "literal-secret-in-environment", "--output-format"]
    main([*chosen, "json"])
    lines = COMPOSE.split("\n")
    found: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    shown: list[str] = [
        lines[one["start"]["line"] - 1][one["start"]["column"] - 1 : one["end"]["column"] - 1]
        for one in found
        if one["path"] == "compose.yaml" and one["start"]["line"] == one["end"]["line"]
    ]
    assert "CANARY2x" in shown
    assert "CANARY9x" in shown
    main([*chosen, "text"])
    assert capsys.readouterr().out.count("CANARY") == 0


def test_every_secret_has_the_same_number_of_marks_and_carets(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.override.yaml").unlink()
    (project / "compose.yaml").write_text(
        "services:\n  a:\n    image: b:1\n    environment:\n"
        "      PASSWORD: hunter2-and-much-more # known\n"
    )
    main(["check", "compose.yaml", "--select", "literal-secret-in-environment", "-v"])
    assert (
        "    5 |       PASSWORD: **** # known\n      |                 ^^^^\n"
        in capsys.readouterr().out
    )


def test_a_fix_that_would_write_a_secret_is_for_people_only(make: Make) -> None:
    source, [key, value] = make.file("a:\n  «DB_PASSWORD»: «hunter2»\n")
    whole = Span(source, key.start, value.end)
    fix = make.keeps("Write `hunter2` so", Edit(whole, "DB_PASSWORD=hunter2"))
    verdict = redacted(make.verdict(make.found(whole, "writable-root-filesystem", fix=fix)))
    assert json.loads(make.document("json", verdict))["findings"][0]["fix"] is None
    result = json.loads(make.document("sarif", verdict))["runs"][0]["results"][0]
    assert "fixes" not in result
    verbose = make.document("text", verdict, options=ReportOptions(infos="full"))
    for shown in (verbose, make.document("markdown", verdict)):
        assert "  DB_PASSWORD: ****\n" in shown
        assert "  DB_PASSWORD=****\n" in shown
        assert "hunter2" not in shown
    assert "fix (keeps behaviour): Write `****` so: `DB_PASSWORD=****`\n" in make.text(verdict)


def test_a_patch_and_a_fixed_file_are_exact(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.yaml").unlink()
    (project / "compose.override.yaml").unlink()
    (project / "Dockerfile").write_text("FROM a:1\nENV DB_PASSWORD hunter2\n")
    chosen = ["check", "--select", "legacy-key-value"]
    main([*chosen, "--diff"])
    assert "+ENV DB_PASSWORD=hunter2\n" in capsys.readouterr().out
    main([*chosen, "--fix"])
    assert "ENV DB_PASSWORD=hunter2\n" in (project / "Dockerfile").read_text()


def test_a_password_that_is_a_common_word_is_hidden_at_its_place_only(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.override.yaml").unlink()
    (project / "compose.yaml").write_text(
        "services:\n  web:\n    image: web:1\n    privileged: true\n"
        "    environment: {DB_PASSWORD: web}\n"
    )
    main(["check", "compose.yaml", "-v"])
    out = capsys.readouterr().out
    assert "service `web` is privileged" in out
    assert "service `web` has an easily guessed secret" in out
    assert "    environment: {DB_PASSWORD: ****}" in out
    assert "  web (line 2)" in out


def test_a_project_with_secrets_has_its_profiles_without_them(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "compose.override.yaml").unlink()
    (project / "compose.yaml").write_text(
        "services:\n  web:\n    image: web:1\n    environment: {DB_PASSWORD: hunter2}\n"
        "    volumes: ['/srv/ghp_0123456789abcdefghijABCDEFGHIJ012345:/t']\n"
    )
    main(["check", "compose.yaml", "--output-format", "json"])
    text = capsys.readouterr().out
    [profile] = json.loads(text)["profiles"]
    rows = {row["mechanism"]: row for row in profile["mechanisms"]}
    assert rows["root file system"]["fix"] is None
    assert rows["host path"]["state"].endswith(" is writable")
    assert "ghp_" not in text
    assert "hunter2" not in text


def test_the_secrets_at_a_place_are_those_that_overlap_it() -> None:
    """Places may be inside one another; only those near a span are looked at."""
    source = Source("a", "x" * 100)
    file = redactor._File(source, [(0, 90), (10, 20), (30, 40), (35, 38)])
    for start, end, lengths in (
        (15, 16, {90, 10}),
        (36, 37, {90, 10, 3}),
        (50, 60, {90}),
        (95, 99, set[int]()),
    ):
        found = {len(one) for one in file.secrets_at(Span(source, start, end))}
        assert found == lengths


def test_a_file_with_secrets_keeps_its_role(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "tests").mkdir()
    (project / "tests" / "compose.yaml").write_text(
        "services:\n  db:\n    image: postgres:17\n    environment: {POSTGRES_PASSWORD: CANARY1x}\n"
    )
    main(["check", ".", "--output-format", "json"])
    found = json.loads(capsys.readouterr().out)["findings"]
    severities = {one["severity"] for one in found if one["path"] == "tests/compose.yaml"}
    assert severities == {"info"}
