"""The container of a `devcontainer.json`, which has comments."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st
from tests.checking import check
from tests.frontends.docker_build.builds_of import Names
from tests.frontends.docker_run.commands_of import NoFiles, shown
from tests.frontends.docker_run.test_check import put

from tightship.engine.disk.git_tree import TextFiles
from tightship.frontends.devcontainer.project import declare
from tightship.frontends.flags.entries import FlagSettings
from tightship.frontends.names import is_devcontainer
from tightship.model.build import BuildSection
from tightship.model.file_project import FileProject
from tightship.text import Source, apply_edits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

NAME = ".devcontainer/devcontainer.json"
TEXT = """\
{
  // "privileged": false,
  "image": "example/base:2", /* "init": false */
  "runArgs": ["--cap-add=SYS_PTRACE", "--security-opt", "seccomp=unconfined"],
  "mounts": [
    "source=/etc,target=/host,type=bind",
    {"source": "data", "target": "/data", "type": "volume"},
  ],
  "securityOpt": ["apparmor=unconfined"],
  "capAdd": ["NET_ADMIN"],
  "containerEnv": {"URL": "http://a // b"},
  "containerUser": "dev",
  "privileged": true,
}
"""


def settings_of(text: str, name: str = NAME) -> list[FlagSettings]:
    project = FileProject(Source(name, text), NoFiles())
    declare(project)
    return [one for one in project.services.values() if isinstance(one, FlagSettings)]


def test_keys_and_arguments_are_settings() -> None:
    [made] = settings_of(TEXT)
    assert shown(made) == {
        "image": "example/base:2",
        "cap_add": ["NET_ADMIN", "SYS_PTRACE"],
        "security_opt": ["apparmor=unconfined", "seccomp=unconfined"],
        "volumes": [
            {"source": "data", "target": "/data", "type": "volume"},
            {"source": "/etc", "target": "/host", "type": "bind"},
        ],
        "environment": {"URL": "http://a // b"},
        "user": "dev",
        "privileged": "true",
    }
    assert made.complete
    place = made.table.entries["user"].value.span
    assert TEXT[place.start : place.end] == "dev"


@pytest.mark.parametrize("name", [NAME, ".devcontainer.json", ".devcontainer/go/devcontainer.json"])
def test_a_file_is_known_by_its_name(name: str) -> None:
    assert is_devcontainer(name)
    assert len(settings_of(TEXT, name)) == 1
    assert not settings_of(TEXT, f"{name}.md")


def test_a_project_of_compose_adds_no_container() -> None:
    assert not settings_of('{"dockerComposeFile": "compose.yaml", "image": "x:1"}')
    assert not settings_of('{"name": "x"}')
    assert not settings_of("[]")


def test_variables_are_unknown_but_the_folders_of_a_user() -> None:
    text = """{"image": "x:1", "runArgs": ["--hostname=${localEnv:NAME}"], "mounts": [
        "source=${localEnv:HOME}/.ssh,target=/a,type=bind",
        "source=${localWorkspaceFolder}/b,target=/b,type=bind"]}"""
    [made] = settings_of(text)
    assert [one.source for one in made.volumes] == ["~/.ssh", "./b"]
    assert shown(made)["hostname"] == "${NAME}"


def test_a_port_that_is_a_number_is_on_the_loopback_interface() -> None:
    [made] = settings_of('{"image": "x:1", "appPort": [3000, "8080:80", "90"]}')
    assert shown(made)["ports"] == ["127.0.0.1:3000:3000", "8080:80", "90"]
    [made] = settings_of('{"image": "x:1", "appPort": 3000}')
    assert shown(made)["ports"] == ["127.0.0.1:3000:3000"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('"privileged": true', '"privileged": false'),
        ('"privileged": true, "runArgs": ["-it"]', '"privileged": false, "runArgs": ["-it"]'),
        ('"runArgs": ["--privileged", "-it"]', None),
        ('"privileged": true, "runArgs": ["--privileged"]', None),
    ],
)
def test_a_key_counts_after_the_arguments(before: str, after: str | None, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: f'{{"image": "x:1", {before}}}\n'})
    [verdict] = check([str(tmp_path / NAME)], ("privileged-container",))
    fixes = [one.finding.fix for one in verdict.findings]
    texts = [apply_edits(verdict.sources[0], one.edits) if one else None for one in fixes]
    assert texts == [f'{{"image": "x:1", {after}}}\n' if after else None]


def test_arguments_add_to_a_table() -> None:
    [made] = settings_of(
        '{"image": "x:1", "containerEnv": {"A": "1"}, "runArgs": ["-e", "B=2", "-e", "A=3"]}'
    )
    assert shown(made)["environment"] == ["A=1", "B=2", "A=3"]


def test_lifecycle_commands_are_hooks() -> None:
    [made] = settings_of("""{
      "image": "x:1", "remoteUser": "dev", "initializeCommand": "on-the-host",
      "postCreateCommand": "npm ci && echo ${A}",
      "postStartCommand": {"a": ["serve", "-p", "1"], "b": "watch"}
    }""")
    assert shown(made)["post_start"] == [
        {"command": "npm ci && echo ${A}", "user": "dev"},
        {"command": ["serve", "-p", "1"], "user": "dev"},
        {"command": "watch", "user": "dev"},
    ]


def test_a_lifecycle_command_is_named_as_one(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    command = '"postCreateCommand": ["mysql", "--password=9f86d081884c7d65"]'
    put(tmp_path, {NAME: f'{{"image": "x:1", "remoteUser": "root", {command}}}\n'})
    [verdict] = check([str(tmp_path / NAME)], ("strict", "literal-secret-in-environment"))
    names = [one.rule.name for one in verdict.findings]
    assert "privileged-hook" not in names
    [one] = [one for one in verdict.findings if one.rule.name == "literal-secret-in-environment"]
    assert one.finding.message.endswith("has a secret as plain text in its lifecycle command")
    [one] = [one for one in verdict.findings if one.rule.name == "default-capabilities-kept"]
    assert one.finding.fix is None


@pytest.mark.parametrize("comment", ["// tightship: ignore[{}] {}", "//tightship: ignore[{}]: {}"])
def test_a_comment_accepts_a_finding(comment: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    made = comment.format("privileged-container", "it mounts images")
    lines = ['{"image": "x:1",', f"  {made}", '  // "init"', '  "privileged": true,', "}"]
    put(tmp_path, {NAME: "\n".join(lines)})
    [verdict] = check([str(tmp_path / NAME)], ("privileged-container",))
    assert verdict.findings == []


@pytest.mark.parametrize(
    "last",
    [
        '"postCreateCommand": "npm install"',
        '"name": "it\'s mine"  // that\'s "it',
        '"runArgs": [\n  "--name=a b",  // it\'s\n  ]',
    ],
)
def test_hardening_is_written_next_to_any_text(last: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: f'{{\n  // it\'s\n  "image": "nginx:1.29",\n  {last}\n}}\n'})
    made = subprocess.run(
        [sys.executable, "-m", "tightship", "harden", str(tmp_path / NAME), "--write"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    [settings] = settings_of((tmp_path / NAME).read_text())
    assert settings.text("mem_limit").value == "256m"
    assert settings.texts("security_opt").surely_holds("no-new-privileges:true")


LIMITS = '["--memory", "256m", "--pids-limit", "2048"]'


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('{\n  "image": "nginx:1.29"\n}', f'{{\n  "image": "nginx:1.29",\n  "runArgs": {LIMITS}\n}}'),
        ('{"image": "nginx:1.29"}', f'{{"image": "nginx:1.29", "runArgs": {LIMITS}}}'),
        ('{"image": "nginx:1.29", "runArgs": [ ]}', f'{{"image": "nginx:1.29", "runArgs": {LIMITS}}}'),
        ('{"runArgs": ["--init"], "image": "nginx:1.29"}',
         f'{{"runArgs": ["--init", {LIMITS[1:-1]}], "image": "nginx:1.29"}}'),
    ],
)  # fmt: skip
def test_a_fix_of_several_flags_writes_one_list(before: str, after: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: before})
    [verdict] = check([str(tmp_path / NAME)], ("unlimited-resources",))
    [one] = verdict.findings
    assert one.finding.fix is not None
    assert apply_edits(one.span.source, one.finding.fix.edits) == after


@pytest.mark.parametrize("text", ["{", '{"a": [}', '{"name": "a" "init": true'])
def test_what_is_no_json_is_said(text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: text})
    [verdict] = check([str(tmp_path / NAME)], ("privileged-container",))
    assert any(one.reason.startswith("this part was not checked: ") for one in verdict.gaps)


@pytest.mark.parametrize(
    "text",
    [
        '{"image": "x:1", "name": "b\\/c",}',
        '{\n\t"image": "x:1" // }\n}',
        '{"image": "x:1" "name": 1}',
    ],
)
def test_json_with_comments_has_no_gap(text: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: text})
    [verdict] = check([str(tmp_path / NAME)], ("privileged-container",))
    assert verdict.gaps == ()


def test_features_may_set_anything() -> None:
    [made] = settings_of('{"image": "x:1", "features": {"ghcr.io/a/b:1": {}}}')
    assert not made.complete
    [made] = settings_of('{"build": {"dockerfile": "Dockerfile"}, "features": {}}')
    assert made.complete
    assert shown(made) == {}


@given(st.text(alphabet='{}[]",:/*\\\n image runArgs', max_size=80))
def test_any_text_is_read(text: str) -> None:
    settings_of(text)
    settings_of('{"image": "x", "runArgs": [' + text + "]}")


@pytest.mark.parametrize(
    ("text", "dockerfile", "built"),
    [
        ('{"build": {"dockerfile": "Dockerfile"}}', ".devcontainer/Dockerfile",
         {"context": ".devcontainer", "dockerfile": "Dockerfile"}),
        ('{"dockerFile": "../D", "context": ".."}', "D", {"context": ".", "dockerfile": "D"}),
        ('{"build": {"dockerfile": "../a/D", "context": "..", "target": "dev",'
         ' "args": {"A": "$b"}, "options": ["--network=host"]}}', "a/D",
         {"network": "host", "context": ".", "dockerfile": "a/D", "args": {"A": "$b"},
          "target": "dev"}),
        ('{"build": {"dockerfile": "Missing"}}', "Dockerfile", None),
        ('{"build": {"dockerfile": "${localWorkspaceFolder}/D"}}', "D", None),
        ('{"build": {"dockerfile": "Dockerfile", "options": ["--new-flag"]}}',
         ".devcontainer/Dockerfile", {"context": ".devcontainer", "dockerfile": "Dockerfile"}),
    ],
)  # fmt: skip
def test_a_build_names_its_dockerfile(
    text: str, dockerfile: str, built: dict[str, object] | None
) -> None:
    project = FileProject(Source(NAME, text), Names([dockerfile]))
    declare(project)
    [made] = project.services.values()
    assert isinstance(made, FlagSettings)
    assert shown(made).get("build") == built
    if built is not None:
        assert BuildSection(made).dockerfile == dockerfile


def test_a_container_has_the_user_of_its_dockerfile(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    texts = {
        NAME: '{"build": {"dockerfile": "Dockerfile", "args": {"BASE": "debian"}}}',
        ".devcontainer/Dockerfile": "ARG BASE\nFROM $BASE\nUSER 1000\n",
    }
    put(tmp_path, texts)
    [verdict] = check([str(tmp_path / NAME)])
    assert verdict.project is not None
    [container] = verdict.project.containers
    assert container.starts_as_root is False
    assert "untagged-base-image" in {one.rule.name for one in verdict.findings}


SOCKET = "/var/run/docker.sock:/var/run/docker-host.sock"


def project_of(text: str, files: Mapping[str, str] | None = None) -> FileProject:
    project = FileProject(Source(NAME, text), TextFiles({NAME: text, **(files or {})}))
    declare(project)
    return project


def only(project: FileProject) -> FlagSettings:
    [made] = project.services.values()
    assert isinstance(made, FlagSettings)
    return made


def test_a_workspace_is_a_mount() -> None:
    [made] = settings_of('{"image": "x:1", "workspaceMount": "source=/,target=/w,type=bind"}')
    assert shown(made)["volumes"] == [{"source": "/", "target": "/w", "type": "bind"}]
    [made] = settings_of('{"image": "x:1", "workspaceMount": ""}')
    assert "volumes" not in shown(made)


@pytest.mark.parametrize(
    ("feature", "made"),
    [
        ("docker-in-docker:2", {"privileged": "true"}),
        ("docker-outside-of-docker@sha256:a", {"volumes": [SOCKET], "security_opt": ["label=disable"]}),
        ("go", {"init": "true", "cap_add": ["SYS_PTRACE"], "security_opt": ["seccomp=unconfined"]}),
        ("node:1", {}),
    ],
)  # fmt: skip
def test_a_published_feature_sets_what_is_known(feature: str, made: dict[str, object]) -> None:
    text = f'{{"image": "x:1", "features": {{"ghcr.io/devcontainers/features/{feature}": {{}}}}}}'
    project = project_of(text)
    assert shown(only(project)) == {"image": "x:1"} | made
    assert not project.gaps


@pytest.mark.parametrize("feature", ["ghcr.io/a/b:1", "https://a.b/c.tgz", "./missing"])
def test_another_feature_is_a_gap(feature: str) -> None:
    project = project_of(f'{{"image": "x:1", "features": {{"{feature}": {{}}}}}}')
    assert [one.span.text for one in project.gaps] == [f'"{feature}"']
    assert not only(project).complete


FEATURE = """{
  // of ours
  "privileged": true, "init": true, "capAdd": ["SYS_ADMIN"], "entrypoint": "/e",
  "securityOpt": ["apparmor=unconfined"],
  "mounts": [{"source": "/", "target": "/h", "type": "bind"}, "source=v,target=/v"],
  "dependsOn": {"./other": {}, "./own": {}}
}"""


def test_a_feature_of_the_repository_sets_what_it_says() -> None:
    files = {
        ".devcontainer/own/devcontainer-feature.json": FEATURE,
        ".devcontainer/other/devcontainer-feature.json": '{"capAdd": ["SYS_TIME"]}',
    }
    project = project_of('{"image": "x:1", "features": {"./own": {}}}', files)
    made = only(project)
    assert shown(made) == {
        "image": "x:1",
        "privileged": "true",
        "init": "true",
        "cap_add": ["SYS_ADMIN", "SYS_TIME"],
        "security_opt": ["apparmor=unconfined"],
        "volumes": [
            {"type": "bind", "source": "/", "target": "/h"},
            {"type": "volume", "source": "v", "target": "/v"},
        ],
    }
    assert not project.gaps
    assert made.table.entries["cap_add"].value.span.source.name.endswith(
        "own/devcontainer-feature.json"
    )


@pytest.mark.parametrize(
    "command",
    [
        '"docker run --privileged alpine:3.22"',
        '["docker", "run", "--privileged", "alpine:3.22"]',
        '{"a": "true", "b": "docker run --privileged alpine:3.22"}',
    ],
)
def test_a_command_of_the_host_starts_a_container(command: str) -> None:
    project = project_of(f'{{"image": "x:1", "initializeCommand": {command}}}')
    started = project.services["alpine"]
    assert isinstance(started, FlagSettings)
    assert shown(started) == {"privileged": "true", "image": "alpine:3.22"}
    assert "devcontainer" in project.services


def test_a_label_may_set_anything() -> None:
    text = '{"build": {"dockerfile": "Dockerfile"}}'
    dockerfile = "FROM alpine:3.22\nLABEL devcontainer.metadata='[{\"privileged\": true}]'\n"
    [gap] = project_of(text, {".devcontainer/Dockerfile": dockerfile}).gaps
    assert (gap.span.source.name, gap.span.text) == (
        ".devcontainer/Dockerfile",
        "devcontainer.metadata",
    )


def test_a_service_of_compose_gets_what_holds_for_it() -> None:
    made = only(
        project_of(
            '{"dockerComposeFile": "c.yaml", "service": "a", "privileged": true,'
            ' "capAdd": ["SYS_ADMIN"], "runArgs": ["--pid=host"], "appPort": 1}'
        )
    )
    assert shown(made) == {"privileged": "true", "cap_add": ["SYS_ADMIN"]}
    assert not made.complete


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("runArgs", '"--privileged"'), ("features", "[]"), ("privileged", "[true]")),
        ("privileged", '"{{ p }}"'),
    ],
)
def test_a_value_of_another_shape_is_a_gap(key: str, value: str) -> None:
    [gap] = project_of(f'{{"image": "x:1", "{key}": {value}}}').gaps
    assert gap.span.text == value


def test_a_switch_that_a_template_fills_in_is_a_gap() -> None:
    gaps = project_of('{"image": "x:1", "privileged": ${templateOption:p}}').gaps
    assert [one.reason for one in gaps] == ["`privileged` was not understood"]


@pytest.mark.parametrize("count", [200, 1_000])
def test_what_is_nested_too_deep_is_said(count: int, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: f'{{"image": "x:1", "a": {"[" * count}{"]" * count}}}'})
    [verdict] = check([str(tmp_path / NAME)], ("privileged-container",))
    assert any("nested deeper than" in one.reason for one in verdict.gaps)


def gaps_of(text: str, **files: str) -> list[str]:
    project = FileProject(Source(NAME, text), TextFiles(files))
    declare(project)
    return [one.reason for one in project.gaps]


def test_a_variable_of_the_host_has_its_default_if_it_is_unset() -> None:
    [made] = settings_of(
        '{"image": "${localEnv:I:x:1}", "privileged": "${localEnv:P:true}", "mounts": ['
        '"source=${localEnv:D:/},target=/a,type=bind",'
        ' {"source": "${localEnv:E:/etc}", "target": "/e", "type": "bind"}]}'
    )
    assert made.text("image").value == "x:1"
    assert made.flag("privileged").value
    assert {one.source for one in made.volumes} == {"/", "/etc"}


@pytest.mark.parametrize("argument", ["${localEnv:X:--privileged}", "${localEnv:X}", "x"])
@pytest.mark.parametrize(
    "text",
    ['{"image": "x:1", "runArgs": ["A"]}', '{"build": {"dockerfile": "D", "options": ["A"]}}'],
)
def test_an_argument_that_is_no_flag_is_a_gap(argument: str, text: str) -> None:
    given = text.replace('"A"', f'"{argument}"')
    project = FileProject(Source(NAME, given), Names([".devcontainer/D"]))
    declare(project)
    [gap] = project.gaps
    assert gap.reason == "which flags this adds is known only at run time"
    assert gap.span.text == f'"{argument}"'.strip('"' if argument in gap.span.text else "")


@pytest.mark.parametrize(
    "text", ['{"extends": "../base.json"}', '{"image": "x:1", "extends": "b"}']
)
def test_each_key_that_is_not_understood_is_a_gap(text: str) -> None:
    assert gaps_of(text) == ["`extends` was not understood: it may set anything"]


def test_each_key_of_a_local_feature_that_is_not_understood_is_a_gap() -> None:
    feature = {".devcontainer/f/devcontainer-feature.json": '{"id": "f", "init": true, "odd": 1}'}
    reasons = gaps_of('{"image": "x:1", "features": {"./f": {}}}', **feature)
    assert reasons == ["`odd` was not understood: it may set anything"]


@pytest.mark.parametrize("key", ["initializeCommand", "postCreateCommand", "postStartCommand"])
def test_the_commands_of_a_file_are_read_once(key: str, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    put(tmp_path, {NAME: f'{{"image": "x:1", "{key}": "docker run --privileged y:1"}}'})
    [verdict] = check([str(tmp_path / NAME)], ("privileged-container",))
    assert len(verdict.findings) == 1
    assert verdict.gaps == ()
