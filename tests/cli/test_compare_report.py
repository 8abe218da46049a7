"""``tightship migrate --compare``: what both find, what one of them finds, what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

DOCKERFILE = """\
FROM debian AS build
RUN make && cd docs && make

FROM debian:12
COPY --from=build /a /a
CMD true
CMD run.sh
"""
COMPOSE = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "web").mkdir()
    (folder / "web" / "Dockerfile").write_text(DOCKERFILE)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def run(report: object, *, code: int = 0) -> dict[str, Any]:
        (folder / "report.json").write_text(json.dumps(report))
        arguments = ["migrate", "--compare", "report.json", "--output-format", "json"]
        assert main(arguments) == code
        result: dict[str, Any] = json.loads(capsys.readouterr().out)
        return result

    return run


def found(code: str, line: int, file: str = "web/Dockerfile") -> dict[str, object]:
    return {"code": code, "file": file, "line": line, "message": "m", "level": "info"}


def in_sarif(tool: str, check: str, line: int, file: str) -> dict[str, object]:
    place = {"artifactLocation": {"uri": file}, "region": {"startLine": line}}
    one = {"ruleId": check, "message": {"text": "m"}, "locations": [{"physicalLocation": place}]}
    return {"version": "2.1.0", "runs": [{"tool": {"driver": {"name": tool}}, "results": [one]}]}


def reasons(result: dict[str, Any]) -> dict[str, str]:
    return {one["check"]: one["reason"] for one in result["lost"]}


def test_findings_are_the_same_by_id_and_instruction(compared: Any) -> None:
    result = compared([found("DL3006", 1), found("DL3003", 2), found("DL4003", 7)])
    both = {one["check"]: (one["rule"], one["line"]) for one in result["both"]}
    # The first CMD is reported, and the last one explains it.
    assert both == {"DL3006": ("untagged-base-image", 1), "DL4003": ("repeated-instruction", 7)}
    assert reasons(result)["DL3003"].startswith("a `cd` that other commands")
    rules = {one["rule"] for one in result["only_here"]}
    assert "image-runs-as-root" in rules
    assert not rules & {"untagged-base-image", "repeated-instruction"}
    assert result["refused"] == []


def test_a_finding_at_another_instruction_is_another_one(compared: Any) -> None:
    result = compared([found("DL4003", 2), found("DL3007", 1)])
    assert result["both"] == []
    assert reasons(result)["DL4003"] == "no documented difference"


def test_a_finding_about_the_whole_image_has_no_line(compared: Any) -> None:
    result = compared(in_sarif("Trivy", "DS-0002", 7, "web/Dockerfile"))
    assert [one["rule"] for one in result["both"]] == ["image-runs-as-root"]


def test_an_id_for_a_user_does_not_mean_an_image_without_one(compared: Any) -> None:
    assert compared([found("DL3002", 7)])["both"] == []


def test_why_a_finding_is_lost(compared: Any, folder: Path) -> None:
    report = [
        found("DL1001", 1),
        found("DL9999", 1),
        found("DL3057", 1),
        found("DL3006", 1),
        found("DL4006", 2),
    ]
    (folder / "tightship.toml").write_text('ignore = ["DL3006"]\n')
    assert reasons(compared(report)) == {
        "DL1001": "about comments",
        "DL9999": "Tightship does not know this check",
        "DL3057": "your settings do not select `no-healthcheck`",
        "DL3006": "your settings ignore it",
        "DL4006": "your settings do not select `pipe-without-pipefail`",
    }


def test_the_settings_that_a_migration_would_write_apply(compared: Any, folder: Path) -> None:
    report = [found("DL3006", 1), found("DL3025", 7)]
    assert len(compared(report)["both"]) == 2
    (folder / ".hadolint.yaml").write_text("ignored: [DL3006]\n")
    assert reasons(compared(report)) == {"DL3006": "your settings ignore it"}


def test_a_compose_file_in_sarif(compared: Any, folder: Path) -> None:
    (folder / "compose.yaml").write_text(COMPOSE)
    result = compared(in_sarif("KICS", "ae5b6871-7f45-42e0-bb4c-ab300c4d2026", 4, "compose.yaml"))
    assert [one["rule"] for one in result["both"]] == ["privileged-container"]


@pytest.mark.parametrize("path", ["../secret/Dockerfile", "/etc/hostname", "link/Dockerfile"])
def test_nothing_outside_of_the_root_is_read(compared: Any, folder: Path, path: str) -> None:
    secret = folder.parent / "secret"
    secret.mkdir()
    (secret / "Dockerfile").write_text(DOCKERFILE)
    (folder / "link").symlink_to(secret)
    result = compared([found("DL3006", 1, path), found("DL3006", 1)], code=2)
    assert result["refused"] == [f"`{path}` is outside of the project root, so it is not read"]
    assert len(result["both"]) == 1


def test_missing_files_are_listed(compared: Any) -> None:
    result = compared([found("DL3006", 1, "gone"), found("DL3006", 1, "web")], code=2)
    assert result["refused"] == ["`gone` is no file here", "`web` is no file here"]


def test_the_text_groups_checks(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = [found("DL3006", 1), *(found("DL3003", 2) for _ in range(5))]
    report.append(found("DL3006", 1, "a\x1b[31m"))
    (folder / "report.json").write_text(json.dumps(report))
    assert main(["migrate", "--compare", "report.json"]) == 2
    out = capsys.readouterr().out
    assert out.startswith("Both find 1 finding.\n\nOnly Tightship finds ")
    three = ", ".join(["web/Dockerfile:2"] * 3)
    assert f"You lose 5 findings.\n  DL3003: 5, in {three} and 2 more\n    a `cd` that" in out
    assert "Not compared:\n  `a<U+001B>[31m` is no file here\n" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--compare", "gone.json"], "`gone.json` does not exist"),
        (["--compare", "broken.json"], "broken.json:1:2: this is not JSON"),
        (["--output-format", "json"], "--output-format needs --compare"),
        (["--write", "--compare", "broken.json"], "not allowed with"),
    ],
)
def test_what_cannot_be_compared_exits_with_2(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    (folder / "broken.json").write_text("[")
    try:
        code = main(["migrate", *arguments])
    except SystemExit as error:
        code = error.code if isinstance(error.code, int) else 1
    assert code == 2
    assert message in capsys.readouterr().err
