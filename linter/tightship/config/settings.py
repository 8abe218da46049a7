"""Settings: the values of a configuration file, and defaults for the rest."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.findings import Severity
    from tightship.syntax.toml import Toml
    from tightship.text import Span


class Override:
    """Settings for some files or services only, and the reason for them.

    ``paths`` are patterns of a `.gitignore`; ``services`` has names with wildcards, and
    is None in those for files. ``select`` is None where it is not set.
    """

    def __init__(
        self,
        place: Span,
        *,
        paths: tuple[str, ...] = (),
        services: tuple[str, ...] | None = None,
        select: tuple[str, ...] | None = None,
        ignore: tuple[str, ...] = (),
        severity: Mapping[str, Severity] | None = None,
        reason: str,
    ) -> None:
        """Hold an override; ``place`` is its table in the file."""
        self.place = place
        self.paths = paths
        self.services = services
        self.select = select
        self.ignore = ignore
        self.severity: Mapping[str, Severity] = severity or {}
        self.reason = reason


class ProjectDefinition(Record):
    """Files that make a project together, relative to the configuration's folder."""

    place: Span
    files: tuple[str, ...]
    env_files: tuple[str, ...] = ()
    name: str = ""


class Host(Record):
    """Properties of the host of the containers, as far as they are set."""

    rootless: bool = False
    userns_remap: bool = False
    lsm: str = "unknown"

    def says(self, key: str) -> object:
        """Return the value of a key of the table `[host]`."""
        return {"rootless": self.rootless, "userns-remap": self.userns_remap, "lsm": self.lsm}[key]


class Settings:
    """The settings for the files below a folder.

    ``file`` is the configuration file, and None where there is none.
    Paths and patterns in it are relative to ``folder``, an absolute path.
    ``trusted_registries`` is None where none are named. ``rules`` holds the options of
    rules that are set, by rule. ``table`` leads to the keys within the file.
    """

    def __init__(self, folder: str, file: Toml | None = None, table: tuple[str, ...] = ()) -> None:
        self.folder = folder
        self.file = file
        self.table = table
        self.select: tuple[str, ...] = ("default",)
        self.ignore: tuple[str, ...] = ()
        self.severity: Mapping[str, Severity] = {}
        self.fail_on = "warning"
        self.exclude: tuple[str, ...] = ()
        self.trusted_registries: tuple[str, ...] | None = None
        self.require_reason = False
        self.accept_new_suppressions = False
        self.baseline = ""
        self.host = Host()
        self.target: str | None = None
        self.rules: dict[str, dict[str, object]] = {}
        self.projects: tuple[ProjectDefinition, ...] = ()
        self.per_path: tuple[Override, ...] = ()
        self.per_service: tuple[Override, ...] = ()

    def place(self, *path: str | int) -> Span | None:
        """Return where a key is set; None if it has its default."""
        if self.file is None:
            return None
        span = self.file.key(*self.table, *path)
        return span if self.file.has(*self.table, *path) else None
