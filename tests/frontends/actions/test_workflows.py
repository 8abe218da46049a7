"""Containers of workflows and actions: their settings, their places, and edits of `options`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.checking import check
from tests.frontends.docker_build.builds_of import Names
from tests.frontends.docker_run.commands_of import NoFiles, settings_of as command_settings, shown
from tests.frontends.docker_run.test_check import put

from tightship.cli.main import main
from tightship.frontends.actions.project import ActionSettings, declare
from tightship.frontends.names import is_workflow
from tightship.isolation.containers import containers
from tightship.isolation.profile import Profile
from tightship.model.build import BuildSection
from tightship.model.file_project import FileProject
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = ".github/workflows/ci.yml"
SOCKET = "/var/run/docker.sock:/var/run/docker.sock"
TEXT = """\
jobs:
  test:
    container:
      image: node:24
      env: {TOKEN: "${{ secrets.T }}", HOME: $HOME}
      volumes: ["/src:/src"]
      options: --cap-add=NET_ADMIN --network back
    services:
      db:
        image: "postgres:${{ matrix.version }}"
        ports: ["5432:5432"]
        options: >-
          --health-cmd pg_isready
          --memory 1g
    steps:
      - run: docker run x:1
      - uses: actions/checkout@v5
      - uses: docker://alpine:3.22
        env: {A: b}
  lint:
    container: python:3.14
  plain:
    runs-on: ubuntu-latest
"""


def project_of(text: str, name: str = NAME) -> FileProject:
    project = FileProject(Source(name, text), NoFiles())
    declare(project)
    return project


def settings_of(text: str, name: str = NAME) -> Mapping[str, ActionSettings]:
    found = project_of(text, name).services
    assert all(isinstance(one, ActionSettings) for one in found.values())
    return found  # type: ignore[return-value]


def test_each_container_of_a_workflow_has_its_settings() -> None:
    found = settings_of(TEXT)
    assert {name: shown(one) for name, one in found.items()} == {
        "test": {
            "image": "node:24",
            "environment": {"TOKEN": "${_}", "HOME": "$HOME"},
            "volumes": ["/src:/src", SOCKET],
            "cap_add": ["NET_ADMIN"],
            "networks": ["back"],
        },
        "test.db": {
            "image": "postgres:${_}",
            "ports": ["5432:5432"],
            "networks": ["test"],
            "healthcheck": {"test": "pg_isready"},
            "mem_limit": "1g",
        },
        "test.step-3": {
            "image": "alpine:3.22",
            "environment": {"A": "b"},
            "networks": ["test"],
            "volumes": [SOCKET],
        },
        "lint": {"image": "python:3.14", "networks": ["lint"], "volumes": [SOCKET]},
    }
    assert all(one.complete for one in found.values())
    place = found["test"].table.entries["cap_add"].key.span
    assert place.text == "--cap-add=NET_ADMIN"


def test_the_socket_of_the_runner_is_in_the_profile_and_is_no_finding() -> None:
    project = project_of(TEXT)
    job = containers(project)[0]
    assert Profile(job).grade == "F"
    own, supplied = job.settings.volumes
    assert not job.settings.supplies(own.value)
    assert job.settings.supplies(supplied.value)


def test_runners_of_others_mount_no_socket() -> None:
    found = settings_of(TEXT, ".gitea/workflows/ci.yml")
    assert shown(found["lint"]) == {"image": "python:3.14", "networks": ["lint"]}


def test_an_action_runs_in_its_image() -> None:
    text = "runs:\n  using: docker\n  image: docker://alpine:3.22\n  env: {A: b}\n"
    found = settings_of(text, "a/action.yml")
    assert shown(found["action"])["image"] == "alpine:3.22"
    assert not settings_of("runs:\n  using: docker\n  image: Dockerfile\n", "action.yml")


@pytest.mark.parametrize(
    ("image", "dockerfile"), [("Dockerfile", "a/Dockerfile"), ("b/D", "a/b/D"), ("../D", "D")]
)
def test_an_action_runs_what_its_dockerfile_builds(image: str, dockerfile: str) -> None:
    text = f"runs:\n  using: docker\n  image: {image}\n  env: {{A: b}}\n"
    project = FileProject(Source("a/action.yml", text), Names([dockerfile]))
    declare(project)
    [made] = project.services.values()
    assert BuildSection(made).dockerfile == dockerfile
    assert made.value("environment") is not None


def test_nobody_misses_an_option_where_there_are_none(tmp_path: Path) -> None:
    text = "jobs:\n  a:\n    container: redis:8\n    steps:\n      - uses: docker://redis:latest\n"
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: text})
    [verdict] = check([str(tmp_path / NAME)], ("default",))
    of_step = {one.rule.name for one in verdict.findings if one.subject.name == "a.step-1"}
    of_job = {one.rule.name for one in verdict.findings if one.subject.name == "a"}
    assert of_step == {"mutable-image-tag"}
    assert "writable-root-filesystem" in of_job


def test_jobs_have_no_network_in_common() -> None:
    jobs = (
        "jobs:\n  a:\n    container: x:1\n    services: {db: {image: y:1}}\n  b: {container: z:1}\n"
    )
    project = project_of(jobs)
    networks = {name: shown(one)["networks"] for name, one in settings_of(jobs).items()}
    assert networks == {"a": ["a"], "a.db": ["a"], "b": ["b"]}
    assert all(one.complete for one in project.services.values())


@pytest.mark.parametrize("name", [".github/dependabot.yml", "a/workflows/b.yml", "compose.yaml"])
def test_other_files_are_no_workflows(name: str) -> None:
    text = TEXT.replace("runs-on", "executor")
    assert not is_workflow(name, text)
    assert not settings_of(text, name)


def test_options_with_an_expression_may_be_any() -> None:
    text = TEXT.replace("--cap-add=NET_ADMIN", "${{ matrix.options }}")
    made = settings_of(text)["test"]
    assert not made.complete
    assert made.flag("privileged").could_be(True)


JOB = "jobs:\n  a:\n    container:\n      image: x:1\n"
CASES = [
    (JOB, f"{JOB}      options: --read-only\n"),
    (f"{JOB}      options: --init\n", f"{JOB}      options: --init --read-only\n"),
    (f'{JOB}      options: "-m 1g"\n', f'{JOB}      options: "-m 1g --read-only"\n'),
    (
        f"{JOB}      options: >-\n        --init\n        -m 1g\n",
        f"{JOB}      options: >-\n        --init\n        -m 1g --read-only\n",
    ),
    (
        "jobs: {a: {container: {image: x}}}\n",
        'jobs: {a: {container: {image: x, options: "--read-only"}}}\n',
    ),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_flags_are_added_to_the_options(before: str, after: str) -> None:
    made = settings_of(before)["a"]
    edits = made.editor.put("read_only", "true")
    assert apply_edits(made.span.source, edits) == after
    assert settings_of(after)["a"].flag("read_only").is_surely(True)


def test_an_image_alone_has_no_place_for_options() -> None:
    made = settings_of("jobs: {a: {container: x:1}}\n")["a"]
    assert made.editor.put("read_only", "true") == ()


def test_the_last_option_is_removed_with_the_blank_before_it() -> None:
    made = settings_of(f"{JOB}      options: --init --privileged\n")["a"]
    edits = made.editor.remove("privileged")
    assert apply_edits(made.span.source, edits) == f"{JOB}      options: --init\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (f"{JOB}      options: --privileged\n", JOB),
        (f"{JOB}      options: >-\n        --privileged\n      env: {{A: b}}\n", f"{JOB}      env: {{A: b}}\n"),
        ("jobs: {a: {container: {image: x, options: --privileged}}}\n", "jobs: {a: {container: {image: x}}}\n"),
    ],
)  # fmt: skip
def test_options_go_with_the_only_one(before: str, after: str) -> None:
    made = settings_of(before)["a"]
    assert apply_edits(made.span.source, made.editor.remove("privileged")) == after


WAYS = """\
env: {OPTS: --privileged, IMG: "alpine:3.22"}
jobs:
  a:
    runs-on: x
    strategy:
      matrix: {opt: [--privileged, --init], more: "${{ fromJSON(inputs.x) }}", v: [1, 2]}
    container: {image: "b:1", options: "${{ matrix.opt }} ${{ env.OPTS }}"}
    services:
      db: {image: "c:1", options: "${{ inputs.o }}"}
      dc: {image: "c:1", options: "--memory=${{ matrix.v }}g"}
"""


def test_options_have_the_values_of_the_workflow() -> None:
    project = project_of(WAYS)
    made = {
        name: {
            key: one
            for key, one in shown(service).items()
            if key not in ("image", "networks", "volumes")
        }
        for name, service in project.services.items()
        if isinstance(service, ActionSettings)
    }
    assert made == {
        "a": {"privileged": "true"},
        "a-2": {"privileged": "true", "init": "true"},
        "a.db": {},
        "a.dc": {"mem_limit": "${_}g"},
    }
    assert [one.complete for one in project.services.values()] == [True, True, False, True]
    [gap] = project.gaps
    assert gap.span.text == "${{ inputs.o }}"


@pytest.mark.parametrize(
    ("run", "is_privileged", "count"),
    [
        ("docker run ${{ env.OPTS }} ${{ env.IMG }}", True, 1),
        ("docker run $OPTS ${IMG}", True, 1),
        ("docker run ${{ matrix.opt }} alpine:3.22", True, 2),
        ("docker run --rm alpine:${{ matrix.v }}", False, 1),
    ],
)
def test_commands_have_the_values_of_the_workflow(
    run: str, is_privileged: bool, count: int
) -> None:
    every = command_settings(f"{WAYS}    steps: [{{run: '{run}'}}]\n", NAME)
    assert len(every) == count
    assert (every[0].text("privileged").value == "true") is is_privileged
    assert all(one.complete for one in every)


def test_what_a_matrix_gets_from_elsewhere_is_unknown() -> None:
    run = "docker run ${{ matrix.more }} alpine:3.22"
    [made] = command_settings(f"{WAYS}    steps: [{{run: '{run}'}}]\n", NAME)
    assert not made.complete


def test_notes_of_a_release_are_no_commands() -> None:
    step = "{uses: a/b@v1, with: {body: 'Try: docker run --privileged a:1'}, name: docker run b}"
    assert not command_settings(f"{WAYS}    steps: [{step}]\n", NAME)


def test_a_workflow_may_be_anywhere(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {"tpl/my.yml": WAYS, "plain.yml": "on: push\njobs:\n  a:\n    runs-on: x\n"})
    [verdict] = check([str(tmp_path / "tpl/my.yml")], ("privileged-container",))
    assert verdict.findings[0].span.text == "${{ env.OPTS }}"
    assert main(["check", str(tmp_path / "plain.yml")]) == 2


def test_steps_of_an_action_are_containers() -> None:
    action = "runs:\n  using: composite\n  steps:\n    - uses: docker://alpine:3.22\n"
    assert [*settings_of(action, "a/action.yml")] == ["action.step-1"]


def job(container: str, matrix: str = "{}") -> FileProject:
    return project_of(
        f"jobs:\n  test:\n    strategy: {{matrix: {matrix}}}\n    container: {container}\n"
    )


OPTIONS = "{image: 'x:1', options: '${{ matrix.o }}'}"
LOST = "which flags this adds is known only at run time"


@pytest.mark.parametrize(
    ("container", "matrix", "privileged", "gaps"),
    [
        (OPTIONS, "{include: [{o: --privileged}]}", ["true"], []),
        (OPTIONS, "{o: [--rm], include: [{o: --privileged}]}", [None, "true"], []),
        (OPTIONS, "{o: [--rm], include: '${{ fromJSON(inputs.m) }}'}", [None, None], [LOST]),
        (OPTIONS, "{o: '${{ fromJSON(inputs.m) }}'}", [None], [LOST]),
        (OPTIONS, "'${{ fromJSON(inputs.m) }}'", [None], [LOST]),
        (
            OPTIONS.replace("matrix.o", "matrix.x.o"),
            "{x: [{o: --privileged}, {o: --rm}]}",
            ["true", None],
            [],
        ),
        (OPTIONS.replace("matrix.o", "inputs.image"), "{}", [None], [LOST]),
    ],
)
def test_options_have_each_value_of_a_matrix(
    container: str, matrix: str, privileged: list[str | None], gaps: list[str]
) -> None:
    project = job(container, matrix)
    assert [one.text("privileged").value for one in project.services.values()] == privileged
    assert [one.reason for one in project.gaps] == gaps


@pytest.mark.parametrize(
    "matrix", ["{v: ['/:/h']}", "{v: ['/:/h', 'data:/h']}", "{include: [{v: '/:/h'}]}"]
)
def test_volumes_have_the_paths_of_a_matrix(matrix: str) -> None:
    project = job("{image: 'x:1', volumes: ['${{ matrix.v }}']}", matrix)
    sources = [mount.source for one in containers(project) for mount in one.mounts]
    assert "/" in sources


@pytest.mark.parametrize(
    ("container", "matrix"),
    [
        ("${{ fromJSON(inputs.c) }}", "{}"),
        ("${{ matrix.c }}", "{c: [{image: 'x:1', options: --privileged}]}"),
        ("${{ matrix.c }}", "{c: '${{ fromJSON(inputs.c) }}'}"),
        ("{image: 'x:1', volumes: '${{ fromJSON(inputs.v) }}'}", "{}"),
        ("{image: 'x:1', env: '${{ fromJSON(inputs.v) }}'}", "{}"),
        ("{image: 'x:1', ports: '${{ matrix.p }}'}", "{p: [[80]]}"),
    ],
)
def test_an_expression_that_may_be_an_object_is_a_gap(container: str, matrix: str) -> None:
    [gap] = job(container, matrix).gaps
    assert gap.reason == "what this sets is known only when the workflow runs"


@pytest.mark.parametrize(
    ("container", "matrix"),
    [
        ("${{ matrix.c }}", "{c: ['x:1', 'y:1']}"),
        ("${{ inputs.c }}", "{}"),
        ("'x:${{ env.T }}'", "{}"),
    ],
)
def test_an_expression_that_is_a_text_is_none(container: str, matrix: str) -> None:
    project = job(container, matrix)
    assert project.gaps == []
    assert len(project.services) == 1


def test_services_that_only_a_run_knows_are_a_gap() -> None:
    [gap] = project_of("jobs:\n  a:\n    services: ${{ fromJSON(inputs.s) }}\n").gaps
    assert gap.reason == "what this starts is known only when the workflow runs"


@pytest.mark.parametrize("name", ["set", "allow"])
def test_what_a_step_changes_for_bake_is_a_gap(name: str) -> None:
    step = f"uses: docker/bake-action@v6, with: {{{name}: '*.network=host', targets: a}}"
    [gap] = project_of(f"jobs:\n  a:\n    runs-on: b\n    steps: [{{{step}}}]\n").gaps
    assert gap.span.text == "'*.network=host'"


@pytest.mark.parametrize(
    ("files", "is_gap"),
    [("b.txt", True), ("${{ inputs.f }}", True), ("./docker-bake.hcl,compose.yml", False)],
)
def test_a_file_of_bake_that_is_not_found_by_its_name_is_a_gap(files: str, *, is_gap: bool) -> None:
    step = f"uses: docker/bake-action@v6, with: {{files: '{files}'}}"
    project = project_of(f"jobs:\n  a:\n    runs-on: b\n    steps: [{{{step}}}]\n")
    assert bool(project.gaps) is is_gap
