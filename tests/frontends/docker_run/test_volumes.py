"""Volumes that a script creates are those that its containers mount."""

from __future__ import annotations

import pytest
from tests.frontends.docker_run.commands_of import NoFiles

from tightship.frontends.docker_run.project import declare
from tightship.isolation.containers import containers
from tightship.model.file_project import FileProject
from tightship.text import Source

HOST = ("--opt type=none --opt o=bind --opt device=/", "-o type=none -o device=/ -o=o=bind",
        "--driver local --opt=type=none --opt=o=bind --opt=device=/", "-otype=none -oo=bind -odevice=/")  # fmt: skip
MOUNTS = (
    "-v vol:/h",
    "--volume=vol:/h:rw",
    "--mount source=vol,target=/h",
    "--mount type=volume,src=vol,dst=/h",
)


def project_of(text: str) -> FileProject:
    project = FileProject(Source("run.sh", text), NoFiles())
    declare(project)
    return project


@pytest.mark.parametrize("created", ["{} vol", "vol {}", "--name vol {}", "{} --name=vol"])
@pytest.mark.parametrize("options", HOST)
@pytest.mark.parametrize("mount", MOUNTS)
def test_a_volume_of_a_folder_is_a_mount_of_it(created: str, options: str, mount: str) -> None:
    made = created.format(options)
    for engine in ("docker", "podman"):
        project = project_of(f"{engine} volume create {made}\n{engine} run {mount} x:1\n")
        [container] = containers(project)
        assert [one.source for one in container.mounts] == ["/"]
        assert project.gaps == []


def test_a_volume_without_a_folder_is_none() -> None:
    project = project_of("docker volume create --label a=b vol\ndocker run -v vol:/h x:1\n")
    [container] = containers(project)
    assert [one.source for one in container.mounts] != ["/"]
    assert project.gaps == []


@pytest.mark.parametrize(
    "create", ["docker volume create $OPTIONS vol", "docker volume create --new vol"]
)
def test_options_that_may_be_any_are_a_gap(create: str) -> None:
    [gap] = project_of(f"{create}\ndocker run -v vol:/h x:1\n").gaps
    assert gap.span.text == "docker volume create"


def test_a_volume_of_a_folder_that_no_container_here_mounts_is_a_gap() -> None:
    [gap] = project_of(f"docker volume create {HOST[0]} vol\ndocker run -v w:/h x:1\n").gaps
    assert gap.span.text == "docker"


def test_the_first_command_makes_a_volume() -> None:
    text = (
        f"docker volume create {HOST[0]} vol\ndocker volume create vol\ndocker run -v vol:/h x:1\n"
    )
    [container] = containers(project_of(text))
    assert [one.source for one in container.mounts] == ["/"]
