"""What the README shows is what happens, in a fresh clone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html import unescape
from typing import TYPE_CHECKING

import pytest
from tests.generate.pages import README, ROOT
from tests.generate.terminal_picture import DEMO, PICTURE, demonstrated, drawn

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

    project = tmp_path / "project"
    project.mkdir()
    (project / "compose.yaml").write_text("services:\n  web:\n    build: .\n")
    (project / "Dockerfile").write_text("FROM scratch\nUSER 5\n")

    def run(command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            shell=True,
            cwd=project if command.startswith("tightship ") else clone,
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
    ours = {f"tightship {one}" for one in ("check", "init", "harden")}
    assert {*commands()} == {*ours, "pip install .", "make demo", "make test"}
    for command in commands():
        if command == "make test":  # CI begins with it; here it would run itself
            continue
        code, shown = run(command)
        # The project keeps what hardening would take.
        assert code == int(command == "tightship check"), f"{command}: {shown}"
        if command == "make demo":
            progress, _, report = shown.partition("\n")
            assert progress.startswith("Installing Tightship")
            assert report.startswith("$ tightship check\ncompose.override.yaml:4:9: error: ")
            assert "No findings in " in report.splitlines()[-1]


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


def test_the_demo_prints_every_line_of_the_picture() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [script] = re.findall(r"^demo:.*\n\t@.* sh (\S+)$", makefile, re.M)
    assert ROOT / script == DEMO
    session, picture = demonstrated(), PICTURE.read_text(encoding="utf-8")
    assert len(picture) < 20_000
    assert drawn(session) == picture
    words = re.sub(r"\x1b\[[0-9;]*m", "", session).split()
    for line in re.findall(r"<text x=.*?>(.*)</text>", picture):
        shown = unescape(re.sub(r"<[^>]+>", "", line)).split()
        assert shown == ["…"] or any(
            words[at : at + len(shown)] == shown for at in range(len(words))
        )


def test_the_picture_has_the_colours_of_both_schemes() -> None:
    """Text of each colour is readable on its ground: a contrast of 4.5."""
    picture = PICTURE.read_text(encoding="utf-8")
    schemes = re.findall(r"\.page \{ (--ground[^}]+) \}", picture)
    grounds = set[str]()
    for scheme in schemes:
        colors = dict(re.findall(r"--(\w+): (#\w{6})", scheme))
        grounds.add(colors["ground"])
        del colors["edge"]
        ground = luminance(colors.pop("ground"))
        for color in colors.values():
            bright, dark = sorted((luminance(color), ground), reverse=True)
            assert (bright + 0.05) / (dark + 0.05) >= 4.5, color
    assert len(schemes) == 4
    assert len(grounds) == 2


def luminance(color: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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
