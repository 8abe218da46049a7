"""Make the configuration of a run from the merged tree.

The steps come in Compose's order: canonical form, defaults, paths, implied settings,
profiles, consistency, the files of variables (compose-go, loader/loader.go).
"""

from __future__ import annotations

from tightship.frontends.compose.effective import consistency
from tightship.frontends.compose.effective.canonical import canonical
from tightship.frontends.compose.effective.environment import Files, resolve_contents, resolve_names
from tightship.frontends.compose.effective.implied import add_defaults, add_implied
from tightship.frontends.compose.effective.paths import Paths
from tightship.frontends.compose.effective.printed import Printed
from tightship.frontends.compose.effective.profiles import without_inactive
from tightship.frontends.compose.effective.value import Effective

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.frontends.compose.loading.fault import Fault
    from tightship.model.project import Disk
    from tightship.model.reading import Variables
    from tightship.model.value import MappingValue

ALL = ("*",)
"""Every profile."""


class Configuration:
    """The configuration of a project, and its faults.

    ``faults`` holds those that show once the files are merged, without those of the
    load. ``inactive`` holds the services that no active profile asks for.
    """

    def __init__(
        self,
        root: MappingValue,
        *,
        name: str,
        directory: str,
        variables: Variables,
        disk: Disk,
        home: str | None = None,
        profiles: Collection[str] = ALL,
    ) -> None:
        """Work out the configuration.

        Args:
            root: the merged tree.
            name: the project's name.
            directory: the absolute path of the folder from which the folders of
                readings start.
            variables: the project's variables, for bare names and ``env_file``.
            disk: gives ``env_file`` and ``label_file``.
            home: the user's home, for ``~``.
            profiles: the active ones.

        """
        self.faults: list[Fault] = []
        project = canonical(root, self.faults)
        for key in ("version", "include"):
            project.entries.pop(key, None)
        add_defaults(project)
        Paths(directory, home).resolve(project)
        resolve_contents(project, variables)
        resolve_names(project, variables)
        add_implied(project, name)
        project.entries["name"] = _name(project, name)
        self.inactive = without_inactive(project, profiles)
        self.faults += consistency.check(project, self.inactive)
        files = Files(disk, directory, variables, self.faults)
        files.read_all(project.entries_of("services"))
        self.effective = project

    def printed(self) -> Printed:
        """Return what ``docker compose config`` prints, with origins."""
        return Printed(self.effective)


def _name(project: Effective, name: str) -> Effective:
    written = project.get("name")
    if written is not None and written.text:
        return Effective(name, written.source)
    return Effective(name, put="implied")
