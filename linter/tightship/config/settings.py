"""Settings: what a configuration file says, and its defaults for the rest."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.findings import Severity
    from tightship.syntax.toml import Toml
    from tightship.text import Span


class Otherwise:
    """What is otherwise in some files, or for some services, and why.

    ``paths`` are patterns of a `.gitignore`; ``services`` has names with wildcards, and
    is None where files alone are meant. ``select`` is None where nothing is said.
    """

    __slots__ = ("ignore", "paths", "place", "reason", "select", "services", "severity")

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
        """Hold it; ``place`` is where it is made."""
        self.place = place
        self.paths = paths
        self.services = services
        self.select = select
        self.ignore = ignore
        self.severity: Mapping[str, Severity] = severity or {}
        self.reason = reason


class ProjectDefinition:
    """Files that make a project together, relative to the configuration's folder."""

    __slots__ = ("env_files", "files", "name", "place")

    def __init__(
        self,
        place: Span,
        files: tuple[str, ...],
        env_files: tuple[str, ...] = (),
        name: str = "",
    ) -> None:
        self.place = place
        self.files = files
        self.env_files = env_files
        self.name = name


class Host:
    """What the host of the containers is like, as far as somebody said so."""

    __slots__ = ("lsm", "rootless", "userns_remap")

    def __init__(
        self,
        *,
        rootless: bool = False,
        userns_remap: bool = False,
        lsm: str = "unknown",
    ) -> None:
        self.rootless = rootless
        self.userns_remap = userns_remap
        self.lsm = lsm

    def says(self, key: str) -> object:
        """Return what is set under a key of the table `[host]`."""
        return {
            "rootless": self.rootless,
            "userns-remap": self.userns_remap,
            "lsm": self.lsm,
        }[key]


class Settings:
    """What holds for the files below a folder.

    ``file`` is where it is set, and None where nothing is; then all is as by default.
    Paths and patterns in it are relative to ``folder``, an absolute path.
    ``trusted_registries`` is None where none are named. ``table`` leads to the keys
    within the file.
    """

    __slots__ = (
        "baseline",
        "exclude",
        "fail_on",
        "file",
        "folder",
        "host",
        "ignore",
        "per_path",
        "per_service",
        "projects",
        "require_reason",
        "select",
        "severity",
        "table",
        "trusted_registries",
    )

    def __init__(
        self, folder: str, file: Toml | None = None, table: tuple[str, ...] = ()
    ) -> None:
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
        self.baseline = ""
        self.host = Host()
        self.projects: tuple[ProjectDefinition, ...] = ()
        self.per_path: tuple[Otherwise, ...] = ()
        self.per_service: tuple[Otherwise, ...] = ()

    def place(self, *path: str | int) -> Span | None:
        """Return where a key is set; None where it is as by default."""
        if self.file is None:
            return None
        span = self.file.key(*self.table, *path)
        return span if self.file.has(*self.table, *path) else None
