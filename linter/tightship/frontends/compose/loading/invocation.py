"""One call of ``docker compose``: its files, folder, variables and profiles.

The rules are those of Docker Compose's command line (compose-go, cli/options.go;
verified with docker-compose 2.26.1). Files are read through ``read`` alone.
"""

from __future__ import annotations

import posixpath
from itertools import islice

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.reading import Variables
from tightship.text import Source
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence


_TRUE = frozenset(("1", "t", "T", "TRUE", "true", "True"))
_NAME = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_-")


class Invocation(Record):
    """The files, folder, variables and profiles that Compose works with.

    ``files`` is empty where there is nothing to load, and ``missing`` holds the
    ``.env`` files that were asked for and do not exist. ``name`` is empty where the
    files themselves name the project. All paths are absolute.
    """

    files: list[str]
    directory: str
    variables: Variables
    profiles: tuple[str, ...]
    name: str
    missing: list[str]

    def named(self, written: str) -> str:
        """Return the project's name, given the one in its files, if any."""
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
    ceiling: str = "/",
) -> Invocation:
    """Return the invocation of Compose in a folder.

    Args:
        cwd: the folder, absolute.
        options: the command line.
        exists: tells whether there is a file at an absolute path.
        read: returns the ``Source`` of a file, or something else if it cannot be read.
        ceiling: the highest folder that is searched for a main file.

    """
    call = _Call(cwd, options, exists, read, ceiling, options.environment or {})
    # The `.env` next to the files that are found first may name others, which have a
    # folder and a `.env` of their own.
    variables = Variables(call.process)
    files = call.files(variables)
    missing = call.load(variables, files)
    named = variables.as_compose("COMPOSE_FILE") is not None
    if named and files != (others := call.files(variables)):
        files = others
        variables = Variables(variables)
        call.load(variables, files)
    return Invocation(
        files=files,
        directory=call.directory(files),
        variables=variables,
        profiles=call.profiles(variables),
        name=options.name or variables.as_compose("COMPOSE_PROJECT_NAME") or "",
        missing=missing,
    )


class _Call(Record):
    """A command line in a folder, and what it says about files and variables."""

    cwd: str
    options: Options
    exists: Callable[[str], bool]
    read: Callable[[str], object]
    ceiling: str
    process: Mapping[str, str]

    def absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join(self.cwd, path))

    def files(self, variables: Variables) -> list[str]:
        """Return the files that options or variables name, or those that are found."""
        if self.options.files:
            return [self.absolute(path) for path in self.options.files]
        listed = variables.as_compose("COMPOSE_FILE")
        if listed is not None:
            separator = variables.as_compose("COMPOSE_PATH_SEPARATOR") or ":"
            return [self.absolute(path) for path in listed.split(separator)]
        folder = self.absolute(self.options.project_directory)
        return _found(folder, self.exists, self.ceiling)

    def directory(self, files: list[str]) -> str:
        if self.options.project_directory or not files:
            return self.absolute(self.options.project_directory)
        return posixpath.dirname(files[0])

    def load(self, variables: Variables, files: list[str]) -> list[str]:
        """Read the files of variables, and return those that are missing."""
        listed = self.process.get("COMPOSE_ENV_FILES", "")
        wanted = self.options.env_files or (listed.split(",") if listed else ())
        if not wanted and self.process.get("COMPOSE_DISABLE_ENV_FILE", "") not in _TRUE:
            _add(variables, self.read(posixpath.join(self.directory(files), ".env")))
        paths = [self.absolute(path) for path in wanted]
        return [path for path in paths if not _add(variables, self.read(path))]

    def profiles(self, variables: Variables) -> tuple[str, ...]:
        if self.options.profiles:
            return tuple(self.options.profiles)
        listed = variables.as_compose("COMPOSE_PROFILES") or ""
        return tuple(name.strip() for name in listed.split(",") if name.strip())


def _found(folder: str, exists: Callable[[str], bool], ceiling: str) -> list[str]:
    """Return the main file of a folder or one above it, and its override."""

    def first(names: tuple[str, ...]) -> list[str]:
        paths = (posixpath.join(folder, name) for name in names)
        return [*islice(filter(exists, paths), 1)]

    while not (main := first(MAIN_NAMES)):
        above = posixpath.dirname(folder)
        if folder == ceiling or above == folder:
            return []
        folder = above
    return main + first(OVERRIDE_NAMES)


def _add(variables: Variables, source: object) -> bool:
    if not isinstance(source, Source):
        return False
    variables.read(source)
    return True


def project_name(written: str) -> str:
    """Return a name in the characters that Compose keeps: ``My App`` is ``myapp``."""
    return "".join(c for c in written.lower() if c in _NAME).lstrip("_-")


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
