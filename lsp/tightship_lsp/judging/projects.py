"""The projects of open documents, each judged when it is outdated.

A document belongs to the projects in which a run over its work tree would find it, with
open texts in place of those on the disk.
"""

from __future__ import annotations

import os
from functools import partial

from tightship.engine.disk.regular import Refusal, read_regular
from tightship.engine.disk.root import project_root
from tightship.engine.judge.project import failed
from tightship.engine.plan.candidates import COMMANDS, Candidate, language_of
from tightship.engine.plan.config_files import FACTS, NAMES
from tightship.engine.plan.job import USUAL, Job, project_files, texts_of
from tightship.engine.plan.plan import main_files_above
from tightship_lsp.judging.builder_index import BuilderIndex
from tightship_lsp.judging.configuration import is_half_typed
from tightship_lsp.judging.files import UnsavedFile, files_for
from tightship_lsp.judging.membership import projects_of
from tightship_lsp.judging.memory import ProjectMemory
from tightship_lsp.judging.project import JudgedProject, verdicts_on
from tightship_lsp.judging.role_cache import RoleCache
from tightship_lsp.work.worker import UnwantedError
from tightship_lsp.workspace.language import COMPOSE, language

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from typing import TypeAlias, TypeVar

    from tightship.config.key import ConfigProblem
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.candidates import Kind
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.verdict import Verdict
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.workspace.document import Document
    from tightship_lsp.workspace.snapshot import Snapshot

    T = TypeVar("T")
    Key: TypeAlias = tuple[str, str, str, str]
    # A result, the paths that it depends on, and its time.
    Cached: TypeAlias = tuple[list[T], frozenset[str], int]

_MOST = 64  # cached projects, next to those of open documents; and as many of a scan
_MOST_MEMORIES = 8  # projects of which a next judgement may know something
_MOST_FOLDERS = 256  # cached folders, and configuration files

_UNSAVED = "unsaved"
_CONFIGURING = (*NAMES, FACTS)
# A file without these words takes nothing from another one; a key may be escaped.
_TAKING = ("include", "extends", "\\")


class Projects:
    """Judges projects, and caches the verdicts as long as they are valid."""

    def __init__(self, configuration: Configuration, log: Callable[[str], None]) -> None:
        """Judge by a configuration; ``log`` gets the errors."""
        self.configuration = configuration
        self._log = log
        self._builder_index = BuilderIndex(configuration)
        self.roles = RoleCache(configuration, log)
        self._judged: dict[Key, JudgedProject] = {}
        # A scan must not displace the projects of open documents.
        self._scanned: dict[Key, JudgedProject] = {}
        self._memories: dict[Key, ProjectMemory] = {}
        self._owned: dict[str, list[JudgedProject]] = {}
        self._owned_at = -1
        self._file_sets: dict[str, Cached[FileSet]] = {}
        self._front_ends: dict[str, Cached[str]] = {}
        self._problems: dict[str, Cached[ConfigProblem]] = {}

    def problems(self, document: Document, now: Snapshot) -> list[ConfigProblem]:
        """Return the problems of a document that is a configuration file."""
        path = document.path
        if path is None or document.name not in _CONFIGURING:
            return []
        find = partial(self.configuration.problems, path)
        found = self._cached(self._problems, path, path, now, find)
        if document.is_unsaved:
            return [one for one in found if not is_half_typed(one)]
        return found

    def of(self, document: Document, now: Snapshot) -> list[JudgedProject]:
        """Return the projects that a document is part of."""
        path = document.path
        if path is None:
            return [self._unsaved(document, now)] if language(document) else []
        if document.name in _CONFIGURING:
            return []
        projects = {id(one): one for one in self._own(document, now)}
        for other in now.documents:
            if other.path not in (None, path) and language(other) == "compose":
                for project in self._own(other, now):
                    if project.concerns(path):
                        projects.setdefault(id(project), project)
        is_dockerfile = language(document) == "dockerfile"
        for one in self._builders_of(path, now) if is_dockerfile else ():
            project = self.project(one, now)
            if project.builds(path):
                projects.setdefault(id(project), project)
        if not projects and is_dockerfile:
            # With the name of a Dockerfile, it needs an instruction as in a sweep.
            is_chosen = language_of(document.name) != "dockerfile"
            kind: Kind = "named" if is_chosen else "side"
            return [self.project(Candidate(path, kind, None, "dockerfile"), now)]
        if not projects and self._may_declare(path, document, now):
            return [self.project(Candidate(path, "side", None, COMMANDS), now)]
        return list(projects.values())

    def _builders_of(self, path: str, now: Snapshot) -> Iterator[Candidate]:
        """Yield what may build a Dockerfile: projects elsewhere, and bake files above it."""
        yield from self._builder_index.building(path, now)
        if "bake" in self.front_ends_of(path, now):
            from tightship.engine.plan.front_ends import bake_files_above

            root = project_root(path, workspace=now.folder_of(path))
            exists = partial(_exists, now)
            yield from bake_files_above(path, root, exists)

    def front_ends_of(self, path: str, now: Snapshot) -> list[str]:
        """Return the front ends that the settings for a file ask for."""
        find = partial(self.configuration.front_ends, os.path.dirname(path))
        return self._cached(self._front_ends, os.path.dirname(path), path, now, find)

    def _may_declare(self, path: str, document: Document, now: Snapshot) -> bool:
        """Return whether a front end that the settings ask for may find something in it."""
        asked = self.front_ends_of(path, now)
        if not asked:
            return False
        from tightship.engine.plan.front_ends import front_ends_for

        root = project_root(path, workspace=now.folder_of(path))
        name = os.path.relpath(path, root).replace(os.sep, "/")
        found = front_ends_for(name, document.text.encode("utf-8", "replace"))
        return not found.isdisjoint(asked)

    def _own(self, document: Document, now: Snapshot) -> list[JudgedProject]:
        """Return the projects of a document, without those of other documents."""
        path = document.path
        if path is None:
            return []
        if self._owned_at < now.clock:
            self._owned_at = now.clock
            self._owned.clear()
        if self._owned_at == now.clock and path in self._owned:
            return self._owned[path]
        projects = self._projects_of(path, document, now)
        # A more urgent job may have looked at a later state meanwhile.
        if self._owned_at == now.clock:
            self._owned[path] = projects
        return projects

    def _projects_of(self, path: str, document: Document, now: Snapshot) -> list[JudgedProject]:
        def read(file: str) -> bytes | Refusal:
            text = now.overlay.get(file)
            if text is None:
                return read_regular(file)
            return text.encode("utf-8", "replace") if isinstance(text, str) else text

        root = project_root(path, workspace=now.folder_of(path))
        file_sets = self._file_sets_of(path, now)
        is_compose = language(document) == "compose"
        mains = [*main_files_above(path, root, partial(_exists, now), read)]
        holders = [one.path for one in mains if not is_compose or self._may_take(path, one, now)]
        found = projects_of(
            path,
            language(document),
            mains,
            file_sets,
            lambda candidate: self.project(candidate, now),
            holders=[*holders, *(self.roles.users(path, now) if is_compose else ())],
            chosen=document.language in COMPOSE,
        )
        if not is_compose or any(path in one.paths for one in file_sets):
            return found
        overlays = self.roles.over(path, now)
        return [*found, *(self.project(one, now) for one in overlays)]

    def _may_take(self, path: str, main: Candidate, now: Snapshot) -> bool:
        """Return whether the project of a main file may have another file as a part.

        Most projects above a file do not name one, and need not be judged to know that.
        """
        if main.path == path or self._file_sets_of(main.path, now):
            return True
        files = files_for(main.path, now)
        found = project_files(files, main, USUAL)
        texts = texts_of(files, found)
        is_taken = path in found.paths or any(word in one for one in texts for word in _TAKING)
        return is_taken or self.roles.may_merge(main.path, path, now)

    def learn(self, files: Iterable[str], now: Snapshot) -> None:
        """Decide the roles of some Compose files, and what each project builds."""
        for path in files:
            now.cancellation.give_way()
            if now.folder_of(path) is not None:
                self.roles.learn(path, now)
        self._builder_index.learn(now)

    def invocations(self) -> frozenset[tuple[str, ...]]:
        """Return the invocations of Compose that are known from judgements so far.

        Another thread may ask.
        """
        judged = [*self._judged.values()]
        return frozenset(files for project in judged for files in project.invocations)

    def project(
        self, candidate: Candidate, now: Snapshot, *, is_scan: bool = False
    ) -> JudgedProject:
        """Judge a candidate: a project, or a Dockerfile alone.

        ``is_scan`` tells that no open document asks for it.
        """
        if candidate.language != "dockerfile" and candidate.role is None:
            candidate = candidate.with_role(self.roles.of(candidate.path, now))
        chains = str([one.files for one in candidate.role.chains]) if candidate.role else ""
        key = (f"{candidate.language}{chains}", candidate.kind, candidate.path, candidate.folder)
        job = partial(self.configuration.job, candidate)
        files = partial(files_for, candidate.path, now)
        return self._project(key, candidate, now, files, job, is_scan=is_scan)

    def _file_sets_of(self, path: str, now: Snapshot) -> list[FileSet]:
        """Return the file sets that the settings for a file define."""
        folder = os.path.dirname(path)
        find = partial(self.configuration.file_sets, folder)
        return self._cached(self._file_sets, folder, path, now, find)

    def _cached(
        self,
        cache: dict[str, Cached[T]],
        key: str,
        path: str,
        now: Snapshot,
        find: Callable[[RecordedFiles], list[T]],
    ) -> list[T]:
        """Return a result: the cached one as long as no file that it depends on changes."""
        entry = cache.pop(key, None)
        if entry is None or now.is_outdated(entry[1], entry[2]):
            files = files_for(path, now)
            result: list[T] = []
            try:
                result = find(files)
            except Exception as error:
                self._log(_failure(path, error))
            entry = result, frozenset(files.recorded_paths), now.clock
        cache[key] = entry
        while len(cache) > _MOST_FOLDERS:
            del cache[next(iter(cache))]
        return entry[0]

    def _unsaved(self, document: Document, now: Snapshot) -> JudgedProject:
        path = os.path.join(os.path.abspath(os.sep), document.name)
        kind = language(document)
        candidate = Candidate(path, "named", None, kind)

        def files() -> RecordedFiles:
            return UnsavedFile(os.path.dirname(path), {path: document.text})

        key = (_UNSAVED, str(kind), document.uri, str(document.version))
        runner = self.configuration.plain
        return self._project(key, candidate, now, files, lambda now: Job(now, candidate, runner))

    def _project(
        self,
        key: Key,
        candidate: Candidate,
        now: Snapshot,
        files: Callable[[], RecordedFiles],
        job_of: Callable[[RecordedFiles], Job],
        *,
        is_scan: bool = False,
    ) -> JudgedProject:
        """Return a judged project: the cached one, if it is not outdated."""
        is_scan = is_scan and key not in self._judged
        scanned = self._scanned.pop(key, None)
        project = self._judged.pop(key, None) or scanned
        if project is None or now.is_outdated(project.dependencies, project.clock):
            memory = None if is_scan else self._memory(key)
            project = self._judge(candidate, now, files(), job_of, memory)
        cache, most = self._scanned, _MOST
        if not is_scan:
            # Each open document asks for the projects of all others.
            cache, most = self._judged, _MOST + 2 * len(now.documents)
        cache[key] = project
        while len(cache) > most:
            del cache[next(iter(cache))]
        return project

    def _memory(self, key: Key) -> ProjectMemory:
        """Return what is kept of the last judgement, which may have been cancelled since."""
        if key[0] == _UNSAVED:
            key = (*key[:3], "")  # of any version
        memory = self._memories.pop(key, None) or ProjectMemory()
        self._memories[key] = memory
        while len(self._memories) > _MOST_MEMORIES:
            del self._memories[next(iter(self._memories))]
        return memory

    def _judge(
        self,
        candidate: Candidate,
        now: Snapshot,
        disk: RecordedFiles,
        job_of: Callable[[RecordedFiles], Job],
        memory: ProjectMemory | None,
    ) -> JudgedProject:
        check = now.cancellation.check_for(lambda: disk.recorded_paths, now.clock)
        job = None
        try:
            find_roles = partial(self.roles.among, disk, now)
            job = job_of(disk).replaced(check_cancelled=check, find_roles=find_roles)
            verdicts = verdicts_on(job if memory is None else memory.given_to(job, now))
            if memory is not None:
                memory.note(job, disk, now)
        except UnwantedError:
            raise
        except Exception as error:
            self._log(_failure(candidate.path, error))
            verdicts = [self._failed(candidate, disk, error)]
            return JudgedProject(candidate, disk, now.clock, job, verdicts, error)
        return JudgedProject(candidate, disk, now.clock, job, verdicts)

    def _failed(self, candidate: Candidate, disk: RecordedFiles, error: Exception) -> Verdict:
        name = disk.name(candidate.path) or candidate.path
        return failed(disk.root, name, error, self.configuration.plain)


def _exists(now: Snapshot, path: str) -> bool:
    return path in now.overlay or os.path.lexists(path)


def _failure(path: str, error: Exception) -> str:
    import traceback

    lines = traceback.format_exception(error, limit=-8)
    return f"failed to judge {path}, which is a bug in Tightship:\n{''.join(lines)}"
