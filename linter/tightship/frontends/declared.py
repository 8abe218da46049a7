"""What a file starts and builds, by the front ends for languages other than Compose's."""

from __future__ import annotations

from tightship.frontends.names import is_devcontainer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.model.file_project import FileProject


def declare(project: FileProject, front_ends: Collection[str]) -> None:
    """Add the containers and images of a file to its project, as far as front ends read it."""
    if "actions" in front_ends:
        from tightship.frontends.actions.project import declare as declare_actions

        declare_actions(project)
    if "bake" in front_ends:
        from tightship.frontends.bake.project import declare as declare_targets

        declare_targets(project)
    if "devcontainer" in front_ends:
        from tightship.frontends.devcontainer.project import declare as declare_devcontainer

        declare_devcontainer(project)
        if is_devcontainer(project.source.name):
            return  # its commands were read
    if "quadlet" in front_ends:
        from tightship.frontends.quadlet.project import declare as declare_units

        declare_units(project)
    if "docker-run" in front_ends or "documents" in front_ends:
        from tightship.frontends.docker_build.project import declare as declare_commands

        declare_commands(project)
