"""The container of a `devcontainer.json`, which has comments."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from tests.frontends.docker_run.commands_of import NoFiles, shown

from tightship.frontends.devcontainer.project import declare, is_devcontainer
from tightship.frontends.docker_run.file_project import FileProject
from tightship.frontends.docker_run.settings import FlagSettings
from tightship.text import Source

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
