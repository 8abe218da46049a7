"""The projects that a change concerns: those that read, or look for, a changed file.

In a repository of many projects, loading all of them to see what each reads takes most
of a run. A project without ``include`` and ``extends`` leaves its folder only by ``..``
in a path, or by a link; text from which such a path may be put together (variables,
escapes) makes a project be loaded.
"""

from __future__ import annotations

import posixpath

from tightship.engine.disk.git_tree import TreeFiles
from tightship.lazy import TYPE_CHECKING, regex
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Final

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.job import Job


_MAY_LEAVE = regex(rb"\.\.|include|extends|\\|\.\$|[}-]\.")
_LEAST_ROOT = 3  # A shorter one is in every path.


class ChangedFiles:
    """The names of changed files, from the top of the repository.

    ``former`` has the names that renamed files had, and ``kept`` are those of them with the
    same content.
    """

    def __init__(
        self,
        names: Iterable[str],
        former: Mapping[str, str] | None = None,
        kept: Iterable[str] = (),
    ) -> None:
        self.former: Final = former or {}
        self.kept: Final = frozenset(kept)
        self._names = frozenset(names)
        # Whether a folder exists may depend on the files in it.
        self._folders = {above for name in self._names for above in _above(name)}

    def __bool__(self) -> bool:
        return bool(self._names)

    def has(self, names: Iterable[str]) -> bool:
        """Return whether any of some names is among them."""
        return not self._names.isdisjoint(names)

    def reaches(self, folder: str) -> bool:
        """Return whether any of them is in a folder, or is what holds it."""
        if not folder or folder in self._folders or folder in self._names:
            return bool(self._names)
        return any(above in self._names for above in _above(folder))

    def by(self, files: RecordedFiles) -> bool:
        """Return whether the files of a record are among them.

        A changed name may be that of a submodule or a link, which means all below.
        """
        for name in (*files.reads, *files.lookups):
            if name in self._names or name in self._folders:
                return True
            if any(above in self._names for above in _above(name)):
                return True
        return False


def _above(name: str) -> Iterable[str]:
    at = name.rfind("/")
    while at > 0:
        name = name[:at]
        yield name
        at = name.rfind("/")


class Spared:
    """The projects of a tree that are surely as they were, so that nobody judges them."""

    def __init__(self, changed_files: ChangedFiles) -> None:
        self._changed = changed_files
        self._mains = set[str]()

    def members(self, job: Job) -> Iterable[str] | None:
        """Return the files of a project that is as it was; None if that is not certain.

        Compose files come before Dockerfiles.
        """
        files, candidate, changed = job.files, job.candidate, self._changed
        name = files.name(candidate.path) or ""
        if not isinstance(files, TreeFiles) or job.file_sets is not None or changed.by(files):
            return None
        if candidate.language == "dockerfile":
            folder = posixpath.dirname(name)
            is_reached = changed.reaches(folder) or folder in files.listing.linked_folders
            is_same = not is_reached and not changed.has(f"{one}.env" for one in _folders(name))
            # Those that build it may take it for another part, and read what is elsewhere.
            is_same = is_same and all(one.candidate.path in self._mains for one in job.above)
            return () if is_same else None
        is_main = candidate.kind == "main" and posixpath.basename(name) in MAIN_NAMES
        found = unaffected_files(files, name, changed) if is_main else None
        if found is not None:
            self._mains.add(candidate.path)
        return found


def _folders(name: str) -> Iterator[str]:
    yield ""
    yield from (f"{folder}/" for folder in _above(name))


def unaffected_files(
    files: RecordedFiles, main: str, changed_files: ChangedFiles
) -> frozenset[str] | None:
    """Return the Compose files of a project that reads no changed file.

    Return None if that is not certain.

    Args:
        files: the files of one side.
        main: the name of the file that Compose loads in its folder.
        changed_files: the changed files.

    """
    folder = posixpath.dirname(main)
    if (
        not isinstance(files, TreeFiles)
        or changed_files.reaches(folder)
        or folder in files.listing.linked_folders
    ):
        return None
    listed = files.listing.entries
    names = [posixpath.join(folder, name) for name in OVERRIDE_NAMES]
    names = [main, *(name for name in names if name in listed)]
    has_variables = posixpath.join(folder, ".env") in listed
    root = files.root.encode("utf-8", "surrogateescape")
    for name in names:
        text = files.bytes_of(name)
        if (
            text is None
            or _MAY_LEAVE.search(text) is not None
            or (has_variables and b"$" in text)
            or (len(root) < _LEAST_ROOT or root in text)
            # UTF-16 would hide all of these.
            or b"\0" in text
        ):
            return None
    return frozenset(names)
