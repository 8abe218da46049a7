"""No change keeps a violation of a policy in place, and ends in 0."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from tests.attack.seal import ATTACKS, BAD, FACT_KINDS, FACT_POLICY, FINE, POLICY, Link

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

    from tests.attack.seal import Files

RUN = ("check", "--select", "obsolete-version")


def put(tree: Path, files: Files) -> None:
    for name, text in files.items():
        path = tree / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, Link):
            path.symlink_to(text)
        else:
            path.write_bytes(text.encode() if isinstance(text, str) else text)


def git(tree: Path, *words: str) -> None:
    subprocess.run(["git", "-C", str(tree), *words], check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a repository that is the current folder, with a policy and worse things beside."""
    put(tmp_path, {"policy.toml": POLICY, "evil.yaml": BAD, "app/compose.yaml": BAD})
    put(tmp_path, {"Dockerfile": "FROM alpine\n", "evil.toml": "exclude = ['*']\n"})
    made = tmp_path / "tree"
    made.mkdir()
    git(made, "init", "-q")
    monkeypatch.chdir(made)
    return made


def seen(capsys: pytest.CaptureFixture[str], *more: str) -> bool:
    """Return whether a sealed check of the current folder ends in 1 with a finding, or in 2."""
    code = main([*RUN, "--policy", "../policy.toml", *more])
    found = capsys.readouterr()
    told = "[corp/" in found.out if code == 1 else bool(found.out + found.err)
    return code in (1, 2) and told


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_change_hides_a_violation(
    attack: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, ATTACKS[attack])
    if attack.startswith(FACT_KINDS):
        put(tree.parent, {"policy.toml": FACT_POLICY})
    git(tree, "add", "-Af", ".")
    assert seen(capsys)


def test_what_is_fine_is_0(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = {"config/services.yaml": "services:\n  App: {class: X}\n", "a.json": '{"services": []}'}
    put(tree.parent, {"facts.toml": FACT_POLICY})
    put(tree, {"compose.yaml": FINE, "compose.md": FINE, "node_modules/compose.yaml": BAD, **other})
    git(tree, "add", "-Af", "compose.yaml")
    assert main([*RUN, "--policy", "../policy.toml", "--policy", "../facts.toml"]) == 0
    assert not capsys.readouterr().err


def lose(tree: Path) -> None:
    shutil.rmtree(tree / ".git")


def separate(tree: Path) -> None:
    os.rename(tree / ".git", tree.parent / "git")
    (tree / ".git").write_text("gitdir: ../git\n")


def linked(tree: Path) -> None:
    os.rename(tree / ".git", tree.parent / "git")
    (tree / ".git").symlink_to("../git")


def corrupted(tree: Path) -> None:
    (tree / ".git" / "index").write_bytes(b"DIRC")


def excluding(tree: Path) -> None:
    (tree / ".git" / "info" / "exclude").write_text("*\n")


@pytest.mark.parametrize("change", [lose, separate, linked, corrupted, excluding])
@pytest.mark.parametrize("name", ["compose.yaml", "a/compose.yaml", "node_modules/a/compose.yaml"])
def test_no_state_of_the_repository_hides_one(
    change: object, name: str, tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(tree, {name: BAD, ".gitignore": "*\n"})
    git(tree, "add", "-Af", ".")
    assert callable(change)
    change(tree)
    assert seen(capsys)


def test_no_nested_repository_hides_one(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(tree, {"compose.yaml": FINE, "a/compose.yaml": BAD, "a/.gitignore": "*\n"})
    put(tree, {"a/.git": "gitdir: ../.git/modules/a\n"})
    assert seen(capsys)


def test_no_name_in_bytes_hides_one(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open(os.path.join(os.fsencode(tree), b"compose.\xff.yaml"), "w") as file:
        file.write(BAD)
    assert seen(capsys)
