"""The options of ``docker compose``."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


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
