"""What a run says it did, for each action with each format, quiet and verbose."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tightship.report.formats import FORMATS

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

TWO = 'version: "3"\nservices:\n  a: {image: "nginx:1.29", privileged: true}\n'
WORDS = ("--select", "privileged-container,obsolete-version,image-without-digest")
NOTED = ("--select", "unlimited-log,obsolete-version")  # infos with an unsafe and a safe fix
DETAILS = ("", "-q", "-v")
FORMATS_HERE = [name for name in FORMATS if name != "html"]
FOR_PEOPLE = ("text", "concise")


@pytest.fixture
def project(in_folder: InFolder) -> InFolder:
    in_folder.write("sub/compose.yaml", TWO)
    return in_folder


def run(project: InFolder, *words: str) -> int:
    return project("check", *(word for word in words if word))


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("form", FORMATS_HERE)
@pytest.mark.parametrize("fail_on", ["", "never", "error"])
def test_a_fix_is_told_in_every_combination(
    project: InFolder, form: str, detail: str, fail_on: str
) -> None:
    level = ("--fail-on", fail_on) if fail_on else ()
    code = run(project, *WORDS, "--fix", detail, "--output-format", form, *level)
    assert code == int(fail_on != "never")
    told = project.out if form == "text" else project.err
    one = "Fixed: obsolete-version in sub/compose.yaml\n"
    assert (one in told) == (detail == "-q")
    assert ("Fixed 1 finding in 1 file: obsolete-version." in told) == (detail != "-q")
    if detail == "-q" and form in FOR_PEOPLE:
        assert ("privileged-container" in project.out) == (fail_on != "never")
        assert "image-without-digest" not in project.out


@pytest.mark.parametrize("form", FORMATS_HERE)
def test_comments_are_told_in_every_format(project: InFolder, form: str) -> None:
    assert run(project, *WORDS, "--add-ignores", "-q", "--output-format", form) == 0
    told = project.out if form == "text" else project.err
    names = "obsolete-version, privileged-container, image-without-digest"
    first, _, rest = told.partition(" in ")
    assert {*first.removeprefix("Accepted: ").split(", ")} == {*names.split(", ")}
    assert rest.startswith("sub/compose.yaml\n")


def test_a_quiet_run_without_a_fix_claims_none(project: InFolder) -> None:
    assert run(project, *WORDS, "--fix", "-q", "--fail-on", "never") == 0
    assert run(project, *WORDS, "--fix", "-q", "--fail-on", "never") == 0
    assert project.out == project.err == ""


def test_the_hook_prints_its_fixes_alone(project: InFolder) -> None:
    words = ("--force-exclude", "--fix", "--quiet", "--fail-on", "never")
    assert run(project, *words, "sub/compose.yaml") == 0
    assert project.out == "Fixed: obsolete-version in sub/compose.yaml\n"


@pytest.mark.parametrize("detail", DETAILS)
def test_statistics_for_programs_are_the_same_however_brief(project: InFolder, detail: str) -> None:
    run(project, *WORDS, "--output-format", "json", detail)
    found = [(one["rule"], one["severity"]) for one in json.loads(project.out)["findings"]]
    run(project, *WORDS, "--output-format", "json", detail, "--statistics")
    counts = {
        (one["rule"], one["severity"]): one["count"]
        for one in json.loads(project.out)["statistics"]
    }
    assert counts == {kind: found.count(kind) for kind in found}


@pytest.mark.parametrize("view", ["", "--statistics"])
@pytest.mark.parametrize("detail", ["", "-v"])
def test_the_command_for_fixes_applies_as_many_as_the_summary_counts(
    project: InFolder, view: str, detail: str
) -> None:
    run(project, *NOTED, view, detail)
    line = next(one for one in project.out.splitlines() if one.startswith("Fixes: "))
    tightens = bool(view or detail)
    more = ", 1 tightens (`--fix --all-fixes -v`)" * tightens
    assert (
        line
        == f"Fixes: 1 keeps behaviour (`--fix`){more}; `--diff` in place of `--fix` shows the changes."
    )
    command = "--fix --all-fixes -v" if tightens else "--fix"
    run(project, *NOTED, *command.split())
    count = "1 finding" if not tightens else "2 findings"
    assert f"Fixed {count} in 1 file" in project.out


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("detail", DETAILS)
def test_statistics_name_what_was_not_checked(in_folder: InFolder, form: str, detail: str) -> None:
    in_folder.write("compose.yaml", "services: [\n")
    words = ("--ignore", "not-checked,invalid-yaml", "--statistics", "--output-format", form)
    assert run(in_folder, *words, detail) == 2
    if form == "text":
        assert "compose.yaml:" in in_folder.out
