"""Containers, made of texts."""

from __future__ import annotations

from textwrap import dedent
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

import pytest

from tightship.engine.disk.regular import Refusal
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.containers import containers
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.isolation.container import Container


class Texts:
    """A disk that holds a Compose file, and others."""

    def __init__(self, text: str, others: Mapping[str, str]) -> None:
        self.texts = {"compose.yaml": text, **others}

    def read(self, path: str) -> Source | Refusal:
        text = self.texts.get(path)
        if text is None:
            return Refusal(path, "missing", "does not exist")
        return Source(path, text)


class ContainersOf(Protocol):
    """Return the containers of a Compose file by the names of their services."""

    def __call__(
        self, text: str, others: Mapping[str, str] = MappingProxyType({}), *, complete: bool = True
    ) -> dict[str, Container]: ...


class ContainerOf(Protocol):
    """Return the container of one service, of which the body is given."""

    def __call__(self, body: str, *, complete: bool = True) -> Container: ...


@pytest.fixture(scope="session")
def containers_of() -> ContainersOf:
    def made(
        text: str, others: Mapping[str, str] = MappingProxyType({}), *, complete: bool = True
    ) -> dict[str, Container]:
        loading = Loading(Texts(dedent(text), others))
        project = ComposeProject(loading, ["compose.yaml"], complete=complete)
        assert not any(stream.problems for stream in loading.streams.values())
        return {container.name: container for container in containers(project)}

    return made


@pytest.fixture(scope="session")
def container_of(containers_of: ContainersOf) -> ContainerOf:
    def made(body: str, *, complete: bool = True) -> Container:
        text = f"services:\n  s: {{image: x, {body}}}\n"
        return containers_of(text, complete=complete)["s"]

    return made
