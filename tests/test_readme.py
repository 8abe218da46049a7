"""What the README shows is what happens, in a fresh clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.generate.pages import README, ROOT
from tests.generate.terminal_picture import PICTURE, drawn

from tightship.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


def commands() -> list[str]:
    """Return the commands that a reader types, with those that print what is shown."""
    return re.findall(r"^\$ (.+)$", README.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.exhaustive
@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_every_command_works_in_a_fresh_clone(tmp_path: Path) -> None:
    """Run all of them in the order of the page, in a clone without anything around it."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("this is not a Git repository")
    clone, home = tmp_path / "tightship", tmp_path / "home"
    home.mkdir()
    subprocess.run([git, "clone", "-q", ROOT, clone], check=True)
    environment = {
        "HOME": str(home),
        "PATH": os.environ["PATH"],
        **{name: text for name, text in os.environ.items() if name.startswith("PIP_")},
    }

    def run(command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            shell=True,
            cwd=clone,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        return done.returncode, done.stdout

    # The page's environment is whatever the reader's `pip` belongs to.
    subprocess.run([sys.executable, "-m", "venv", home / "venv"], check=True)
    environment["PATH"] = f"{home / 'venv' / 'bin'}:{environment['PATH']}"
    assert {"pip install .", "tightship check", "make demo", "make test"} == {*commands()}
    for command in commands():
        if command == "make test":  # CI begins with it; here it would run itself
            continue
        code, shown = run(command)
        assert code == 0, f"{command}: {shown}"
        if command == "make demo":
            progress, _, report = shown.partition("\n")
            assert progress.startswith("Installing Tightship")
            assert report.startswith("linter/docs/first-look/compose.yaml:2:3: ")


def test_ci_begins_with_the_tests_that_the_page_names() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    lines = re.findall(r"^make .+$", script, re.MULTILINE)
    assert lines[0] == commands()[1] == "make test"


def test_every_target_of_make_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"make (\w+)\b", README.read_text("utf-8")))
    assert named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_every_link_leads_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text)
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_demo_shows_the_project_of_the_picture(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [command] = re.findall(r"^demo:.*\n\t@\$\(BIN\)/tightship (.+) \|\| .*$", makefile, re.M)
    monkeypatch.chdir(ROOT)
    assert main([*command.split(), "--color", "always"]) == 1
    shown = capsys.readouterr().out.replace("linter/docs/", "")
    picture = PICTURE.read_text(encoding="utf-8")
    assert len(picture) < 20_000
    assert drawn("tightship check first-look", shown) == picture


def test_the_page_fits_into_a_few_screens() -> None:
    text = README.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 100
    # A reader sees the text of a link, and not its address.
    seen = re.sub(r"\]\([^)]+\)|<!--.*?-->", "]", text)
    assert len(seen.split()) <= 350
    assert text.index("![") < 600
    assert all(path.stat().st_size < 100_000 for path in PICTURE.parent.iterdir())


def test_a_check_of_this_repository_is_quiet(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)
    assert main(["check"]) == 0
    assert capsys.readouterr().out.startswith("No findings in ")
