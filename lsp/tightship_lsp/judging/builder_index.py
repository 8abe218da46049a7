"""The projects that build a Dockerfile from elsewhere than the folders above it.

A run over the workspace folders judges a Dockerfile with all projects that build it, so
they have to be known where it is open alone. To look for them at each edit would take
seconds: which Compose files there are, and what each of them builds, is remembered.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from heapq import nsmallest

from tightship.compose.loading.options import Options
from tightship.engine.disk.regular import Refusal
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate, find, language_of
from tightship.engine.plan.configs import NAMES
from tightship.engine.plan.project_files import project_files
from tightship_lsp.judging.files import files_for

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.workspace.snapshot import Snapshot

_MOST_FOLDERS = 10_000  # that are looked through for Compose files
_MOST_PROJECTS = 500  # that are asked whether they build a Dockerfile


class BuilderIndex:
    """Knows what the projects below the workspace folders build, until it changes."""

    __slots__ = ("_configuration", "_list", "_looks")

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._list: _List | None = None
        self._looks: dict[str, _Look] = {}

    def building(self, path: str, now: Snapshot) -> list[Candidate]:
        """Return what stands for the projects on the disk that build a Dockerfile.

        Of a Dockerfile outside of all workspace folders, nothing is known.
        """
        if now.folder_of(path) is None:
            return []
        builders = self._building(path, now)
        # Not every client tells of the files in a folder that goes.
        if self._list is not None and self._list.lacks(builders, now):
            builders = self._building(path, now)
        return builders

    def _building(self, path: str, now: Snapshot) -> list[Candidate]:
        listed = self._listed(now)
        builders, inside = list[Candidate](), set[str]()
        heed = now.cancellation.check_for(tuple, now.clock)
        for found in listed.nearest(path):
            # What another project includes is not a project of its own.
            if found.path in inside:
                continue
            heed()
            look = self._look(found, now)
            inside |= look.files - {found.path}
            if path in look.built:
                builders.append(found)
        return builders

    def _listed(self, now: Snapshot) -> _List:
        """Return the Compose files of the workspace, listed anew if any came or went."""
        if self._list is None or self._list.is_outdated(now):
            self._list = _List(self._configuration, now, self._list)
            paths = {one.path for one in self._list.found}
            self._looks = {p: one for p, one in self._looks.items() if p in paths}
        return self._list

    def _look(self, found: Candidate, now: Snapshot) -> _Look:
        """Return what a project is made of, which is known as long as it holds."""
        look = self._looks.get(found.path)
        if look is None or not look.holds(found, now):
            look = self._looks[found.path] = _Look(self._configuration, found, now)
        return look


class _Look:
    """What a project is made of: its files, and the Dockerfiles that it builds.

    What is written in these does not change that, so edits of them are not heeded.
    """

    __slots__ = ("_asked", "_clock", "_root", "_stands", "_texts", "built", "files")

    def __init__(
        self, configuration: Configuration, found: Candidate, now: Snapshot
    ) -> None:
        """Look at a project as it is now; where nothing can be seen, it is empty."""
        disk = files_for(found.path, now)
        files, built = set[str](), set[str]()
        # Of what goes wrong, the user is told where the project itself is judged.
        with suppress(Exception):
            for one, options in configuration.plan(found, disk).projects(found):
                named = project_files(disk, one, options or Options(), None)
                loaded = load_project(disk, named)
                if loaded.compose is not None:
                    files.update(map(disk.real_path, loaded.compose.loading.streams))
                if loaded.built is not None:
                    built.update(map(disk.real_path, loaded.built.builders))
        self.files = files
        self.built = built
        self._stands = found.kind, found.project
        self._root = disk.root
        self._asked = frozenset({found.path, *disk.asked_paths} - built)
        self._clock = now.clock
        self._texts = self._read(disk)

    def holds(self, found: Candidate, now: Snapshot) -> bool:
        """Tell whether another look would see the same."""
        if self._stands != (found.kind, found.project):
            return False
        # There are many looks, and few changes since the last edit.
        if now.is_outdated((), self._clock) or not self._asked.isdisjoint(
            now.changed_since(self._clock)
        ):
            # Where nobody watches the disk, whatever is saved outdates everything.
            disk = files_for(found.path, now)
            if disk.root != self._root or self._read(disk) != self._texts:
                return False
        self._clock = now.clock
        return True

    def _read(self, disk: RecordedFiles) -> dict[str, object]:
        """Return of each file that was asked for what changes with its text."""
        read = {path: disk.read(path) for path in self._asked}
        return {
            path: one.reason if isinstance(one, Refusal) else hash(one.text)
            for path, one in read.items()
        }


class _List:
    """What stands for projects below the workspace folders, in the order of a run."""

    __slots__ = ("_clock", "_is_outdated", "_there", "found")

    def __init__(
        self, configuration: Configuration, now: Snapshot, last: _List | None
    ) -> None:
        self._clock = now.clock
        self._is_outdated = False
        self.found = list(_found(configuration, now))
        # Those that are there, whether they count or not, as far as is known.
        self._there: set[str] = {one.path for one in self.found}
        if last is not None:
            self._there.update(filter(os.path.lexists, last._there))

    def is_outdated(self, now: Snapshot) -> bool:
        """Tell whether files have come or gone since, or what is left out has changed.

        No edit of a file that is there outdates it, but for configuration files.
        """
        if self._is_outdated or now.is_outdated((), self._clock):
            return True
        for path in now.changed_since(self._clock):
            name = os.path.basename(path)
            if name in NAMES:
                self._is_outdated = True
            elif language_of(name) == "compose":
                is_there = os.path.lexists(path)
                if is_there != (path in self._there):
                    self._is_outdated = True
                    (self._there.add if is_there else self._there.discard)(path)
        self._clock = now.clock
        return self._is_outdated

    def lacks(self, builders: list[Candidate], now: Snapshot) -> bool:
        """Tell whether any of what it lists is gone, and if so, be outdated."""
        paths = {one.path for one in builders} - now.overlay.keys()
        self._is_outdated |= not all(map(os.path.lexists, paths))
        return self._is_outdated

    def nearest(self, path: str) -> Iterator[Candidate]:
        """Yield those that may build a Dockerfile; of very many, the nearest."""
        if len(self.found) <= _MOST_PROJECTS:
            yield from self.found
            return
        away = partial(_steps, os.path.dirname(path))
        near = {one.path for one in nsmallest(_MOST_PROJECTS, self.found, key=away)}
        yield from (one for one in self.found if one.path in near)


def _found(configuration: Configuration, now: Snapshot) -> Iterator[Candidate]:
    """Yield what a run over the workspace folders would judge before Dockerfiles."""
    sweep, heed = configuration.sweep(now), now.cancellation.check_for(tuple, now.clock)
    folders, known = 0, set[str]()

    def excluded(path: str, is_folder: bool) -> bool:
        nonlocal folders
        heed()
        folders += is_folder
        return folders > _MOST_FOLDERS or sweep.excluded(path, is_folder)

    for one in find(now.folders, excluded=excluded):
        if isinstance(one, Candidate) and one.language == "compose":
            known.add(one.path)
            yield one
    for put in sweep.sets():
        head = put.paths[0]
        if head not in known and now.folder_of(head) is not None:
            known.add(head)
            yield Candidate(head, "side", None, "compose")


def _steps(folder: str, found: Candidate) -> int:
    """Return how many folders are on the way from one to that of a file."""
    here, there = folder.split(os.sep), os.path.dirname(found.path).split(os.sep)
    shared = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        shared += 1
    return len(here) + len(there) - 2 * shared
