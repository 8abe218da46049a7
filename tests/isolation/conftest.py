"""Containers, made of texts."""

from __future__ import annotations

from textwrap import dedent
from typing import Protocol

import pytest

from tightship.compose.loading.load import Loading
from tightship.compose.project import Project
from tightship.isolation.container import Container, containers
from tightship.text import Source


class Texts:
    """A disk that holds one file."""

    def __init__(self, text: str) -> None:
        self.text = text

    def read(self, path: str) -> Source:
        return Source(path, self.text)


class ContainersOf(Protocol):
    """Return the containers of a Compose file by the names of their services."""

    def __call__(self, text: str, *, complete: bool = True) -> dict[str, Container]: ...


class ContainerOf(Protocol):
    """Return the container of one service, of which the body is given."""

    def __call__(self, body: str, *, complete: bool = True) -> Container: ...


@pytest.fixture(scope="session")
def containers_of() -> ContainersOf:
    def made(text: str, *, complete: bool = True) -> dict[str, Container]:
        loading = Loading(Texts(dedent(text)))
        project = Project(loading, ["compose.yaml"], complete=complete)
        assert not any(stream.problems for stream in loading.streams.values())
        return {container.name: container for container in containers(project)}

    return made


@pytest.fixture(scope="session")
def container_of(containers_of: ContainersOf) -> ContainerOf:
    def made(body: str, *, complete: bool = True) -> Container:
        text = f"services:\n  s: {{image: x, {body}}}\n"
        return containers_of(text, complete=complete)["s"]

    return made
