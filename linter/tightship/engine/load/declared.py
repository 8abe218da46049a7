"""The containers that a file declares, other than by Compose, by the front ends for it."""

from __future__ import annotations

from tightship.config.keys import FRONT_ENDS
from tightship.frontends.docker_run.file_project import FileProject
from tightship.isolation.containers import containers
from tightship.isolation.loaded_project import LoadedProject

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.engine.plan.job import Job
    from tightship.text import Source


def load_declared(job: Job, source: Source) -> LoadedProject | None:
    """Return the project of the containers that a file declares, or None without any.

    A file that the user named is read by all front ends, and any other by those that the
    settings ask for.
    """
    asked: Collection[str] = FRONT_ENDS
    if job.candidate.kind != "named":
        asked = job.settings.front_ends if job.settings is not None else ()
    project = FileProject(source, job.files)
    if "actions" in asked:
        from tightship.frontends.actions.project import declare as declare_actions

        declare_actions(project)
    if "devcontainer" in asked:
        from tightship.frontends.devcontainer.project import declare as declare_devcontainer

        declare_devcontainer(project)
    if "quadlet" in asked:
        from tightship.frontends.quadlet.project import declare as declare_units

        declare_units(project)
    if "docker-run" in asked or "documents" in asked:
        from tightship.frontends.docker_run.project import declare as declare_commands

        declare_commands(project)
    if not project.services and not project.gaps:
        return None
    return LoadedProject(project, containers(project, facts=job.facts), None)
