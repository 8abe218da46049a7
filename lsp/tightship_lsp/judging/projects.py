"""The projects that open documents are part of, each judged when it has to be.

A document stands for the projects that a run over its work tree would find it in, with
what is open standing over the disk, whether it has been saved yet or not.
"""

from __future__ import annotations

import os
from functools import partial

from tightship.engine.disk.root import project_root
from tightship.engine.plan.candidates import Candidate, language_of
from tightship.engine.plan.configs import NAMES
from tightship.engine.plan.membership import projects_of
from tightship.engine.plan.plan import JudgingPlan, main_files_above
from tightship_lsp.judging.builder_index import BuilderIndex
from tightship_lsp.judging.files import UnsavedFile, files_for
from tightship_lsp.judging.project import Project, verdicts_on
from tightship_lsp.work.worker import UnwantedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias, TypeVar

    from tightship.config.problem import ConfigProblem
    from tightship.engine.disk.recorded import RecordedFiles
    from tightship.engine.plan.file_sets import FileSet
    from tightship_lsp.judging.configuration import Configuration
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
        "_builder_index",
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
        self._builder_index = BuilderIndex(configuration)
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
        for one in self._builder_index.building(path, now) if is_dockerfile else ():
            project = self.project(one, now)
            if project.builds(path):
                found.setdefault(id(project), project)
        if not found and is_dockerfile:
            return [self.project(Candidate(path, "named", None, "dockerfile"), now)]
        return list(found.values())

    def _own(self, document: Document, now: Snapshot) -> list[Project]:
        """Return the projects that a document belongs to, whatever else is open."""
        path = document.path
        if path is None:
            return []

        def exists(main: str) -> bool:
            return main in now.overlay or os.path.lexists(main)

        root = project_root(path, workspace=now.folder_of(path))
        return projects_of(
            path,
            language(document),
            list(main_files_above(path, root, exists)),
            self._sets_of(path, now),
            lambda candidate: self.project(candidate, now),
        )

    def project(self, candidate: Candidate, now: Snapshot) -> Project:
        """Judge a candidate: a project, or a Dockerfile alone."""
        key = (
            str(candidate.language),
            candidate.kind,
            candidate.path,
            candidate.project,
        )
        plan = partial(self.configuration.plan, candidate)
        return self._project(
            key, candidate, now, partial(files_for, candidate.path, now), plan
        )

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
        find: Callable[[RecordedFiles], list[T]],
    ) -> list[T]:
        """Return what is made of files as long as none of them changes."""
        held = kept.pop(key, None)
        if held is None or now.is_outdated(held[1], held[2]):
            files = files_for(path, now)
            made: list[T] = []
            try:
                made = find(files)
            except Exception as error:
                self._say(_account(path, error))
            held = made, frozenset(files.asked_paths), now.clock
        kept[key] = held
        while len(kept) > _MOST_FOLDERS:
            del kept[next(iter(kept))]
        return held[0]

    def _unsaved(self, document: Document, now: Snapshot) -> Project:
        path = os.path.join(os.path.abspath(os.sep), document.name)
        kind = language(document)
        found = Candidate(path, "named", None, kind)

        def files() -> RecordedFiles:
            return UnsavedFile(os.path.dirname(path), {path: document.text})

        key = ("unsaved", str(kind), document.uri, str(document.version))
        plan = JudgingPlan(self.configuration.plain)
        return self._project(key, found, now, files, lambda _: plan)

    def _project(
        self,
        key: Key,
        candidate: Candidate,
        now: Snapshot,
        files: Callable[[], RecordedFiles],
        plan: Callable[[RecordedFiles], JudgingPlan],
    ) -> Project:
        """Return a judgement that holds now: the one that is kept, if it does."""
        kept = self._judged.pop(key, None)
        if kept is None or now.is_outdated(kept.asked, kept.clock):
            kept = self._judge(candidate, now, files(), plan)
        self._judged[key] = kept
        while len(self._judged) > _MOST:
            del self._judged[next(iter(self._judged))]
        return kept

    def _judge(
        self,
        candidate: Candidate,
        now: Snapshot,
        disk: RecordedFiles,
        plan_for: Callable[[RecordedFiles], JudgingPlan],
    ) -> Project:
        check = now.cancellation.check_for(lambda: disk.asked_paths, now.clock)
        plan = None
        try:
            plan = plan_for(disk)
            verdicts = verdicts_on(candidate, plan, disk, check)
        except UnwantedError:
            raise
        except Exception as error:
            self._say(_account(candidate.path, error))
            return Project(candidate, disk, now.clock, plan, [], error, check)
        return Project(candidate, disk, now.clock, plan, verdicts, None, check)


def _account(path: str, error: Exception) -> str:
    import traceback

    lines = traceback.format_exception(error, limit=-8)
    return f"failed to judge {path}, which is a bug in Tightship:\n{''.join(lines)}"
