"""What a file starts and builds, other than by Compose, by the front ends for it."""

from __future__ import annotations

import posixpath

from tightship.config.keys import FRONT_ENDS
from tightship.engine.disk.recorded import RecordedFiles
from tightship.frontends.declared import declare
from tightship.frontends.invocations.scripts import may_include
from tightship.isolation.buildable import Buildable
from tightship.isolation.containers import containers
from tightship.isolation.loaded_project import LoadedProject
from tightship.model.file_project import FileProject
from tightship.model.project import names_built
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.engine.plan.job import Job
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.text import Source


def load_declared(job: Job, source: Source) -> LoadedProject | None:
    """Return the project of the containers and images that a file declares, or None without any.

    A file that the user named is read by all front ends, and any other by those that the
    settings ask for.
    """
    asked: Collection[str] = FRONT_ENDS
    if job.candidate.kind != "named":
        asked = job.settings.front_ends if job.settings is not None else ()
    project = FileProject(source, job.files)
    project.leads_out, project.names_in = job.files.leads_out, job.files.names_in
    declare(project, asked)
    _record_included(project, job)
    if not project.services and not project.images and not project.gaps:
        return None
    return _with_builds(job, project)


def _record_included(project: FileProject, job: Job) -> None:
    """Record the files that its scripts may read: their variables decide what is unknown here."""
    files, folder = job.files, posixpath.dirname(project.source.name)
    if isinstance(files, RecordedFiles) and (project.services or project.gaps):
        for end in may_include(project.source.text):
            for above in (folder, ""):
                files.record(posixpath.normpath(posixpath.join(above, end)))


def _with_builds(job: Job, project: FileProject) -> LoadedProject:
    """Return a project with the Dockerfiles that it builds.

    A container runs an image that the file builds by the name of the image.
    """
    every = (*project.services.values(), *project.images.values())
    if all(one.value("build") is None for one in every):
        return LoadedProject(project, containers(project, facts=job.facts), None)
    from tightship.engine.load.dockerfiles import DockerfileReader

    reader = DockerfileReader(job.files)
    built = reader.stages_of(project.images.values(), are_run=False)
    stages = reader.stages_of(project.services.values())
    by_tag: dict[str, set[Stage | None]] = {}
    for name, one in project.images.items():
        for tag in names_built(one):
            by_tag.setdefault(tag, set()).add(built.get(name))
    for one in project.services.values():
        reference = one.text("image").value
        found = by_tag.get(image.tagged(image.parse(reference))) if reference else None
        [stage] = found if found is not None and len(found) == 1 else [None]
        if stage is not None and one.value("build") is None:
            stages[one.name] = stage
            reader.run(one.name, stage)
    made = containers(project, stages, job.facts)
    images = [Buildable(one, built.get(name)) for name, one in project.images.items()]
    dockerfiles = reader.built(made).replaced(is_partial=True)
    return LoadedProject(project, made, dockerfiles, images=tuple(images))
