"""The projects that open documents are part of, each judged when it has to be.

A document stands for the projects that a run over its work tree would find it in, with
what is open standing over the disk, whether it has been saved yet or not.
"""

from __future__ import annotations

import os
from functools import partial

from tightship.compose.loading.invocation import MAIN_NAMES
from tightship.engine.discovery.find import Found, language_of
from tightship.engine.disk.root import project_root
from tightship.engine.settings.configs import NAMES
from tightship_lsp.judging.builder_index import BuilderIndex
from tightship_lsp.judging.project import Project
from tightship_lsp.judging.recorded import Unsaved, recorded
from tightship_lsp.judging.ruling import Lone
from tightship_lsp.work.worker import UnwantedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias, TypeVar

    from tightship.config.problem import ConfigProblem
    from tightship.engine.discovery.sets import FileSet
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.judging.recorded import Recorded
    from tightship_lsp.judging.ruling import Ruling
    from tightship_lsp.workspace.document import Document
    from tightship_lsp.workspace.snapshot import Snapshot

    T = TypeVar("T")
    Key: TypeAlias = tuple[str, str, str, str | None]
    # What was made of files, those that were asked for, and when.
    Kept: TypeAlias = tuple[list[T], frozenset[str], int]

_MOST = 64  # projects that are kept
_MOST_FOLDERS = 256  # folders, and configuration files, of which something is kept

# The words of editors for the languages: VS Code's, and those of Neovim and Helix.
_COMPOSE = frozenset(("dockercompose", "docker-compose", "yaml.docker-compose"))
_DOCKERFILE = frozenset(("dockerfile", "containerfile"))


def language(document: Document) -> str | None:
    """Return what a document is judged as: ``compose``, ``dockerfile`` or None.

    YAML is judged if its name is one of Compose's.
    """
    if document.language in _COMPOSE:
        return "compose"
    if document.language in _DOCKERFILE:
        return "dockerfile"
    if document.language == "yaml" and language_of(document.name) == "compose":
        return "compose"
    return None


class Projects:
    """Judges projects, and keeps the judgements as long as they hold."""

    __slots__ = (
        "_elsewhere",
        "_judged",
        "_problems",
        "_say",
        "_sets",
        "configuration",
    )

    def __init__(
        self, configuration: Configuration, say: Callable[[str], None]
    ) -> None:
        """Judge by what is set; ``say`` is told what went wrong."""
        self.configuration = configuration
        self._say = say
        self._elsewhere = BuilderIndex(configuration)
        self._judged: dict[Key, Project] = {}
        self._sets: dict[str, Kept[FileSet]] = {}
        self._problems: dict[str, Kept[ConfigProblem]] = {}

    def problems(self, document: Document, now: Snapshot) -> list[ConfigProblem]:
        """Return what is wrong with a document that is a configuration file."""
        path = document.path
        if path is None or document.name not in NAMES:
            return []
        find = partial(self.configuration.problems, path)
        return self._kept(self._problems, path, path, now, find)

    def of(self, document: Document, now: Snapshot) -> list[Project]:
        """Return the projects that a document is part of."""
        path = document.path
        if path is None:
            return [self._unsaved(document, now)] if language(document) else []
        if document.name in NAMES:
            return []
        found = {id(one): one for one in self._own(document, now)}
        for other in now.documents:
            if other.path not in (None, path) and language(other) == "compose":
                for project in self._own(other, now):
                    if project.concerns(path):
                        found.setdefault(id(project), project)
        is_dockerfile = language(document) == "dockerfile"
        for one in self._elsewhere.building(path, now) if is_dockerfile else ():
            project = self.project(one, now)
            if project.builds(path):
                found.setdefault(id(project), project)
        if not found and is_dockerfile:
            return [self.project(Found(path, "named", None, "dockerfile"), now)]
        return list(found.values())

    def _own(self, document: Document, now: Snapshot) -> list[Project]:
        """Return the projects that a document stands for without any other open."""
        path, kind = document.path, language(document)
        if path is None:
            return []
        mains = list(_mains(path, now))
        sets = self._sets_of(path, now)
        heads = dict.fromkeys(one.paths[0] for one in sets if path in one.paths)
        if heads:
            return [self._head(head, mains, now) for head in heads]
        # What is put together of files with names of their own may build or include it.
        heads = dict.fromkeys((*mains, *(one.paths[0] for one in sets)))
        above = (self._head(head, mains, now) for head in heads)
        if kind == "dockerfile":
            return [project for project in above if project.builds(path)]
        if kind is None:  # what a project includes, or takes variables from
            return [project for project in above if project.concerns(path)]
        # What another project includes is not judged as a root of its own.
        folder, name = os.path.split(path)
        main = next((m for m in mains if os.path.dirname(m) == folder), None)
        inside = [one for one in above if one.path != path and path in one.files]
        if inside:
            return inside
        if path == main:
            return [self.project(Found(path, "main", main, "compose"), now)]
        # What only has the name may be something else, and is passed over in silence. To
        # call a file of another name Compose is to say that it has to be.
        known = "compose" if language_of(name) == "compose" else None
        found = Found(path, "side" if known else "named", main, known)
        return [self.project(found, now)]

    def project(self, found: Found, now: Snapshot) -> Project:
        """Judge what a file stands for: a project, or the Dockerfile alone."""
        key = (str(found.language), found.kind, found.path, found.project)
        rule = partial(self.configuration.ruling, found)
        return self._project(key, found, now, partial(recorded, found.path, now), rule)

    def _head(self, path: str, mains: list[str], now: Snapshot) -> Project:
        """Judge the project of a main file, or what is put together of files."""
        if path in mains:
            return self.project(Found(path, "main", path, "compose"), now)
        return self.project(Found(path, "side", None, "compose"), now)

    def _sets_of(self, path: str, now: Snapshot) -> list[FileSet]:
        """Return the projects that are put together by what is set for a file."""
        folder = os.path.dirname(path)
        find = partial(self.configuration.sets, folder)
        return self._kept(self._sets, folder, path, now, find)

    def _kept(
        self,
        kept: dict[str, Kept[T]],
        key: str,
        path: str,
        now: Snapshot,
        find: Callable[[Recorded], list[T]],
    ) -> list[T]:
        """Return what is made of files as long as none of them changes."""
        held = kept.pop(key, None)
        if held is None or now.is_outdated(held[1], held[2]):
            files = recorded(path, now)
            made: list[T] = []
            try:
                made = find(files)
            except Exception as error:
                self._say(_account(path, error))
            held = made, frozenset(map(files.path, files.asked)), now.clock
        kept[key] = held
        while len(kept) > _MOST_FOLDERS:
            del kept[next(iter(kept))]
        return held[0]

    def _unsaved(self, document: Document, now: Snapshot) -> Project:
        path = os.path.join(os.path.abspath(os.sep), document.name)
        kind = language(document)
        found = Found(path, "named", None, kind)

        def files() -> Recorded:
            return Unsaved(os.path.dirname(path), {path: document.text})

        key = ("unsaved", str(kind), document.uri, str(document.version))
        plain = Lone(self.configuration.plain)
        return self._project(key, found, now, files, lambda _: plain)

    def _project(
        self,
        key: Key,
        found: Found,
        now: Snapshot,
        files: Callable[[], Recorded],
        rule: Callable[[Recorded], Ruling],
    ) -> Project:
        """Return a judgement that holds now, the one that is kept if it does."""
        kept = self._judged.pop(key, None)
        if kept is None or now.is_outdated(kept.asked, kept.clock):
            disk = files()
            disk.heed = now.cancellation.check_for(lambda: disk.asked_paths, now.clock)
            kept = Project(found, disk, now.clock)
            try:
                kept.ruling = rule(disk)
                kept.judged(kept.ruling.verdicts(disk, found), None)
            except UnwantedError:
                raise
            except Exception as error:
                self._say(_account(found.path, error))
                kept.judged([], error)
        self._judged[key] = kept
        while len(self._judged) > _MOST:
            del self._judged[next(iter(self._judged))]
        return kept


def _mains(path: str, now: Snapshot) -> Iterator[str]:
    """Yield the main file of the folder of a path, and of those above it."""
    folder = os.path.dirname(path)
    root = project_root(path, workspace=now.folder_of(path))
    while True:
        paths = (os.path.join(folder, name) for name in MAIN_NAMES)
        main = next((p for p in paths if p in now.overlay or os.path.lexists(p)), None)
        if main is not None:
            yield main
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return
        folder = above


def _account(path: str, error: Exception) -> str:
    import traceback

    lines = traceback.format_exception(error, limit=-8)
    return f"failed to judge {path}, which is a bug in Tightship:\n{''.join(lines)}"
