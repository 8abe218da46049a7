"""``--write-baseline``: the next check with the same arguments has nothing new to report."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tightship.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Sequence

BASELINE = "tightship-baseline.json"
PROJECTS = Path(__file__).parents[1] / "projects"
BAD = "services:\n  web:\n    image: nginx:1.29\n    pid: host\n"
EVERY = [PROJECTS, *sorted(PROJECTS.glob("*/")), *sorted(PROJECTS.glob("effective/*/"))]


class Adoption:
    """Checks in a folder; ``out`` and ``err`` are what the last one printed."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.out = self.err = ""

    def write(self, name: str, text: str = BAD) -> None:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def check(self, *words: str) -> int:
        code = main(["check", *words])
        self.out, self.err = self._capsys.readouterr()
        return code

    def adopt(self, *words: str) -> None:
        """Write a baseline, and assert that the next check with these words is green."""
        assert self.check(*words, "--write-baseline") == 0
        number = re.match(r"Wrote (\d+) finding", self.err)
        assert number is not None, self.err
        assert self.check(*words) == 0, self.out + self.err
        assert f"{number[1]} more known from the baseline." in " ".join(self.out.split())


@pytest.fixture
def adoption(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Adoption:
    monkeypatch.chdir(tmp_path)
    return Adoption(tmp_path, capsys)


@pytest.mark.parametrize(
    "words", [(), ("--select", "strict", "--fail-on", "info"), ("--target", "A")], ids=" ".join
)
@pytest.mark.parametrize("project", EVERY, ids=lambda one: one.name)
def test_the_next_check_of_a_project_is_green(
    project: Path, words: Sequence[str], adoption: Adoption
) -> None:
    shutil.copytree(project, adoption.folder, dirs_exist_ok=True)
    adoption.adopt(*words)


@pytest.mark.parametrize("words", [("a",), ("a", "b"), ("a/compose.yaml",), ("-f", "b/x.yml")])
def test_the_next_check_of_the_same_paths_is_green(
    words: Sequence[str], adoption: Adoption
) -> None:
    for name in ("a/compose.yaml", "b/compose.yaml", "b/x.yml"):
        adoption.write(name)
    adoption.adopt(*words)


def test_several_repositories_below_the_current_folder_share_a_baseline(adoption: Adoption) -> None:
    for name in ("a", "b"):
        adoption.write(f"{name}/.git/HEAD", "")
        adoption.write(f"{name}/compose.yaml")
    adoption.adopt()
    adoption.write("b/compose.yaml", BAD.replace("web", "new"))
    assert adoption.check() == 1
    assert "a/compose.yaml" not in adoption.out


def test_a_baseline_at_the_root_counts_in_folders_below(
    adoption: Adoption, monkeypatch: pytest.MonkeyPatch
) -> None:
    adoption.write(".git/HEAD", "")
    adoption.write("a/compose.yaml")
    adoption.adopt()
    monkeypatch.chdir(adoption.folder / "a")
    assert adoption.check() == 0
    adoption.adopt()
    assert {path.name for path in Path().iterdir()} == {"compose.yaml", BASELINE}


def test_the_baseline_of_another_repository_is_left_alone(
    adoption: Adoption, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b"):
        adoption.write(f"{name}/.git/HEAD", "")
        adoption.write(f"{name}/compose.yaml")
    monkeypatch.chdir(adoption.folder / "a")
    adoption.adopt()
    assert adoption.check("../b") == 1
    adoption.adopt("../b")
    assert (adoption.folder / "b" / BASELINE).exists()


def test_projects_with_several_baselines_need_one_name(adoption: Adoption) -> None:
    for name in ("a", "b"):
        adoption.write(f"{name}/compose.yaml")
    adoption.write("a/tightship.toml", 'baseline = "known.json"\n')
    assert adoption.check("--write-baseline") == 2
    assert adoption.err == (
        "tightship: a/tightship.toml:1:1: `baseline`: not all projects here have this"
        " baseline: name one with `--baseline`\n"
    )
    adoption.adopt("--baseline", "all.json")


def test_a_set_of_files_has_a_baseline(adoption: Adoption) -> None:
    for name in ("one.yml", "two.yml"):
        adoption.write(name)
    adoption.write("tightship.toml", '[[project]]\nfiles = ["one.yml", "two.yml"]\n')
    adoption.adopt()


@pytest.mark.parametrize(
    "text",
    [
        "services: [\n",
        "services:\n  web: {build: ./missing}\n",
        "services:\n  web: {image: 'x:1'\n  db: {image: 'x:1'}\n",
        "include: [missing.yaml]\nservices: {web: {image: 'x:1'}}\n",
        "web: {image: 'x:1'}\n",
    ],
)
def test_parts_that_could_not_be_checked_are_known(text: str, adoption: Adoption) -> None:
    adoption.write("compose.yaml", text)
    assert adoption.check() == 2
    adoption.adopt()


def test_without_the_rule_about_gaps_the_text_says_what_to_do(adoption: Adoption) -> None:
    adoption.write("compose.yaml", "services:\n  web: {build: ./missing}\n")
    assert adoption.check("--ignore", "not-checked", "--write-baseline") == 0
    assert "1 part could not be checked, and `not-checked`, which reports this" in adoption.err
    assert adoption.check("--ignore", "not-checked") == 2


def test_an_invalid_baseline_is_an_error_at_its_file(adoption: Adoption) -> None:
    adoption.write("compose.yaml")
    adoption.write(BASELINE, "{}")
    assert adoption.check() == 2
    assert adoption.err.startswith(f"tightship: {BASELINE}:1:1: it is not a baseline")


def test_the_configured_baseline_counts_in_place_of_the_usual_one(adoption: Adoption) -> None:
    adoption.write("compose.yaml")
    adoption.write(BASELINE, json.dumps({"schema": 1, "findings": []}))
    adoption.write("tightship.toml", 'baseline = "known.json"\n')
    adoption.adopt()
    assert json.loads((adoption.folder / BASELINE).read_text())["findings"] == []


def test_a_baseline_names_the_errors_that_it_accepts(adoption: Adoption) -> None:
    adoption.write("a/compose.yaml", BAD.replace("pid: host", "privileged: true"))
    adoption.write("b/compose.yaml")
    assert adoption.check("--write-baseline") == 0
    first, *lines = adoption.err.splitlines()
    counts = {
        word: int(number) for number, word in re.findall(r"(\d+) (error|warning|info)", first)
    }
    errors = counts["error"]
    assert sum(counts.values()) == int(first.split()[1])
    assert lines[0] == "Later runs only count these errors, so look at them first:"
    assert len(lines) == 1 + errors
    assert all(
        re.match(r"a/compose\.yaml:\d+:\d+: error: .+ \[[a-z-]+\]$", one) for one in lines[1:]
    )
    assert adoption.check() == 0
    known = f"{errors} known error{'s' if errors > 1 else ''}"
    assert f"known from the baseline. {known}." in " ".join(adoption.out.split())
    for word in ("concise", "github", "gitlab", "junit", "checkstyle", "json", "sarif"):
        assert adoption.check("--output-format", word) == 0
        assert adoption.err == f"tightship: {known}.\n"
    assert adoption.check("--output-format", "concise", "-q") == 0
    assert adoption.err == ""
    adoption.check("--output-format", "json")
    assert json.loads(adoption.out)["summary"]["known_errors"] == errors
    adoption.check("--output-format", "sarif")
    [invocation] = json.loads(adoption.out)["runs"][0]["invocations"]
    texts = [one["message"]["text"] for one in invocation["toolExecutionNotifications"]]
    assert texts == [f"{known} in the baseline"]
    adoption.check("--output-format", "markdown")
    assert f"; {known}\n" in adoption.out
    adoption.check("--output-format", "html")
    assert f'<li class="error"><b>{errors}</b>{known.partition(" ")[2]}</li>' in adoption.out


def test_a_baseline_without_errors_says_no_more(adoption: Adoption) -> None:
    adoption.write("compose.yaml", "services:\n  web:\n    image: nginx:1.29\n")
    adoption.check("--write-baseline")
    assert len(adoption.err.splitlines()) == 1
    assert "error" not in adoption.err
    adoption.check()
    assert "error" not in adoption.out
