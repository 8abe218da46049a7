"""Commands in texts, as tests need them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.disk.regular import Refusal
from tightship.frontends.docker_run.project import declare
from tightship.isolation.containers import containers
from tightship.model.file_project import FileProject
from tightship.model.value import MappingValue, SequenceValue
from tightship.text import Source

if TYPE_CHECKING:
    from tightship.frontends.docker_run.project import CommandSettings
    from tightship.frontends.flags.entries import FlagSettings
    from tightship.isolation.container import Container
    from tightship.model.value import Value


class NoFiles:
    """A disk without files."""

    def read(self, path: str) -> Refusal:
        return Refusal(path, "missing", "does not exist")


def settings_of(text: str, name: str = "start.sh") -> list[CommandSettings]:
    return declare(FileProject(Source(name, text), NoFiles()))


def containers_of(text: str, name: str = "start.sh") -> list[Container]:
    project = FileProject(Source(name, text), NoFiles())
    declare(project)
    return [*containers(project)]


def shown(settings: FlagSettings) -> dict[str, object]:
    """Return the settings of a container as plain data."""
    return {key: _plain(entry.value) for key, entry in settings.table.entries.items()}


def _plain(value: Value) -> object:
    if isinstance(value, MappingValue):
        return {key: _plain(entry.value) for key, entry in value.entries.items()}
    if isinstance(value, SequenceValue):
        return [*map(_plain, value.items)]
    return value.text
