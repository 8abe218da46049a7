"""Projects of units that are texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.engine.disk.git_tree import TextFiles
from tightship.frontends.quadlet.project import declare
from tightship.model.file_project import FileProject
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Mapping


def project_of(files: Mapping[str, str], name: str = "") -> FileProject:
    """Return the project of one of some files, by default the first."""
    disk = TextFiles(files)
    source = disk.read(name or next(iter(files)))
    assert isinstance(source, Source)
    project = FileProject(source, disk)
    project.names_in = disk.names_in
    declare(project)
    return project
