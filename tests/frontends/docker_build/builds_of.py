"""Commands that build images, in trees of files, as tests need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.frontends.docker_run.commands_of import shown

from tightship.engine.disk.regular import Refusal
from tightship.frontends.docker_build.project import BuildSettings, declare
from tightship.model.build import BuildSection
from tightship.model.file_project import FileProject
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Collection


class Names:
    """A disk with files of some names."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = names

    def read(self, path: str) -> Source | Refusal:
        if path in self._names:
            return Source(path, "FROM alpine:3.22\n")
        return Refusal(path, "missing", "does not exist")


def builds_of(
    text: str, name: str = "build.sh", names: Collection[str] = ("Dockerfile",)
) -> list[BuildSettings]:
    project = FileProject(Source(name, text), Names(names))
    declare(project)
    return [one for one in project.images.values() if isinstance(one, BuildSettings)]


def build_of(text: str, name: str = "build.sh") -> object:
    """Return what the one build of a text sets, as plain data."""
    [made] = builds_of(text, name)
    return shown(made)["build"]  # type: ignore[arg-type]


def dockerfiles(
    text: str, name: str = "build.sh", names: Collection[str] = ("Dockerfile",)
) -> list[str | None]:
    """Return the Dockerfile of each build, or None if only a run knows it."""
    sections = map(BuildSection, builds_of(text, name, names))
    return [one.dockerfile if one.is_decided else None for one in sections]
