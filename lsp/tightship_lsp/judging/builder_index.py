"""The projects that build a Dockerfile and are not in the folders above it.

A run over the workspace folders judges a Dockerfile with all projects that build it, so
they count as well if only the Dockerfile is open. A search at each edit would take
seconds, so the Compose files, and what each of them builds, are cached.
"""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from heapq import nsmallest
from itertools import takewhile

from tightship.engine.disk.regular import Refusal
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import Candidate, find
from tightship.engine.plan.config_files import NAMES
from tightship.engine.plan.job import project_files
from tightship_lsp.judging.files import files_for
from tightship_lsp.workspace.found_files import FoundFiles

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.disk.recorded import RecordedFiles
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.workspace.snapshot import Snapshot

_MOST_FOLDERS = 10_000  # that are searched for Compose files
_MOST_PROJECTS = 500  # that are searched for builds of a Dockerfile


class BuilderIndex:
    """Caches what the projects below the workspace folders build."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._candidates: list[Candidate] | None = None
        self._found = FoundFiles(NAMES)
        self._summaries: dict[str, _ProjectSummary] = {}

    def building(self, path: str, now: Snapshot) -> list[Candidate]:
        """Return the candidates of the projects that build a Dockerfile.

        Return none for a Dockerfile outside of all workspace folders.
        """
        if now.folder_of(path) is None:
            return []
        builders = self._building(path, now)
        # Not every client reports the files in a folder that is removed.
        if not all(map(os.path.lexists, {one.path for one in builders} - now.overlay.keys())):
            self._candidates = None
            builders = self._building(path, now)
        return builders

    def learn(self, now: Snapshot) -> None:
        """Search the workspace, and load each project, before a Dockerfile is opened."""
        for candidate in self._listed(now)[:_MOST_PROJECTS]:
            now.cancellation.give_way()
            self._summary(candidate, now)

    def _building(self, path: str, now: Snapshot) -> list[Candidate]:
        listed = self._listed(now)
        builders, inside = list[Candidate](), set[str]()
        check_cancelled = now.cancellation.check_for(tuple, now.clock)
        for candidate in _nearest(path, listed):
            # A file that another project includes is not a separate project.
            if candidate.path in inside:
                continue
            check_cancelled()
            summary = self._summary(candidate, now)
            inside |= summary.files - {candidate.path}
            if path in summary.built:
                builders.append(candidate)
        return builders

    def _listed(self, now: Snapshot) -> list[Candidate]:
        """Return the projects of the workspace; search again if any came or went."""
        if self._candidates is None or self._found.are_outdated(now):
            listed = self._candidates = _candidates(self._configuration, now, self._found)
            paths = {one.path for one in listed}
            self._summaries = {p: s for p, s in self._summaries.items() if p in paths}
            return listed
        return self._candidates

    def _summary(self, candidate: Candidate, now: Snapshot) -> _ProjectSummary:
        """Return the summary of a project: the cached one, if it is still valid."""
        summary = self._summaries.get(candidate.path)
        if summary is None or not summary.is_valid(candidate, now):
            summary = _ProjectSummary(self._configuration, candidate, now)
            self._summaries[candidate.path] = summary
        return summary


class _ProjectSummary:
    """The files of a project, and the Dockerfiles that it builds.

    It does not depend on the text of the Dockerfiles.
    """

    def __init__(self, configuration: Configuration, candidate: Candidate, now: Snapshot) -> None:
        """Load a project as it is now; after an error, the summary is empty."""
        disk = files_for(candidate.path, now)
        files, built = set[str](), set[str]()
        # Errors are reported where the project itself is judged.
        with suppress(Exception):
            for one in configuration.job(candidate, disk).projects:
                loaded = load_project(disk, project_files(disk, one.candidate, one.options))
                if loaded.compose is not None:
                    files.update(map(disk.real_path, loaded.compose.streams))
                if loaded.built is not None:
                    built.update(map(disk.real_path, loaded.built.builders))
        self.files = files
        self.built = built
        self._kind = candidate.kind, candidate.project
        self._root = disk.root
        self._inputs = frozenset({candidate.path, *disk.recorded_paths} - built)
        self._clock = now.clock
        self._texts = self._read(disk)

    def is_valid(self, candidate: Candidate, now: Snapshot) -> bool:
        """Return whether the project would be loaded with the same result."""
        if self._kind != (candidate.kind, candidate.project):
            return False
        # There are many summaries, and few changes since the last edit.
        if now.is_outdated((), self._clock) or not self._inputs.isdisjoint(
            now.changed_since(self._clock)
        ):
            # If no client watches the disk, each save outdates everything.
            disk = files_for(candidate.path, now)
            if disk.root != self._root or self._read(disk) != self._texts:
                return False
        self._clock = now.clock
        return True

    def _read(self, disk: RecordedFiles) -> dict[str, object]:
        """Return a hash of the text of each input, or the reason why it has none."""
        read = {path: disk.read(path) for path in self._inputs}
        return {
            path: one.reason if isinstance(one, Refusal) else hash(one.text)
            for path, one in read.items()
        }


def _nearest(path: str, candidates: list[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates near a Dockerfile: all, or the nearest of very many."""
    if len(candidates) <= _MOST_PROJECTS:
        yield from candidates
        return
    distance = partial(_distance, os.path.dirname(path))
    paths = {one.path for one in nsmallest(_MOST_PROJECTS, candidates, key=distance)}
    yield from (one for one in candidates if one.path in paths)


def _candidates(configuration: Configuration, now: Snapshot, files: FoundFiles) -> list[Candidate]:
    """Return the candidates that a run over the workspace judges before Dockerfiles.

    What the search finds is noted in ``files``.
    """
    settings = configuration.of_workspace(now)
    check_cancelled = now.cancellation.check_for(tuple, now.clock)
    folders = 0

    def excluded(path: str, is_folder: bool) -> bool:
        nonlocal folders
        check_cancelled()
        folders += is_folder
        return folders > _MOST_FOLDERS or settings.excluded(path, is_folder)

    found = find(now.folders, excluded=excluded)
    candidates = [one for one in found if isinstance(one, Candidate)]
    made = {one.path: one for one in candidates if one.language == "compose"}
    for file_set in settings.file_sets():
        main = file_set.paths[0]
        if now.folder_of(main) is not None:
            made.setdefault(main, Candidate(main, "side", None, "compose"))
    files.found(candidates, now)
    return [*made.values()]


def _distance(folder: str, candidate: Candidate) -> int:
    """Return the number of steps between a folder and that of a candidate."""
    here, there = folder.split(os.sep), os.path.dirname(candidate.path).split(os.sep)
    pairs = zip(here, there, strict=False)
    shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    return len(here) + len(there) - 2 * shared
