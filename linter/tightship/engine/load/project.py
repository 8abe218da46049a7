"""Loads a project: from the names of its files to one value."""

from __future__ import annotations

import os

from tightship.engine.plan.project_files import main_project
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeProject
from tightship.isolation.container import containers
from tightship.isolation.loaded_project import LoadedProject
from tightship.lazy import LazyModule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tightship.config.settings import Settings
    from tightship.engine.disk.files import Files
    from tightship.engine.plan import ignoring
    from tightship.engine.plan.project_files import ProjectFiles
    from tightship.frontends.compose.overlay import BaseProject
    from tightship.frontends.compose.provided import Provider
    from tightship.model.value import MappingValue
else:
    ignoring = LazyModule("tightship.engine.plan.ignoring")


def load_project(
    disk: Files,
    files: ProjectFiles,
    loading: Loading | None = None,
    settings: Settings | None = None,
) -> LoadedProject:
    """Load the Compose files of a project, and the Dockerfiles that they build.

    Args:
        disk: gives the files.
        files: the files of the project, in the order in which Compose merges them.
        loading: a loading that has already read some of the files.
        settings: what the configuration says about parts that something else provides.

    """
    project = ComposeProject(
        loading or Loading(disk, disk.parsed),
        [disk.name(path) or path for path in files.paths],
        is_side=files.is_side,
        underlay=_underlay(disk, files) if files.is_side else None,
        variables=files.variables,
        directory=disk.name(files.directory) or "",
        left_out=lambda name: ignoring.is_left_out(disk.path(name)),
        for_commit=lambda name: ignoring.is_for_commit(disk.path(name)),
        providers=_providers(disk, files.paths[0], settings),
    )
    if all(one.value("build") is None for one in project.services.values()):
        return LoadedProject(project, containers(project), None)
    # Half of all projects build nothing, and do not load this.
    from tightship.engine.load.dockerfiles import DockerfileReader

    reader = DockerfileReader(disk)
    stages = reader.stages_of(project.services.values())
    made = containers(project, stages)
    return LoadedProject(project, made, reader.built(made))


def _providers(
    disk: Files, main: str, settings: Settings | None
) -> Callable[[MappingValue | None], Iterable[Provider]]:
    def providers(root: MappingValue | None) -> Iterable[Provider]:
        from tightship.engine.load.providers import find_providers  # few projects ask

        return find_providers(disk, main, root, settings)

    return providers


def _underlay(disk: Files, side: ProjectFiles) -> BaseProject | None:
    """Return the project that a side file may be merged onto."""
    from tightship.frontends.compose.overlay import BaseProject

    path = side.paths[0]
    main = main_project(disk, path)
    if main is None or path in main.paths:
        return None
    project = ComposeProject(
        Loading(disk, disk.parsed),
        [disk.name(one) or one for one in main.paths],
        variables=main.variables,
        directory=disk.name(main.directory) or "",
        reads_env_files=False,
    )
    is_near = os.path.dirname(main.paths[0]) == os.path.dirname(path)
    return BaseProject(project.paths, project.root, is_near=is_near)
