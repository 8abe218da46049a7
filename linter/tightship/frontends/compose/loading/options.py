"""The options of ``docker compose``, and the names of the files that it looks for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

MAIN_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
# The order differs from that of the main names.
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


class Options:
    """``-f``, ``--env-file``, ``--profile``, ``--project-directory`` and ``-p``."""

    __slots__ = ("env_files", "files", "name", "profiles", "project_directory")

    def __init__(
        self,
        *,
        files: Sequence[str] = (),
        env_files: Sequence[str] = (),
        profiles: Sequence[str] = (),
        project_directory: str = "",
        name: str = "",
    ) -> None:
        self.files = tuple(files)
        self.env_files = tuple(env_files)
        self.profiles = tuple(profiles)
        self.project_directory = project_directory
        self.name = name
