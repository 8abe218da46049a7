"""What the README shows is what happens."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main
from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Golden

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"


def with_block(text: str, marker: str, block: str) -> str:
    """Return the README with what stands between two markers replaced."""
    start, end = f"<!-- {marker} -->\n", "<!-- end -->"
    before, _, rest = text.partition(start)
    assert rest, f"the README has no {start}"
    return before + start + block + rest[rest.index(end) :]


def test_the_output_is_what_a_first_run_prints(
    golden: Golden,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(ROOT / "tests" / "projects")
    assert main(["check", "first-look"]) == 1
    block = f"```console\n$ tightship check first-look\n{capsys.readouterr().out}```\n"
    marker = "output of: tightship check first-look"
    golden(README, with_block(README.read_text(encoding="utf-8"), marker, block))


def test_the_table_of_rules_is_complete(golden: Golden) -> None:
    themes: dict[str, list[str]] = {}
    for rule in every_rule():
        link = f"[{rule.name}](linter/docs/rules/{rule.name}.md)"
        themes.setdefault(rule.theme.replace("_", " "), []).append(link)
    rows = [f"| **{theme}** | {', '.join(links)} |" for theme, links in themes.items()]
    block = "\n".join(["", "| theme | rules |", "|---|---|", *rows, "", ""])
    golden(README, with_block(README.read_text(encoding="utf-8"), "rules", block))


def commands() -> list[str]:
    text = README.read_text(encoding="utf-8")
    section = text[text.index("## Using it") : text.index("## Rules")]
    found = re.findall(r"^\$ tightship ([^#\n]+)", section, re.MULTILINE)
    return [command.strip() for command in found]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a copy of the first project, with a commit on `main` behind it."""
    root = tmp_path / "project"
    shutil.copytree(ROOT / "tests" / "projects" / "first-look", root)
    git = shutil.which("git")
    if git is not None:
        author = ("-c", "user.name=a", "-c", "user.email=a@example.com")
        for words in (
            ("init", "-q", "-b", "main"),
            ("add", "."),
            ("commit", "-qm", "a"),
        ):
            subprocess.run([git, *author, *words], cwd=root, check=True)
    return root


@pytest.mark.parametrize("command", commands())
def test_every_command_works(
    command: str,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asks_git = "--changed-since" in command or command.startswith("diff ")
    if asks_git and not (project / ".git").exists():
        pytest.skip("there is no git here")
    monkeypatch.chdir(project)
    assert main(command.split()) in (0, 1)
    # A comparison of what is the same prints nothing.
    assert any(capsys.readouterr()) != command.startswith("diff ")


def test_every_target_of_make_that_is_named_exists() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = set(re.findall(r"^\$ make (\w+)", README.read_text("utf-8"), re.MULTILINE))
    assert named
    assert all(re.search(rf"^{target}:", makefile, re.MULTILINE) for target in named)


def test_every_link_leads_somewhere() -> None:
    text = README.read_text(encoding="utf-8")
    assert all((ROOT / link).exists() for link in re.findall(r"\]\(([^)]+)\)", text))


def test_the_demo_judges_all_of_its_project(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [command] = re.findall(r"^demo:.*\n\t@\$\(BIN\)/tightship (.+)$", makefile, re.M)
    monkeypatch.chdir(ROOT)
    assert main(command.split()) == 0
    assert "Dockerfile (built by shop)" in capsys.readouterr().out
