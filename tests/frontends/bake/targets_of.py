"""Targets of bake files as plain data, as `docker buildx bake --print` shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.disk.regular import Refusal
from tightship.frontends.bake.project import TargetSettings, declare
from tightship.model.file_project import FileProject
from tightship.model.value import MappingValue, SequenceValue
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.model.value import Value

UNKNOWN = "?"


class Texts:
    """A disk with some texts."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts

    def read(self, path: str) -> Source | Refusal:
        if path in self._texts:
            return Source(path, self._texts[path])
        return Refusal(path, "missing", "does not exist")


def project_of(
    text: str, name: str = "docker-bake.hcl", others: Mapping[str, str] | None = None
) -> FileProject:
    texts = {"Dockerfile": "FROM alpine:3.22\n"} if others is None else others
    project = FileProject(Source(name, text), Texts(texts))
    declare(project)
    return project


def settings_of(
    text: str, name: str = "docker-bake.hcl", others: Mapping[str, str] | None = None
) -> dict[str, TargetSettings]:
    found = project_of(text, name, others).images
    return {key: one for key, one in found.items() if isinstance(one, TargetSettings)}


def targets_of(
    text: str, name: str = "docker-bake.hcl", others: Mapping[str, str] | None = None
) -> dict[str, dict[str, object]]:
    """Return what each target sets; a value that only a run knows is `?`."""
    return {key: shown(one) for key, one in settings_of(text, name, others).items()}


def shown(settings: TargetSettings) -> dict[str, object]:
    build = settings.table.entries["build"].value
    assert isinstance(build, MappingValue)
    return {key: _plain(entry.value) for key, entry in build.entries.items()}


def _plain(value: Value) -> object:
    if isinstance(value, MappingValue):
        return {key: _plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, SequenceValue):
        return [*map(_plain, value.items)]
    return value.text if value.decided else UNKNOWN
