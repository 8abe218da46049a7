"""Commands about one project: each says which file it cannot judge, and exits with 2."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (("harden",), ("harden", "--write"), ("map",), ("explain", "--isolation"))
FILES = {
    "empty": (b"", "this file is empty"),
    "binary": (b"\0\1\2", "is not text"),
    "large": (b"#" * 10_000_001, "is larger than 10 MB"),
    "broken": (b"services: {a: [\n", "Compose rejects the whole project: this `[` is never closed"),
    "a list": (b"- a\n", "it holds no mapping"),
}


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", FILES)
def test_an_unchecked_file_is_named_with_its_reason(
    command: tuple[str, ...],
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    content, reason = FILES[name]
    (tmp_path / "given.yaml").write_bytes(content)
    monkeypatch.chdir(tmp_path)
    assert main([*command, "-f", "given.yaml"]) == 2
    out, error = capsys.readouterr()
    first, last = error.splitlines()
    assert first.startswith("tightship: given.yaml")
    assert reason in first
    assert last.endswith("the project has no services here; `tightship check` shows why")
    assert out == ""
    assert (tmp_path / "given.yaml").read_bytes() == content


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_folders_and_missing_files_are_not_projects(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder.yaml").mkdir()
    monkeypatch.chdir(tmp_path)
    for name, reason in (("folder", "is a directory"), ("gone", "does not exist")):
        assert main([*command, "-f", f"{name}.yaml"]) == 2
        assert reason in capsys.readouterr().err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root reads all")
def test_a_file_without_permission_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    (tmp_path / "compose.yaml").chmod(0)
    monkeypatch.chdir(tmp_path)
    assert main(["map"]) == 2
    assert "compose.yaml" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_services_that_compose_rejects_are_not_judged(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "compose.yaml").write_text("services: 5\n")
    monkeypatch.chdir(tmp_path)
    assert main([*command]) == 2
    assert "the project has no services here" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_project_without_services_is_said_to_start_nothing(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {}\n")
    monkeypatch.chdir(tmp_path)
    assert main([*command]) == 2
    assert "Compose loads it and starts nothing" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_named_base_is_asked_with_the_file_that_completes_it(
    command: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "compose.yaml").write_text("services: {web: {init: true}}\n")
    (tmp_path / "image.yml").write_text("services: {web: {image: 'nginx:1.29'}}\n")
    merged = "up:\n\tdocker compose -f compose.yaml -f image.yml up\n"
    (tmp_path / "Makefile").write_text(merged)
    monkeypatch.chdir(tmp_path)
    main([*command, "compose.yaml"])
    out, error = capsys.readouterr()
    assert "not checked" not in out
    assert error == ""


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("map", "1 service, 0 reached from outside."),
        ("harden", "web (nginx:1.29) compose.yaml:1\n"),
        ("explain web", "image: nginx:1.29  # image.yml:1\n"),
    ],
)
def test_a_command_completes_the_file_of_the_current_folder(
    command: str,
    expected: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    texts = {
        "compose.yaml": "services: {web: {networks: [front]}}\n",
        "image.yml": "services: {web: {image: 'nginx:1.29'}}\nnetworks: {front: {}}\n",
        "Makefile": "up:\n\tdocker compose -f compose.yaml -f image.yml up\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)
    assert main(command.split()) == 0
    out, error = capsys.readouterr()
    assert expected in out
    assert error == ""
