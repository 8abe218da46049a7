"""The options of ``docker compose``, and the names of the files that it looks for."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAIN_NAMES = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
# The order differs from that of the main names.
OVERRIDE_NAMES = (
    "compose.override.yml",
    "compose.override.yaml",
    "docker-compose.override.yml",
    "docker-compose.override.yaml",
)


class Options(Record):
    """``-f``, ``--env-file``, ``--profile``, ``--project-directory`` and ``-p``.

    ``environment`` has the variables of the process, if they count.
    """

    files: Sequence[str] = ()
    env_files: Sequence[str] = ()
    profiles: Sequence[str] = ()
    project_directory: str = ""
    name: str = ""
    environment: Mapping[str, str] | None = None
