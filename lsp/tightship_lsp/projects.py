"""The projects that open documents are part of, each judged when it has to be.

A document stands for the projects that a run over its work tree would find it in, with
what is open standing over the disk, whether it has been saved yet or not.
"""

from __future__ import annotations

import os

from tightship.compose.loading.invocation import MAIN_NAMES
from tightship.engine.discovery import Found, language_of
from tightship.engine.files import Files, Refusal
from tightship.engine.root import project_root

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self, TypeAlias

    from tightship.engine.inspect import Inspection
    from tightship.engine.judge import Bench
    from tightship.engine.verdict import Verdict
    from tightship.text import Source
    from tightship_lsp.document import Document
    from tightship_lsp.snapshot import Snapshot

    Key: TypeAlias = tuple[str, str, str, str | None]

_MOST = 64  # projects that are kept

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


class Project:
    """A project, and the verdicts on it.

    ``asked`` holds the absolute paths that the judgement depends on, those of files
    that are not there among them. ``error`` is what went wrong, if the linter failed.
    """

    __slots__ = (
        "_found",
        "_inspection",
        "_places",
        "_real",
        "asked",
        "clock",
        "error",
        "files",
        "path",
        "verdicts",
    )

    def __init__(self, found: Found, files: Recorded, clock: int) -> None:
        """Start a judgement with what is known at some time."""
        self.path = found.path
        self._found = found
        self._inspection: Inspection | None = None
        self.clock = clock
        self.verdicts: list[Verdict] = []
        self.error: Exception | None = None
        self.asked: frozenset[str] = frozenset()
        self.files: frozenset[str] = frozenset()
        self._real = files
        self._places: dict[str, str] = {}

    def judged(self, verdicts: list[Verdict], error: Exception | None) -> Project:
        """Hold what came of it."""
        self.verdicts = verdicts
        self.error = error
        self.asked = frozenset((self.path, *map(self._real.path, self._real.asked)))
        names = {
            name
            for verdict in verdicts
            for name in (
                *(source.name for source in verdict.sources),
                *verdict.builders,
                *(one.span.source.name for one in verdict.findings),
            )
        }
        self._places = {name: self._real.real_path(name) for name in names}
        self.files = frozenset(self._places.values())
        return self

    def place(self, source: Source) -> str:
        """Return the absolute path of a file that a finding points into."""
        place = self._places.get(source.name)
        return self._real.real_path(source.name) if place is None else place

    @property
    def disk(self) -> Files:
        """Return the files as they were judged."""
        return self._real

    @property
    def is_compose(self) -> bool:
        """Tell whether it is more than a Dockerfile by itself."""
        return self._found.language != "dockerfile"

    @property
    def inspection(self) -> Inspection:
        """Return what can be asked about it, which is put together when it is."""
        if self._inspection is None:
            from tightship.engine.inspect import Inspection

            self._inspection = Inspection(self._real, self._found)
        return self._inspection

    def judge_again(self, now: Files, bench: Bench) -> list[Verdict]:
        """Judge it by other rules, with the texts that others have over its files."""
        from tightship.engine.compose import check_compose
        from tightship.engine.dockerfile import check_dockerfile

        files = self._real if now is self._real else self._real.below(now)
        check = check_compose if self.is_compose else check_dockerfile
        return list(check(files, self._found, bench))

    def builds(self, path: str) -> bool:
        """Tell whether one of its services builds a Dockerfile."""
        return any(
            self._places[name] == path
            for verdict in self.verdicts
            for name in verdict.builders
        )


class Recorded(Files):
    """Files that tell which of them were asked for."""

    __slots__ = ("_reals", "asked")

    def __init__(self, root: str, overlay: dict[str, str | bytes]) -> None:
        """Read below ``root``, with ``overlay`` over the disk."""
        super().__init__(root, overlay)
        self.asked: set[str] = set()
        self._reals: dict[str, str] = {}

    def exists(self, path: str) -> bool:
        """Tell whether there is something to read."""
        self._note(path)
        return super().exists(path)

    def read(self, path: str) -> Source | Refusal:
        """Return a file's text, or why it is not to be had."""
        self._note(path)
        return super().read(path)

    def below(self, now: Files) -> Self:
        """Return the same files, with the texts that others have over them."""
        return type(self)(self.root, {**self._overlay, **now._overlay})

    def real_path(self, name: str) -> str:
        """Return the absolute path that a name leads to, as far as it was followed."""
        return self.path(self._reals.get(name, name))

    def _note(self, path: str) -> None:
        name = self.name(path)
        if name is not None:
            self.asked.add(name)

    def _real(self, name: str) -> str:
        real = super()._real(name)
        if real != name:
            self.asked.add(real)
            self._reals[name] = real
        return real


class Unsaved(Recorded):
    """A document that is no file: there is nothing beside it."""

    __slots__ = ()

    def exists(self, path: str) -> bool:
        """Tell whether it is the document."""
        return self.name(path) in self._overlay

    def read(self, path: str) -> Source | Refusal:
        """Return the document's text; nothing else is to be had."""
        if self.exists(path):
            return super().read(path)
        return Refusal(self.name(path) or path, "missing", "does not exist")


class Projects:
    """Judges projects, and keeps the judgements as long as they hold."""

    __slots__ = ("_judged", "_say", "bench")

    def __init__(self, bench: Bench, say: Callable[[str], None]) -> None:
        """Judge with some rules; ``say`` is told what went wrong."""
        self.bench = bench
        self._say = say
        self._judged: dict[Key, Project] = {}

    def of(self, document: Document, now: Snapshot) -> list[Project]:
        """Return the projects that a document is part of."""
        path = document.path
        if path is None:
            return [self._unsaved(document, now)] if language(document) else []
        found = {id(one): one for one in self._own(document, now)}
        for other in now.documents:
            if other.path not in (None, path) and language(other) == "compose":
                for project in self._own(other, now):
                    if path in project.files:
                        found.setdefault(id(project), project)
        if not found and language(document) == "dockerfile":
            return [self.project(Found(path, "named", None, "dockerfile"), now)]
        return list(found.values())

    def _own(self, document: Document, now: Snapshot) -> list[Project]:
        """Return the projects that a document stands for without any other open."""
        path, kind = document.path, language(document)
        if path is None:
            return []
        mains = list(_mains(path, now))
        above = (self.project(Found(m, "main", m, "compose"), now) for m in mains)
        if kind == "dockerfile":
            return [project for project in above if project.builds(path)]
        if kind is None:  # what a project includes, or takes variables from
            return [project for project in above if path in project.files]
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

        def judge(files: Files) -> Iterator[Verdict]:
            from tightship.engine.compose import check_compose
            from tightship.engine.dockerfile import check_dockerfile

            alone = found.language == "dockerfile"
            check = check_dockerfile if alone else check_compose
            return check(files, found, self.bench)

        def files() -> Recorded:
            root = project_root(found.path, workspace=now.folder_of(found.path))
            return Recorded(root, now.overlay)

        key = (str(found.language), found.kind, found.path, found.project)
        return self._project(key, found, now, files, judge)

    def _unsaved(self, document: Document, now: Snapshot) -> Project:
        path = os.path.join(os.path.abspath(os.sep), document.name)
        kind = language(document)
        found = Found(path, "named", None, kind)

        def judge(files: Files) -> Iterator[Verdict]:
            from tightship.engine.compose import check_compose
            from tightship.engine.dockerfile import check_dockerfile

            check = check_dockerfile if kind == "dockerfile" else check_compose
            for verdict in check(files, found, self.bench):
                # What it names may well be where it will be saved.
                verdict.findings = [
                    one for one in verdict.findings if one.rule.name != "not-checked"
                ]
                yield verdict

        def files() -> Recorded:
            return Unsaved(os.path.dirname(path), {path: document.text})

        key = ("unsaved", str(kind), document.uri, str(document.version))
        return self._project(key, found, now, files, judge)

    def _project(
        self,
        key: Key,
        found: Found,
        now: Snapshot,
        files: Callable[[], Recorded],
        judge: Callable[[Files], Iterator[Verdict]],
    ) -> Project:
        """Return a judgement that holds now, the one that is kept if it does."""
        kept = self._judged.pop(key, None)
        if kept is None or now.is_outdated(kept.asked, kept.clock):
            disk = files()
            kept = Project(found, disk, now.clock)
            try:
                kept.judged(list(judge(disk)), None)
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
