"""Each command says what it has not read, in each of its formats; a policy or a change ends in 2."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from tests.controls.test_assessment import POLICY

from tightship.report.formats import FORMATS

if TYPE_CHECKING:
    from tests.cli.conftest import InFolder

RUN = "docker run --privileged alpine\n"
UNREAD = {
    "run.sh": RUN,
    ".github/workflows/ci.yml": f"on: push\njobs: {{a: {{steps: [{{run: {RUN.strip()}}}]}}}}\n",
    "web.container": "[Container]\nImage=alpine\nPodmanArgs=--privileged\n",
}
LINE = "Not read: `.github/workflows/ci.yml:2` and 2 other files start containers"
NAMES = ("run.sh", "ci.yml", "web.container")


@pytest.fixture
def project(in_folder: InFolder) -> InFolder:
    in_folder.write("a/compose.yaml", "services: {a: {image: 'alpine:3.23'}}\n")
    for name, text in UNREAD.items():
        in_folder.write(f"a/{name}", text)
    return in_folder


@pytest.mark.parametrize("form", FORMATS)
def test_a_check_says_it_in_each_format(project: InFolder, form: str) -> None:
    assert project("check", "a", "--fail-on", "never", "--output-format", form) == 0
    told = project.out if form == "text" else project.err
    assert LINE.replace("`.", "`a/.") in told
    if form in ("json", "sarif", "html"):
        assert all(name in project.out for name in NAMES)


@pytest.mark.parametrize("form", ["text", "json", "sarif", "html"])
def test_controls_say_it(project: InFolder, form: str) -> None:
    assert project("controls", "a", "--output-format", form) == 0
    assert all(name in project.out for name in NAMES)
    if form == "json":
        [*left] = json.loads(project.out)["scope"]["not_looked_at"]
        assert [(one["file"], one["line"]) for one in left][-1] == ("a/web.container", 2)
    elif form == "sarif":
        [invocation] = json.loads(project.out)["runs"][0]["invocations"]
        assert len(invocation["toolExecutionNotifications"]) == len(NAMES)


@pytest.mark.parametrize("command", ["check", "controls"])
def test_under_a_policy_it_ends_in_2(project: InFolder, command: str) -> None:
    lax = POLICY.replace("[policy]", '[policy]\nleft-out = ["**"]')
    for policy, code in ((POLICY, 2), (lax, 0)):
        project.write("policy.toml", policy)
        given = f"policy.toml#sha256={hashlib.sha256(policy.encode()).hexdigest()}"
        level = ("--fail-on", "never") if command == "check" else ()
        found = project(command, "a", "--policy", given, *level)
        assert found == code, project.out + project.err


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
@pytest.mark.parametrize("name", [*UNREAD, "compose.yaml.j2", "build.sh"])
def test_a_change_of_a_folder_says_it(project: InFolder, name: str, form: str) -> None:
    for one, text in UNREAD.items():
        project.write(f"b/{one}", text)
    project.write("b/compose.yaml", "services: {a: {image: 'alpine:3.23'}}\n")
    assert project("diff", "a", "b", "--output-format", form) == 0
    assert not any(one in project.out for one in NAMES)
    text = "docker build -t a .\n" if name == "build.sh" else UNREAD.get(name, "") + "# more\n"
    project.write(f"b/{name}", text)
    assert project("diff", "a", "b", "--output-format", form) == (0 if name == "build.sh" else 2)
    assert name in project.out


@pytest.mark.parametrize("command", ["harden", "map"])
def test_other_commands_say_it_of_a_folder(project: InFolder, command: str) -> None:
    assert project(command, "a") == 0
    assert LINE.replace("`.", "`a/.") in project.err
    assert "`tightship check -v` lists them" in project.err
    assert project(command, "a/compose.yaml") == 0
    assert "Not read" not in project.err
