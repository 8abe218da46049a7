"""Configuration on the command line: ``config``, ``init``, and what ``check`` heeds."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING

import pytest
from tests.generate.configuration import PAGE

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

COMPOSE = "services:\n  web: {image: nginx:1.29, user: root}\n"
CONFIG = """\
select = ["users"]
severity = { root-user = "error" }
exclude = ["v/"]
[host]
lsm = "none"
[[per-service]]
services = ["db"]
ignore = ["root-user"]
reason = "it \\u0007has to"
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "compose.yaml").write_text(COMPOSE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_settings_in_effect_are_printed_with_their_origins(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tightship.toml").write_text(CONFIG)
    (folder / "a").mkdir()
    assert main(["config", "a", "--ignore", "root-user", "--fail-on", "never"]) == 0
    out = capsys.readouterr().out
    assert 'select = ["users"]  # tightship.toml:1\n' in out
    assert 'ignore = ["root-user"]  # --ignore\n' in out
    assert 'fail-on = "never"  # --fail-on\n' in out
    assert "require-reason = false  # default\n" in out
    assert 'lsm = "none"  # tightship.toml:5\n' in out
    assert "[[per-service]]  # tightship.toml:6\n" in out
    assert "\7" not in out


def test_the_printed_settings_are_a_valid_configuration(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tightship.toml").write_text(CONFIG)
    assert main(["config"]) == 0
    first = capsys.readouterr().out
    (folder / "tightship.toml").write_text(first)
    assert main(["config"]) == 0
    again = capsys.readouterr().out
    assert tomllib.loads(again) == tomllib.loads(first)
    wanted, found = tomllib.loads(CONFIG), tomllib.loads(first)
    assert found.pop("host") == {**wanted.pop("host"), "rootless": False} | {"userns-remap": False}
    assert {key: found[key] for key in wanted} == wanted


def test_json_has_values_and_origins(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "tightship.toml").write_text(CONFIG)
    assert main(["config", "--output-format", "json", "--select", "strict"]) == 0
    data = json.loads(capsys.readouterr().out)
    settings, origins = data["settings"], data["origins"]
    assert settings.keys() == origins.keys()
    assert (settings["select"], origins["select"]) == (["strict"], "--select")
    assert settings["severity"] == {"root-user": "error"}
    assert origins["host"] == {
        "rootless": "default",
        "userns-remap": "default",
        "lsm": "tightship.toml:5",
    }
    [service] = settings["per-service"]
    assert service["reason"] == "it \7has to"


def test_without_a_file_the_defaults_apply(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["config", "compose.yaml"]) == 0
    out = capsys.readouterr().out
    assert out.count("# default") == len(re.findall(r"^[\w-]+ = ", out, re.M))


@pytest.mark.parametrize("command", ["check", "config"])
def test_an_invalid_configuration_is_reported_and_nothing_is_judged(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tightship.toml").write_text('ignore = ["root-usr"]\nx = 1\n')
    assert main([command]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err == (
        "tightship: tightship.toml:1:11: unknown rule, theme or set `root-usr`;"
        " did you mean `root-user`?\n"
        "tightship: tightship.toml:2:1: unknown key `x` here; known are `select`,"
        " `ignore`, `severity`, `fail-on`, `front-ends`, `exclude`, `target`,"
        " `trusted-registries`, `require-reason`, `accept-new-suppressions`,"
        " `baseline`, `facts`, `policies`, `host`, `provided`, `rules`, `roles`,"
        " `project`, `platform`, `probe`, `per-path` or `per-service`\n"
    )
    assert main([command, "--no-config"]) != 2
    assert main([command, "--isolated"]) != 2


def test_problems_are_shown_relative_to_the_current_folder(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "tightship.toml").write_text("\n  x = 1\n")
    (folder / "a").mkdir()
    monkeypatch.chdir(folder / "a")
    assert main(["check", "../compose.yaml"]) == 2
    assert capsys.readouterr().err.startswith("tightship: ../tightship.toml:2:3: ")


def test_paths_in_a_named_file_are_relative_to_the_current_folder(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tightship.toml").write_text("x = 1")
    (folder / "ci").mkdir()
    named = folder / "ci" / "ours.toml"
    named.write_text('select = ["secrets"]\nexclude = ["compose.yaml"]\n')
    assert main(["check", "--config", "ci/ours.toml"]) == 2  # nothing is left to check
    assert "no Compose file or Dockerfile found" in capsys.readouterr().err
    assert main(["check", "--config", "ci/ours.toml", "compose.yaml"]) == 0
    assert main(["config", "--config", "ci/ours.toml"]) == 0
    assert "# ci/ours.toml:1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (None, "`named.toml` does not exist"),
        (b"\xff", "it is not UTF-8"),
        (b"x = 1", "unknown key `x` here"),
    ],
)
def test_an_invalid_named_file_is_an_error(
    text: bytes | None, what: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (folder / "named.toml").write_bytes(text)
    assert main(["check", "--config", "named.toml"]) == 2
    assert f"tightship: named.toml:1:1: {what}" in capsys.readouterr().err


def test_a_named_pyproject_without_the_table_is_an_error(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "pyproject.toml").write_text("[project]\n")
    assert main(["check", "--config", "pyproject.toml"]) == 2
    assert "no table `[tool.tightship]`" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("fail_on", "options", "code"),
    [
        ("error", [], 0),
        ("warning", [], 1),
        ("never", ["--fail-on", "warning"], 1),
        ("warning", ["--fail-on", "never"], 0),
    ],
)
def test_the_exit_code_follows_from_the_settings(
    fail_on: str, options: list[str], code: int, folder: Path
) -> None:
    (folder / "tightship.toml").write_text(f'fail-on = "{fail_on}"\n')
    assert main(["check", *options]) == code


def test_standard_input_has_the_settings_of_its_name(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import io
    import sys

    (folder / "a").mkdir()
    (folder / "a" / "tightship.toml").write_text('select = ["secrets"]\n')
    for name, code in (("a/compose.yaml", 0), ("b/compose.yaml", 1)):
        data = io.TextIOWrapper(io.BytesIO(COMPOSE.encode()))
        monkeypatch.setattr(sys, "stdin", data)
        assert main(["check", "-", "--stdin-filename", name]) == code
    capsys.readouterr()


def test_a_configured_baseline_is_written_and_then_applied(folder: Path) -> None:
    config = folder / "tightship.toml"
    config.write_text('baseline = "known.json"\n')
    assert main(["check", "--write-baseline"]) == 0
    assert (folder / "known.json").exists()
    assert main(["check"]) == 0
    config.write_text("")
    assert main(["check"]) == 1


def test_a_baseline_is_not_written_outside_the_project(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (folder / "ci").symlink_to(elsewhere)
    for path in ("ci/known.json", f"../{elsewhere.name}/known.json"):
        (folder / "tightship.toml").write_text(f'baseline = "{path}"\n')
        assert main(["check", "--write-baseline"]) == 2
        assert main(["check"]) == 2
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("path", ["compose.yaml", ".git/config", ".git/known.json"])
def test_a_baseline_does_not_overwrite_another_file(
    path: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / ".git").mkdir(exist_ok=True)
    (folder / ".git" / "config").write_text("[core]\n")
    before = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    (folder / "tightship.toml").write_text(f'baseline = "{path}"\n')
    assert main(["check", "--write-baseline"]) == 2
    assert f"`{path}` is not a baseline" in capsys.readouterr().err
    (folder / "tightship.toml").unlink()
    assert main(["check", "--write-baseline", "--baseline", path]) == 2
    after = {one: one.read_bytes() for one in folder.rglob("*") if one.is_file()}
    assert after == before


def test_the_baseline_of_a_named_file_is_relative_to_the_current_folder(folder: Path) -> None:
    (folder / "ci").mkdir()
    (folder / "ci" / "ours.toml").write_text('baseline = "known.json"\n')
    (folder / "in").mkdir()
    (folder / "in" / ".git").mkdir()
    (folder / "in" / "compose.yaml").write_text(COMPOSE)
    config = ("--config", "ci/ours.toml", "in")
    assert main(["check", "--write-baseline", *config]) == 0
    assert (folder / "known.json").exists()
    assert main(["check", *config]) == 0


def test_two_baselines_are_not_written_to_one_file(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "a").mkdir()
    (folder / "a" / "compose.yaml").write_text(COMPOSE)
    for path in (folder, folder / "a"):
        (path / "tightship.toml").write_text('baseline = "known.json"\n')
    assert main(["check", "--write-baseline"]) == 2
    assert "not all projects here have this baseline" in capsys.readouterr().err
    assert main(["check", "--write-baseline", "--baseline", "all.json"]) == 0


def test_an_option_has_the_origin_of_its_other_name(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "tightship.toml").write_text("\ntrusted-registries = ['docker.io']\n")
    assert main(["config"]) == 0
    line = '[rules.untrusted-registry]\ntrusted = ["docker.io"]  # tightship.toml:2\n'
    assert line in capsys.readouterr().out


# The page.


def commands() -> list[str]:
    return re.findall(r"^\$ tightship (.+)$", PAGE.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("command", dict.fromkeys(commands()))
def test_every_command_on_the_page_works(
    command: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if command != "init":
        (folder / "tightship.toml").write_text("")
    assert main(command.split()) in (0, 1)
    assert capsys.readouterr().out
