"""What one call of ``docker compose`` is about: files, folder, variables, profiles.

The rules are those of Docker Compose's command line (compose-go, cli/options.go;
verified with docker-compose 2.26.1). Nothing is read here but what ``read`` gives.
"""

from __future__ import annotations

import posixpath

from tightship.compose.loading.options import MAIN_NAMES, OVERRIDE_NAMES, Options
from tightship.compose.loading.variables import Variables
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "MAIN_NAMES",
    "OVERRIDE_NAMES",
    "Invocation",
    "Options",
    "invocation",
    "project_name",
]

_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))


class Invocation:
    """What Compose would work with.

    ``files`` is empty where there is nothing to load. ``passed_over`` holds the files
    of other main and override names beside those that are taken, and ``missing`` the
    ``.env`` files that were asked for and are not there. ``name`` is empty where the
    files themselves name the project. All paths are absolute.
    """

    __slots__ = (
        "directory",
        "files",
        "missing",
        "name",
        "passed_over",
        "profiles",
        "variables",
    )

    def __init__(
        self,
        *,
        files: list[str],
        directory: str,
        variables: Variables,
        profiles: tuple[str, ...],
        name: str,
        passed_over: list[str],
        missing: list[str],
    ) -> None:
        """Hold an invocation; see :func:`invocation`."""
        self.files = files
        self.directory = directory
        self.variables = variables
        self.profiles = profiles
        self.name = name
        self.passed_over = passed_over
        self.missing = missing

    def named(self, written: str) -> str:
        """Return the project's name, given the one that its files say, if any."""
        return self.name or project_name(written) or self.folder_name

    @property
    def folder_name(self) -> str:
        """Return the name that the folder gives to the project."""
        return project_name(posixpath.basename(self.directory))


def invocation(
    cwd: str,
    options: Options,
    *,
    exists: Callable[[str], bool],
    read: Callable[[str], object],
    environment: Mapping[str, str] | None = None,
    ceiling: str = "/",
) -> Invocation:
    """Work out what Compose is about when it is called in a folder.

    Args:
        cwd: the folder, absolute.
        options: the command line.
        exists: tells of an absolute path whether there is a file.
        read: gives the ``Source`` of a file, or anything else where it is not to be
            had.
        environment: the process environment, where it may have a say.
        ceiling: the highest folder in which a main file is looked for.

    """
    call = _Call(cwd, options, dict(environment or {}), exists, read, ceiling)
    # The `.env` beside the files that are found first may name others, which have a
    # folder and a `.env` of their own.
    variables = Variables(call.process)
    files, passed_over = call.files(variables)
    missing = call.load(variables, call.directory(files))
    named, others = call.files(variables)
    if named != files:
        files, passed_over = named, others
        variables = Variables(variables)
        call.load(variables, call.directory(files))
    profiles = options.profiles
    if not profiles:
        listed = variables.as_compose("COMPOSE_PROFILES") or ""
        profiles = tuple(name.strip() for name in listed.split(",") if name.strip())
    return Invocation(
        files=files,
        directory=call.directory(files),
        variables=variables,
        profiles=profiles,
        name=options.name or variables.as_compose("COMPOSE_PROJECT_NAME") or "",
        passed_over=passed_over,
        missing=missing,
    )


class _Call:
    """What stays the same while Compose finds out what it is about."""

    __slots__ = ("ceiling", "cwd", "exists", "options", "process", "read")

    def __init__(
        self,
        cwd: str,
        options: Options,
        process: dict[str, str],
        exists: Callable[[str], bool],
        read: Callable[[str], object],
        ceiling: str,
    ) -> None:
        self.cwd = cwd
        self.options = options
        self.process = process
        self.exists = exists
        self.read = read
        self.ceiling = ceiling

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.cwd, path))

    def files(self, variables: Variables) -> tuple[list[str], list[str]]:
        """Return the files, and those of other names beside them."""
        if self.options.files:
            return [self.absolute(path) for path in self.options.files], []
        named = variables.as_compose("COMPOSE_FILE")
        if named is not None:
            separator = variables.as_compose("COMPOSE_PATH_SEPARATOR") or ":"
            return [self.absolute(path) for path in named.split(separator)], []
        folder = self.absolute(self.options.project_directory)
        return _found(folder, self.exists, self.ceiling)

    def directory(self, files: list[str]) -> str:
        """Return the project's folder."""
        if self.options.project_directory or not files:
            return self.absolute(self.options.project_directory)
        return posixpath.dirname(files[0])

    def load(self, variables: Variables, directory: str) -> list[str]:
        """Read the files of variables, and return those that are missing."""
        wanted = list(self.options.env_files)
        if not wanted:
            listed = self.process.get("COMPOSE_ENV_FILES", "")
            wanted = listed.split(",") if listed else []
        if wanted:
            paths = [self.absolute(path) for path in wanted]
            return [path for path in paths if not _add(variables, self.read(path))]
        if self.process.get("COMPOSE_DISABLE_ENV_FILE", "") not in _TRUE:
            _add(variables, self.read(posixpath.join(directory, ".env")))
        return []


def _add(variables: Variables, source: object) -> bool:
    if not isinstance(source, Source):
        return False
    variables.read(source)
    return True


def _found(
    folder: str, exists: Callable[[str], bool], ceiling: str
) -> tuple[list[str], list[str]]:
    """Look for a main file in a folder and those above it, and its override beside."""
    while True:
        main = _existing(folder, MAIN_NAMES, exists)
        if main:
            over = _existing(folder, OVERRIDE_NAMES, exists)
            return [main[0], *over[:1]], [*main[1:], *over[1:]]
        above = posixpath.dirname(folder)
        if folder == ceiling or above == folder:
            return [], []
        folder = above


def _existing(
    folder: str, names: tuple[str, ...], exists: Callable[[str], bool]
) -> list[str]:
    paths = (posixpath.join(folder, name) for name in names)
    return [path for path in paths if exists(path)]


def project_name(written: str) -> str:
    """Return a name as Compose makes it of a folder's: ``My App`` is ``myapp``."""
    kept = [c for c in written.lower() if c in _NAME]
    return "".join(kept).lstrip("_-")


_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")
