"""The GitHub action and the jobs of the documentation: valid, and run as they stand."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict, cast

import pytest
import yaml
from tests.ecosystem.conftest import ROOT, Tree

if TYPE_CHECKING:
    Step = TypedDict(
        "Step",
        {
            "name": str,
            "id": str,
            "if": str,
            "run": str,
            "uses": str,
            "shell": str,
            "env": dict[str, str],
            "with": dict[str, str],
        },
    )

    class Runs(TypedDict):
        using: str
        steps: list[Step]

    class Action(TypedDict):
        inputs: dict[str, dict[str, str]]
        outputs: dict[str, dict[str, str]]
        runs: Runs


PAGE = ROOT / "linter" / "docs" / "ci.md"
ACTION = cast("Action", yaml.safe_load((ROOT / "action.yml").read_text("utf-8")))
STEPS = ACTION["runs"]["steps"]
BAD = "services:\n  web:\n    image: nginx:1.29\n    privileged: true\n"
BASH = shutil.which("bash")


def block(name: str) -> str:
    """Return the block of the page that is a file of this name."""
    text = PAGE.read_text("utf-8")
    [found] = re.findall(rf"```yaml\n# {re.escape(name)}\n(.*?)```", text, re.DOTALL)
    return str(found)


# -- valid


@pytest.mark.parametrize(
    ("schema", "name"),
    [
        ("github-actions", "action.yml"),
        ("github-workflows", ".github/workflows/tightship.yml"),
        ("gitlab-ci", ".gitlab-ci.yml"),
        ("precommit", ".pre-commit-config.yaml"),
    ],
)
def test_the_schema_of_the_platform_holds(schema: str, name: str, tmp_path: Path) -> None:
    path = ROOT / name
    if name != "action.yml":
        path = tmp_path / Path(name).name
        path.write_text(block(name), encoding="utf-8")
    if schema == "precommit":
        command = [sys.executable, "-m", "pre_commit", "validate-config", str(path)]
    else:
        command = [sys.executable, "-m", "check_jsonschema", str(path)]
        command += ["--builtin-schema", f"vendor.{schema}"]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_schema_rejects_an_invalid_action(tmp_path: Path) -> None:
    path = tmp_path / "action.yml"
    path.write_text("name: x\ndescription: y\nruns: {using: composite}\n", "utf-8")
    command = [sys.executable, "-m", "check_jsonschema", str(path)]
    command += ["--builtin-schema", "vendor.github-actions"]
    assert subprocess.run(command, capture_output=True).returncode == 1


def test_no_value_becomes_part_of_a_script() -> None:
    assert not [step["run"] for step in STEPS if "${{" in step.get("run", "")]


def test_every_input_is_described_used_and_has_a_default() -> None:
    text = json.dumps(ACTION["runs"])
    for name, given in ACTION["inputs"].items():
        assert given["description"]
        assert isinstance(given["default"], str), "a boolean would be a string there"
        assert f"inputs.{name} " in text, name


def test_the_workflow_on_the_page_uses_existing_inputs() -> None:
    workflow = yaml.safe_load(block(".github/workflows/tightship.yml"))
    steps = cast("list[Step]", workflow["jobs"]["tightship"]["steps"])
    assert set(steps[-1]["with"]) <= set(ACTION["inputs"])


# -- run


class Runner:
    """Runs the scripts of the action as GitHub's runner does."""

    def __init__(self, tree: Tree, place: Path) -> None:
        self.tree = tree
        self.place = place
        self.event: dict[str, str] = {}
        self.outputs: dict[str, str] = {}
        self.log = self.summary = ""

    def __call__(self, program: str = "", **inputs: str) -> int:
        """Run from the first step on, or from the check on; return the last code."""
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir()
        self.outputs = {"python.python-path": sys.executable}
        self.log = ""
        steps = [step for step in STEPS if "run" in step]
        if program:
            self.outputs["install.program"] = program
            steps = steps[1:]
        code = 0
        for step in steps:
            code = self._step(step, {k.replace("_", "-"): v for k, v in inputs.items()})
            if code:
                break
        return code

    def _step(self, step: Step, inputs: dict[str, str]) -> int:
        assert BASH is not None
        assert step["shell"] == "bash"
        output, summary = self.place / "output", self.place / "summary"
        output.write_text("", "utf-8")
        script = self.place / "script.sh"
        script.write_text(step["run"], "utf-8")
        values = {name: self._value(text, inputs) for name, text in step["env"].items()}
        done = subprocess.run(
            [BASH, "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)],
            cwd=self.tree.folder,
            env=self.tree.environment
            | values
            | {
                "RUNNER_TEMP": str(self.place),
                "GITHUB_OUTPUT": str(output),
                "GITHUB_STEP_SUMMARY": str(summary),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=300,
        )
        self.log += done.stdout
        for line in output.read_text("utf-8").splitlines():
            name, _, value = line.partition("=")
            self.outputs[f"{step['id']}.{name}"] = value
        self.summary = summary.read_text("utf-8") if summary.exists() else ""
        return done.returncode

    def _value(self, text: str, inputs: dict[str, str]) -> str:
        """Evaluate what a variable is set to."""
        found = re.fullmatch(r"\$\{\{ (.*) \}\}", text)
        assert found is not None, text
        for word in found[1].split(" || "):
            context, _, rest = word.partition(".")
            if context == "inputs":
                value = inputs.get(rest, ACTION["inputs"][rest]["default"])
            elif context == "steps":
                value = self.outputs.get(rest.replace(".outputs", "", 1), "")
            elif rest == "action_path":
                value = str(ROOT)
            else:
                value = self.event.get(rest, "")
            if value:
                return value
        return ""


@pytest.fixture
def runner(tmp_path: Path, clean_environment: dict[str, str]) -> Runner:
    if BASH is None or shutil.which("git") is None:
        pytest.skip("there is no bash, or no git")
    tree = Tree(tmp_path / "work tree", clean_environment)
    tree.write("bad/compose.yaml", BAD)
    tree.write("fine/Dockerfile", "FROM alpine:3.22\nUSER 1000\n")
    assert tree.commit().returncode == 0
    return Runner(tree, tmp_path / "runner temp")


PROGRAM = str(Path(sys.executable).with_name("tightship"))


def test_findings_become_annotations_a_table_and_a_report(runner: Runner) -> None:
    assert runner(PROGRAM, sarif_file="tightship.sarif") == 1
    assert "\n::error file=bad/compose.yaml,line=4," in runner.log
    assert "privileged-container" in runner.summary
    assert runner.outputs["check.exit-code"] == "1"
    sarif = Path(runner.outputs["check.sarif-file"])
    assert sarif == runner.tree.folder / "tightship.sarif"
    results = json.loads(sarif.read_text("utf-8"))["runs"][0]["results"]
    assert "privileged-container" in {one["ruleId"] for one in results}


def test_outputs_can_be_turned_off(runner: Runner) -> None:
    assert runner(PROGRAM, annotations="false", summary="false") == 1
    assert "::error" not in runner.log
    assert "[privileged-container]" in runner.log
    assert runner.summary == ""
    assert "check.sarif-file" not in runner.outputs


def test_the_log_has_the_report_of_the_terminal_before_the_annotations(runner: Runner) -> None:
    runner(PROGRAM)
    report, _, annotations = runner.log.partition("\n::error ")
    assert "compose.yaml:4:17: error: " in report
    assert "[privileged-container]" in report
    assert "privileged" in annotations


def test_the_report_cannot_give_the_runner_a_command(runner: Runner) -> None:
    runner.tree.write("::error::x/compose.yaml", BAD)
    runner(PROGRAM, annotations="false")
    pattern = r"(.*)::stop-commands::([0-9a-f]{32})\n(.*)\n::\2::\n(.*)"
    found = re.fullmatch(pattern, runner.log, re.DOTALL)
    assert found is not None
    assert "::error::x/compose.yaml:4:17: error: " in found[3]
    assert "::error" not in found[1] + found[4]


def test_only_requested_files_are_written(runner: Runner) -> None:
    runner.tree.run("git", "config", "core.excludesFile", "/dev/null")
    assert runner(PROGRAM) == 1
    assert runner.tree.run("git", "status", "--porcelain", "--ignored").stdout == ""
    assert "check.sarif-file" not in runner.outputs


def test_a_report_that_is_uploaded_needs_no_file_in_the_work_tree(runner: Runner) -> None:
    runner(PROGRAM, upload_sarif="true")
    sarif = Path(runner.outputs["check.sarif-file"])
    assert sarif.is_relative_to(runner.place)
    assert json.loads(sarif.read_text("utf-8"))["version"] == "2.1.0"
    assert runner.tree.run("git", "status", "--porcelain").stdout == ""


def test_the_file_of_the_report_can_be_absolute(runner: Runner, tmp_path: Path) -> None:
    wanted = tmp_path / "a report.sarif"
    assert runner(PROGRAM, sarif_file=str(wanted)) == 1
    assert runner.outputs["check.sarif-file"] == str(wanted)
    assert json.loads(wanted.read_text("utf-8"))["version"] == "2.1.0"


def test_an_old_report_is_not_an_output(runner: Runner) -> None:
    old = runner.tree.write("old.sarif", "{}")
    assert runner(PROGRAM, sarif_file="old.sarif", config="nowhere.toml") == 2
    assert "check.sarif-file" not in runner.outputs
    assert not old.exists()
    assert runner.summary == ""


def test_a_report_replaces_a_link_and_not_what_it_leads_to(runner: Runner, tmp_path: Path) -> None:
    target = tmp_path / "target"
    target.write_text("kept", "utf-8")
    (runner.tree.folder / "a.sarif").symlink_to(target)
    assert runner(PROGRAM, sarif_file="a.sarif") == 1
    assert target.read_text("utf-8") == "kept"
    assert runner.outputs["check.sarif-file"].endswith("/a.sarif")


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({"fail_on": "never"}, 0),
        ({"paths": "fine\n"}, 0),
        ({"paths": "fine\nbad\n"}, 1),
        ({"select": "users"}, 0),
        ({"select": "users, privileged-container"}, 1),
        ({"ignore": "capabilities,filesystem,resources,mandatory_access"}, 0),
        ({"paths": "--fix"}, 2),
        ({"paths": "nowhere"}, 2),
        ({"config": "nowhere.toml"}, 2),
        ({"baseline": "nowhere.json"}, 2),
    ],
    ids=str,
)
def test_inputs_decide_what_fails(runner: Runner, inputs: dict[str, str], code: int) -> None:
    assert runner(PROGRAM, **inputs) == code


@pytest.mark.exhaustive
def test_no_input_can_run_a_command(runner: Runner) -> None:
    evil = "$(touch ran); touch ran #`touch ran`\"'; touch ran"
    runner.event = {"event.before": evil}
    names = [name.replace("-", "_") for name in ACTION["inputs"]]
    for name in names:
        runner(PROGRAM, **{name: evil})
        runner(PROGRAM, **{name: evil, "changed_only": "true"})
    assert not list(runner.tree.folder.rglob("ran"))


def test_only_new_findings_of_a_pull_request_are_reported(runner: Runner) -> None:
    base = runner.tree.run("git", "rev-parse", "HEAD").stdout.strip()
    runner.event = {"event.pull_request.base.sha": base, "event.before": "0" * 40}
    runner.tree.write("fine/Dockerfile", "FROM alpine:3.22\nUSER 1001\n")
    runner.tree.commit()
    assert runner(PROGRAM) == 1
    assert runner(PROGRAM, changed_only="true") == 0
    runner.tree.write("bad/compose.yaml", f"# more\n{BAD}")
    assert runner(PROGRAM, changed_only="true") == 0
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    assert runner(PROGRAM, changed_only="true") == 1


@pytest.mark.parametrize("changed_only", ["true", "false"])
@pytest.mark.parametrize(
    "settings", ['exclude = ["*"]', 'ignore = ["default"]', 'fail-on = "never"']
)
def test_a_pull_request_cannot_turn_off_its_own_check(
    runner: Runner, changed_only: str, settings: str
) -> None:
    base = runner.tree.run("git", "rev-parse", "HEAD").stdout.strip()
    runner.tree.write("web/compose.yaml", BAD)
    runner.tree.write("tightship.toml", f"{settings}\n")
    runner.tree.commit()
    runner.event = {"event.pull_request.base.sha": base}
    assert runner(PROGRAM, changed_only=changed_only) == 1
    assert "web/compose.yaml" in runner.log
    # What was pushed has been reviewed.
    runner.event = {"event.before": base}
    assert runner(PROGRAM, changed_only=changed_only) == 2 * ("exclude" in settings) * (
        changed_only == "false"
    )


POLICY = """\
[policy]
name = "corp"

[[rule]]
id = "corp/pid"
for = "service"
require.namespaces.pid = "own"
message = "{name} has a foreign PID namespace"
good = [{ "compose.yaml" = "services: {a: {image: b}}" }]
bad = [{ "compose.yaml" = "services: {a: {image: b, pid: host}}" }]
"""


def test_a_pull_request_is_checked_by_the_policy_of_its_base(runner: Runner) -> None:
    runner.tree.write("policy.toml", POLICY)
    runner.tree.write("bad/compose.yaml", BAD)
    runner.tree.commit()
    base = runner.tree.run("git", "rev-parse", "HEAD").stdout.strip()
    runner.tree.write("policy.toml", POLICY.replace('= "own"', '= "host"'))
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    runner.tree.write("tightship.toml", 'ignore = ["default"]\n')
    runner.tree.commit()
    runner.event = {"event.pull_request.base.sha": base}
    assert runner(PROGRAM, policy="policy.toml", changed_only="true") == 1
    assert "[corp/pid]" in runner.log
    # Without the base there is no policy, and nothing passes.
    runner.event = {"event.pull_request.base.sha": "1" * 40}
    assert runner(PROGRAM, policy="policy.toml") == 2
    # What was pushed has been reviewed, with its policy.
    runner.event = {"event.before": base}
    runner(PROGRAM, policy="policy.toml")
    assert "[corp/pid]" not in runner.log


def test_without_its_base_a_pull_request_has_no_settings(runner: Runner) -> None:
    runner.event = {"event.pull_request.base.sha": "1" * 40}
    runner.tree.write("tightship.toml", 'exclude = ["*"]\n')
    assert runner(PROGRAM) == 1
    assert "with no setting or comment" in runner.log
    assert runner(PROGRAM, baseline="none.json", config="tightship.toml") == 2


def test_a_comparison_ignores_the_settings_of_the_pull_request(runner: Runner) -> None:
    base = runner.tree.run("git", "rev-parse", "HEAD").stdout.strip()
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    runner.tree.write("tightship.toml", 'exclude = ["*"]\n')
    runner.tree.commit()
    runner.event = {"event.pull_request.base.sha": base}
    assert runner(PROGRAM, comment="true") == 1
    assert "is hidden by tightship.toml:1 of this change" in runner.summary


def test_a_base_that_a_shallow_checkout_lacks_is_fetched(runner: Runner, tmp_path: Path) -> None:
    origin = runner.tree
    base = origin.run("git", "rev-parse", "HEAD").stdout.strip()
    origin.write("fine/Dockerfile", "FROM alpine:3.22\nUSER 1001\n")
    origin.commit()
    origin.run("git", "config", "uploadpack.allowAnySHA1InWant", "true")
    clone = ["git", "clone", "--quiet", "--depth=1", f"file://{origin.folder}"]
    origin.run(*clone, str(tmp_path / "clone"))
    runner.tree = Tree(tmp_path / "clone", origin.environment)
    runner.event = {"event.pull_request.base.sha": base}
    assert runner(PROGRAM, changed_only="true") == 0
    runner.event = {"event.before": "0" * 40}
    assert runner(PROGRAM, changed_only="true") == 1
    assert "checking everything" in runner.log


# -- the comment


class GitHub:
    """Stands in for GitHub: a `gh` that keeps comments in a file, and logs its calls."""

    def __init__(self, runner: Runner, folder: Path) -> None:
        self._runner, self._folder = runner, folder
        folder.mkdir()
        program = folder / "gh"
        fake = Path(__file__).with_name("fake_gh.py")
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{fake}" "$@"\n')
        program.chmod(0o755)
        environment = runner.tree.environment
        path = os.pathsep.join((str(folder), environment["PATH"]))
        runner.tree.environment = {**environment, "PATH": path, "FAKE": str(folder)}
        runner.event = {
            "event.pull_request.base.sha": self.head(),
            "event.pull_request.number": "7",
            "repository": "owner/name",
            "token": "t",
        }

    def head(self) -> str:
        return self._runner.tree.run("git", "rev-parse", "HEAD").stdout.strip()

    def say(self, author: str, body: str) -> None:
        comments = self.comments
        comments.append({"id": 90, "user": {"login": author}, "body": body})
        (self._folder / "comments.json").write_text(json.dumps(comments), "utf-8")

    @property
    def comments(self) -> list[dict[str, Any]]:
        path = self._folder / "comments.json"
        return json.loads(path.read_text("utf-8")) if path.exists() else []

    @property
    def writes(self) -> list[str]:
        """Return the calls since the last time that changed something."""
        log = self._folder / "log"
        calls = log.read_text("utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return [call for call in calls if not call.startswith("GET")]

    def refuse(self) -> None:
        (self._folder / "refuse").touch()


@pytest.fixture
def github(runner: Runner, tmp_path: Path) -> GitHub:
    return GitHub(runner, tmp_path / "gh")


def test_one_comment_describes_the_change(runner: Runner, github: GitHub) -> None:
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    runner.tree.commit()
    assert runner(PROGRAM, comment="true") == 1
    [comment] = github.comments
    assert comment["body"].startswith("<!-- tightship-diff -->\n## Tightship: ")
    assert "pid namespace: its own → the host's" in comment["body"]
    assert runner.summary == f"{comment['body']}\n"
    assert github.writes == ["POST repos/owner/name/issues/7/comments"]
    assert "::error" not in runner.log, "the rest of the file is not reported again"


def test_the_comment_is_edited_only_if_something_changed(runner: Runner, github: GitHub) -> None:
    github.say("somebody", "<!-- tightship-diff -->\nnot of this action")
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    runner.tree.commit()
    runner(PROGRAM, comment="true")
    assert len(github.writes) == 1
    runner.tree.write("fine/Dockerfile", "FROM alpine:3.22\nUSER 1000\nWORKDIR /a\n")
    runner.tree.commit()
    assert runner(PROGRAM, comment="true") == 1
    assert github.writes == []
    runner.tree.write("bad/compose.yaml", BAD)
    runner.tree.commit()
    assert runner(PROGRAM, comment="true") == 0
    assert github.writes == ["PATCH repos/owner/name/issues/comments/1"]
    theirs, ours = github.comments
    assert theirs["body"].endswith("not of this action")
    assert ours["body"].endswith("no change of isolation")


def test_without_a_difference_there_is_no_comment(runner: Runner, github: GitHub) -> None:
    assert runner(PROGRAM, comment="true") == 0
    assert github.comments == []
    assert "no change of isolation" in runner.summary


def test_a_job_without_write_access_prints_the_table_and_succeeds(
    runner: Runner, github: GitHub
) -> None:
    github.refuse()
    runner.tree.write("bad/compose.yaml", f"{BAD}    read_only: true\n")
    runner.tree.commit()
    assert runner(PROGRAM, comment="true", fail_on="never") == 0
    assert "The comment was not written" in runner.log
    assert "root file system" in runner.log


@pytest.mark.parametrize(
    ("inputs", "code"),
    [
        ({}, 1),
        ({"fail_on": "never"}, 0),
        ({"fail_on": "error"}, 0),
        ({"fail_on": "info"}, 1),
        ({"fail_on": "any"}, 1),
        ({"paths": "fine\n"}, 0),
        ({"paths": "fine\nbad\n"}, 1),
        ({"config": "nowhere.toml"}, 2),
    ],
    ids=str,
)
def test_inputs_decide_what_a_comparison_fails_on(
    runner: Runner, github: GitHub, inputs: dict[str, str], code: int
) -> None:
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    runner.tree.commit()
    assert runner(PROGRAM, comment="true", **inputs) == code


def test_without_a_pull_request_or_a_base_there_is_no_comment(
    runner: Runner, github: GitHub
) -> None:
    base = github.head()
    runner.tree.write("bad/compose.yaml", f"{BAD}    pid: host\n")
    runner.tree.commit()
    runner.event = {"event.before": base}
    assert runner(PROGRAM, comment="true") == 1
    assert "pid namespace" in runner.summary
    runner.event = {"event.before": "0" * 40}
    assert runner(PROGRAM, comment="true") == 1
    assert "Base commit unavailable: checking everything." in runner.log
    assert "Base commit unavailable: nothing to compare with." in runner.log
    assert github.writes == []


@pytest.mark.exhaustive
@pytest.mark.usefixtures("package_index")
def test_the_action_installs_what_it_then_runs(runner: Runner) -> None:
    assert runner() == 1
    assert runner.outputs["install.program"].startswith(str(runner.place))
    assert "::error file=bad/compose.yaml,line=4," in runner.log


def test_the_job_for_gitlab_writes_its_report(runner: Runner, tmp_path: Path) -> None:
    job = yaml.safe_load(block(".gitlab-ci.yml"))["tightship"]
    script = "\n".join(cast("list[str]", job["script"]))
    pip = tmp_path / "bin" / "pip"
    pip.parent.mkdir()
    pip.write_text('#!/bin/sh\necho "pip: $*"\n', "utf-8")
    pip.chmod(0o755)
    path = os.pathsep.join((str(pip.parent), runner.tree.environment["PATH"]))
    environment = {**runner.tree.environment, "PATH": path, "TIGHTSHIP": "its place"}
    base = runner.tree.run("git", "rev-parse", "HEAD").stdout.strip()
    for since, code in (("", 1), (base, 0)):
        assert BASH is not None
        done = subprocess.run(
            [BASH, "-e", "-o", "pipefail", "-c", script],
            cwd=runner.tree.folder,
            env=environment | {"CI_MERGE_REQUEST_DIFF_BASE_SHA": since},
            capture_output=True,
            text=True,
        )
        assert done.returncode == code, done.stderr
        assert "pip: install --quiet its place" in done.stdout
        report = runner.tree.folder / job["artifacts"]["reports"]["codequality"]
        assert json.loads(report.read_text("utf-8")), "it has every finding"
