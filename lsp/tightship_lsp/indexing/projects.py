"""The projects of a workspace, each with its symbols as long as no text of it changes.

They are made of the texts alone, so that they are there while the projects are judged. What a
judgement has found out, the invocations that merge files, counts once it is known.
"""

from __future__ import annotations

import os

from tightship.engine.disk.root import project_root
from tightship.engine.plan.candidates import Candidate, find
from tightship.values.compose_name import MAIN_NAMES, OVERRIDE_NAMES
from tightship_lsp.indexing.outlines import Outlines, Reading
from tightship_lsp.indexing.project import IndexedProject, alone, main_project
from tightship_lsp.judging.files import UnsavedFile, files_for
from tightship_lsp.workspace.found_files import FoundFiles
from tightship_lsp.workspace.language import language as language_of_document

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship_lsp.symbols.members import Language
    from tightship_lsp.workspace.document import Document
    from tightship_lsp.workspace.snapshot import Snapshot

_MOST_FOLDERS = 10_000  # that are searched
_MOST_PROJECTS = 1000  # of a workspace
_MAIN = (*MAIN_NAMES, *OVERRIDE_NAMES)


class IndexedProjects:
    """The projects of open documents, and of the folders of the workspace.

    Between two files, ``give_way`` does more urgent work, or ends this. ``invocations`` gives
    the files that invocations of Compose merge, as far as they are known.
    """

    def __init__(
        self,
        give_way: Callable[[], None] = lambda: None,
        invocations: Callable[[], frozenset[tuple[str, ...]]] = frozenset,
    ) -> None:
        self._give_way = give_way
        self._invocations = invocations
        self._outlines = Outlines()
        self._known: dict[tuple[str, ...], _Known] = {}
        self._listed: _Listing | None = None
        self._found = FoundFiles()
        self._generation = 0
        self._asked = set[str]()

    def of(self, document: Document, now: Snapshot) -> list[IndexedProject]:
        """Return the projects that a document belongs to, the nearest first.

        There are none for a document of another language that no project names. As long as the workspace has not been searched, those near the document will do.
        """
        path, language = document.path, _language(document)
        if path is None:
            return [self._unsaved(document, language)] if language else []
        if self._listed is None:
            near = [one for one in self._near(now, path) if one.holds(path)]
            if near:
                return near
        found = self.holding(path, now)
        if found or language is None:
            return found
        return [self._alone(path, now, language)]

    def holding(self, path: str, now: Snapshot) -> list[IndexedProject]:
        """Return the projects of the workspace that a file is part of."""
        return [one for one in self.all(now, path) if one.holds(path)]

    def all(self, now: Snapshot, near: str | None = None) -> list[IndexedProject]:
        """Return the projects of the workspace, those above a path first."""
        listed = self._listing(now, near)
        made = {one.path: one for one in self._near(now, near)}
        for folder in listed.folders:
            self._give_way()
            project = self._main(folder, now)
            if project is not None:
                made.setdefault(project.path, project)
        sides = dict[str, None]()
        for document in now.documents:
            if document.path is not None and language_of_document(document) == "compose":
                sides[document.path] = None
        sides.update(dict.fromkeys(listed.sides))
        inside = {path for one in made.values() for path in one.members.by_path}
        for path in sides:
            if path not in inside:
                made.setdefault(path, self._alone(path, now, "compose"))
        return list(made.values())

    def _near(self, now: Snapshot, near: str | None) -> Iterator[IndexedProject]:
        """Yield the projects of the folders above a path, and of open main files."""
        for folder in self._folders(now, near):
            project = self._main(folder, now)
            if project is not None:
                yield project

    def _folders(self, now: Snapshot, near: str | None) -> Iterator[str]:
        """Yield the folders that may have a main file, each once."""
        seen = set[str]()

        def new(folder: str) -> Iterator[str]:
            if folder not in seen:
                seen.add(folder)
                yield folder

        if near is not None:
            root = project_root(near, workspace=now.folder_of(near))
            folder = os.path.dirname(near)
            while folder.startswith(root):
                yield from new(folder)
                if folder == root or os.path.dirname(folder) == folder:
                    break
                folder = os.path.dirname(folder)
        for document in now.documents:
            if document.path is not None and document.name in _MAIN:
                yield from new(os.path.dirname(document.path))

    def _listing(self, now: Snapshot, near: str | None) -> _Listing:
        """Return the files of the workspace; list them again if any came or went."""
        listed = self._listed
        if near is not None and near not in self._asked:
            # Not every client reports the files that it makes.
            if listed is not None and near not in self._found:
                listed = None
            self._asked.add(near)
        if listed is None or self._found.are_outdated(now):
            listed = self._listed = _Listing(now, self._found, self._give_way)
            self._generation += 1
        return listed

    def _main(self, folder: str, now: Snapshot) -> IndexedProject | None:
        chains = self._chains(folder)

        def make(reading: Reading) -> IndexedProject | None:
            return main_project(folder, reading, chains)

        key = "main", folder, *(path for chain in chains for path in chain)
        return self._made(key, os.path.join(folder, MAIN_NAMES[0]), now, make)

    def _chains(self, folder: str) -> list[tuple[str, ...]]:
        """Return the invocations that begin with a file of a folder."""
        known = self._invocations()
        return sorted(one for one in known if len(one) > 1 and os.path.dirname(one[0]) == folder)

    def _alone(self, path: str, now: Snapshot, language: Language) -> IndexedProject:
        chains = [one for one in self._chains(os.path.dirname(path)) if one[0] == path]

        def make(reading: Reading) -> IndexedProject:
            return alone(path, reading, language, chains)

        key = language, path, *(one for chain in chains for one in chain)
        made = self._made(key, path, now, make)
        assert made is not None
        return made

    def _unsaved(self, document: Document, language: Language) -> IndexedProject:
        path = os.path.join(os.path.abspath(os.sep), document.name)
        disk = UnsavedFile(os.path.dirname(path), {path: document.text})
        made = alone(path, Reading(self._outlines, disk), language)
        made.make = lambda reading: alone(path, reading, language)
        return made

    def _made(
        self,
        key: tuple[str, ...],
        path: str,
        now: Snapshot,
        make: Callable[[Reading], IndexedProject | None],
    ) -> IndexedProject | None:
        """Return a project: the known one, as long as no text that it depends on changes."""
        known = self._known.get(key)
        if known is not None and self._is_current(known, now):
            known.time = now.clock
            return known.project
        # What has not changed is not read again, if the client reports changes.
        is_reported = known is not None and not now.is_outdated((), known.time)
        is_reported = is_reported and known is not None and known.generation == self._generation
        changed = frozenset(now.changed_since(known.time)) if known is not None else ()
        reading = Reading(
            self._outlines,
            files_for(path, now),
            known.reading.without(changed) if known is not None and is_reported else None,
        )
        if known is None or is_reported or not known.reading.is_same(reading):
            project = make(reading)
            if project is not None:
                project.make = make
        else:
            project, reading = known.project, known.reading
        self._known[key] = _Known(project, reading, now.clock, self._generation)
        return project

    def _is_current(self, known: _Known, now: Snapshot) -> bool:
        if known.generation != self._generation:
            return False
        # There are many projects, and few changes since the last question.
        return known.time == now.clock or not now.is_outdated(known.dependencies, known.time)


def _language(document: Document) -> Language | None:
    """Return the language of a document: by its name, it may be a file of variables."""
    found = language_of_document(document)
    if found is not None:
        return "compose" if found == "compose" else "dockerfile"
    name = document.name
    return "variables" if name.startswith(".env") or name.endswith(".env") else None


class _Known:
    """A project, or none, and how long this is known."""

    __slots__ = ("dependencies", "generation", "project", "reading", "time")

    def __init__(
        self, project: IndexedProject | None, reading: Reading, time: int, generation: int
    ) -> None:
        self.project = project
        self.reading = reading
        self.dependencies = reading.dependencies
        self.time = time
        self.generation = generation


class _Listing:
    """The Compose files below the folders of the workspace."""

    def __init__(self, now: Snapshot, files: FoundFiles, give_way: Callable[[], None]) -> None:
        """Search the folders, and note in ``files`` what is found."""
        self.folders = dict[str, None]()
        self.sides = list[str]()
        searched = 0

        def excluded(path: str, is_folder: bool) -> bool:
            nonlocal searched
            del path
            give_way()
            searched += is_folder
            return searched > _MOST_FOLDERS

        found = find(now.folders, excluded=excluded)
        candidates = [one for one in found if isinstance(one, Candidate)]
        for one in candidates[:_MOST_PROJECTS]:
            if one.language != "compose":
                continue
            if os.path.basename(one.path) in _MAIN:
                self.folders[os.path.dirname(one.path)] = None
            else:
                self.sides.append(one.path)
        files.found(candidates, now)
