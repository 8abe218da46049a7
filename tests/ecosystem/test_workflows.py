"""The workflows and forms of the repository: valid, and as the pages say."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from tests.ecosystem.conftest import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FORMS = sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml"))
TESTS, RELEASE = GITHUB / "workflows/tests.yml", GITHUB / "workflows/release.yml"


def schema_of(path: Path) -> str:
    if path.name == "dependabot.yml":
        return "dependabot"
    if path in WORKFLOWS:
        return "github-workflows"
    return "github-issue-config" if path.stem == "config" else "github-issue-forms"


@pytest.mark.parametrize(
    "path", [*WORKFLOWS, *FORMS, GITHUB / "dependabot.yml"], ids=lambda path: path.name
)
def test_the_schema_of_the_platform_holds(path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", str(path)]
    command += ["--builtin-schema", f"vendor.{schema_of(path)}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def jobs(path: Path) -> dict[str, Any]:
    return dict(yaml.safe_load(path.read_text("utf-8"))["jobs"])


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in jobs(path).values():
        yield from job["steps"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_keeps_no_credentials_and_has_no_value_in_a_script(path: Path) -> None:
    for step in steps(path):
        assert "${{" not in step.get("run", "")
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_by_default_a_workflow_may_read_at_most(path: Path) -> None:
    permissions = yaml.safe_load(path.read_text("utf-8"))["permissions"]
    assert permissions in ({}, {"contents": "read"})


def test_every_python_of_the_package_is_tested_on_every_system() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    classifiers = " ".join(project["classifiers"])
    matrix = jobs(TESTS)["tests"]["strategy"]["matrix"]
    assert matrix["python"] == re.findall(r"Python :: (3\.\d+)", classifiers)
    systems = {name.partition("-")[0] for name in matrix["system"]}
    assert systems == {"ubuntu", "macos", "windows"}


def test_only_the_step_that_publishes_can_prove_who_it_is() -> None:
    release = jobs(RELEASE)
    assert release["publish"]["permissions"] == {"id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in release["publish"]["steps"]] == [
        "actions/download-artifact",
        "pypa/gh-action-pypi-publish",
    ]
    assert "secrets." not in RELEASE.read_text("utf-8")


def test_only_the_job_that_publishes_the_site_can_write_it() -> None:
    site = jobs(GITHUB / "workflows/site.yml")
    assert site["build"]["permissions"] == {"contents": "read"}
    assert site["publish"]["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].partition("@")[0] for step in site["publish"]["steps"]] == [
        "actions/deploy-pages"
    ]
