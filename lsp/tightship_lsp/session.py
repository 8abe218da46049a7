"""A session with an editor: what is open, and what is found in it.

Nothing here speaks the protocol. Changes come from the thread that talks to the client,
and judgements are made in another one.
"""

from __future__ import annotations

import os
from contextlib import suppress
from threading import Lock, RLock

from tightship.engine.disk.root import canonical
from tightship_lsp.judging.report import Report
from tightship_lsp.settings import Settings
from tightship_lsp.uri import name_of, path_of, uri_of
from tightship_lsp.workspace.cancellation import Cancellation, OutdatedError
from tightship_lsp.workspace.changes import Changes
from tightship_lsp.workspace.document import Buffer, Document
from tightship_lsp.workspace.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.verdict import Judged, Verdict
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.judging.project import Project
    from tightship_lsp.judging.projects import Projects
    from tightship_lsp.work.worker import Worker

    Position = tuple[int, int]
    # A text, and what it replaces; None: everything.
    Change = tuple[tuple[Position, Position] | None, str]
    Measure = Callable[[str, int], int]


class Session:
    """The state of a server between its client's messages.

    ``encoding`` is what the client counts columns in. ``say`` is told, in sentences,
    what a user may want to know of failures, and ``warn`` what he has to. ``worker`` is
    what long work gives way to.
    """

    def __init__(
        self,
        say: Callable[[str], None] | None = None,
        warn: Callable[[str], None] | None = None,
        worker: Worker | None = None,
    ) -> None:
        self.encoding = "utf-16"
        self.settings = Settings()
        self.watched = False
        self._say = say or _silent
        self._warn = warn or _silent
        self._open: dict[str, _Open] = {}
        self._folders: dict[str, str] = {}
        self._changes = Changes()
        self.cancellation = Cancellation(self._changes, worker)
        self._projects: Projects | None = None
        self._words = self.settings.words
        self._state = Lock()
        self._judging = RLock()

    # Changes.

    def put(self, uri: str, language: str, version: int, text: str) -> None:
        """Take a document that is opened, or opened again."""
        path = path_of(uri)
        path = None if path is None else canonical(path)
        with self._state:
            held = _Open(path, name_of(uri), language, version, text)
            self._open[uri] = held
            self._changes.note(path)
            held.changed = self._changes.clock
            self._distrust_disk()

    def change(
        self, uri: str, version: int, changes: Iterable[Change], measure: Measure
    ) -> bool:
        """Change a document; tell whether it is open."""
        with self._state:
            held = self._open.get(uri)
            if held is None:
                return False
            for place, text in changes:
                if place is None:
                    held.buffer.replace_all(text)
                else:
                    held.buffer.replace(*place, text, measure)
            held.version = version
            held.document = None
            self._changes.note(held.path)
            held.changed = self._changes.clock
        return True

    def save(self, uri: str) -> None:
        """Take note that the disk may have what a document has."""
        with self._state:
            held = self._open.get(uri)
            self._changes.note(held.path if held else _canonical(uri))
            self._distrust_disk()

    def close(self, uri: str) -> bool:
        """Close a document; tell whether it was open."""
        with self._state:
            held = self._open.pop(uri, None)
            if held is not None:
                self._changes.note(held.path)
        return held is not None

    def touch(self, uris: Iterable[str]) -> None:
        """Take note that files have changed on the disk, have come or have gone."""
        with self._state:
            for uri in uris:
                path = _canonical(uri)
                self._changes.note(path)
                # What is left out changes what is said of files that are not named.
                if path is not None and os.path.basename(path) == ".gitignore":
                    self._changes.forget()

    def add_folders(self, uris: Iterable[str]) -> None:
        """Add workspace folders."""
        with self._state:
            for uri in uris:
                path = path_of(uri)
                if path is not None:
                    self._folders[uri] = path
            self._changes.forget()

    def remove_folders(self, uris: Iterable[str]) -> None:
        """Remove workspace folders."""
        with self._state:
            for uri in uris:
                self._folders.pop(uri, None)
            self._changes.forget()

    def configure(self, settings: Settings) -> None:
        """Take settings; what was judged by others does not count any more."""
        with self._state:
            is_new = settings.words != self.settings.words
            self.settings = settings
            if is_new:
                self._changes.forget()

    # What is there.

    @property
    def clock(self) -> int:
        """Return what grows with each change."""
        return self._changes.clock

    @property
    def uris(self) -> list[str]:
        """Return the URIs of the open documents, the oldest first."""
        return list(self._open)

    @property
    def recent(self) -> list[str]:
        """Return the URIs of the open documents, the one that changed last first."""
        with self._state:
            held = sorted(self._open.items(), key=lambda pair: -pair[1].changed)
        return [uri for uri, _ in held]

    @property
    def folders(self) -> list[str]:
        """Return the paths of the workspace folders."""
        return list(self._folders.values())

    def document(self, uri: str) -> Document | None:
        """Return an open document as it is now."""
        with self._state:
            held = self._open.get(uri)
            return None if held is None else held.as_document(uri)

    def version(self, uri: str) -> int | None:
        """Return the version of an open document."""
        held = self._open.get(uri)
        return None if held is None else held.version

    def uri_of(self, path: str) -> str:
        """Return the URI by which the client knows a file, if it does."""
        for uri, held in list(self._open.items()):
            if held.path == path:
                return uri
        for folder in self.folders:
            real = os.path.realpath(folder)
            if real != folder and path.startswith(real + os.sep):
                return uri_of(folder + path[len(real) :])
        return uri_of(path)

    def snapshot(self) -> Snapshot:
        """Return what is known now."""
        with self._state:
            documents = [held.as_document(uri) for uri, held in self._open.items()]
            changes = self._changes.copied()
            return Snapshot(documents, self.folders, changes, self.cancellation)

    # Judgements.

    def report(self, uri: str, now: Snapshot | None = None) -> Report | None:
        """Judge an open document as it is now, or as far as it has changed.

        Raises:
            OutdatedError: if what it depends on changes meanwhile.

        """
        with self._judging:
            now = now or self.snapshot()
            document = next((one for one in now.documents if one.uri == uri), None)
            if document is None:
                return None
            judges, path = self.projects(), document.path
            problems = judges.problems(document, now)
            found = judges.of(document, now)
            return Report(self.uri_of, uri, path, document.version, found, problems)

    def scan(self) -> Iterator[Report]:
        """Judge all that is below the workspace folders, project by project.

        The reports are on files that are not open. There may be several on one, of
        which the last holds what those before it had.
        """
        known: dict[str, list[Project]] = {}
        for project, now in self._sweep(self.snapshot()):
            for path in sorted(project.files - now.overlay.keys()):
                projects = known.setdefault(path, [])
                projects.append(project)
                yield Report(self.uri_of, self.uri_of(path), path, None, projects)

    def _sweep(self, now: Snapshot) -> Iterator[tuple[Project, Snapshot]]:
        from tightship.engine.disk.regular import Refusal
        from tightship.engine.plan.candidates import find
        from tightship.engine.plan.plan import in_order

        sweep = self.projects().configuration.sweep(now)
        sets, judged = set[tuple[str, ...]](), set[str]()

        def sets_left() -> Iterator[FileSet]:
            for put in sweep.sets():
                if put.paths not in sets and now.folder_of(put.paths[0]) is not None:
                    yield put

        found = find(self.folders, excluded=sweep.excluded)
        for candidate in in_order(found, sets_left, judged.__contains__):
            if not isinstance(candidate, Refusal):
                project, seen = self._judged(candidate)
                judged |= project.files - {candidate.path}
                sets.update(project.sets)
                yield project, seen

    def _judged(self, found: Candidate) -> tuple[Project, Snapshot]:
        """Judge what a file stands for as it is now, however often that changes."""
        while True:
            now = self.snapshot()
            with self._judging, suppress(OutdatedError):
                return self.projects().project(found, now), now

    def judge(self, uri: str) -> dict[str, list[Judged]]:
        """Return all that is found in the projects of a document, by URI."""
        report = self.report(uri)
        found: dict[str, list[Judged]] = {}
        for project in report.projects if report is not None else ():
            for verdict in project.verdicts:
                for judged in verdict.findings:
                    assert report is not None
                    place = report.uri_of(project, judged.span.source)
                    found.setdefault(place, []).append(judged)
        return found

    def findings(self, uri: str) -> list[Judged]:
        """Return what is found in an open document, in the order of the text."""
        report = self.report(uri)
        return report.findings if report is not None else []

    def verdicts(self, uri: str) -> list[Verdict]:
        """Return the verdicts on the projects that an open document is part of."""
        report = self.report(uri)
        return report.verdicts if report is not None else []

    def projects(self) -> Projects:
        """Return what judges, by the settings as they are."""
        with self._judging:
            settings, projects = self.settings, self._projects
            # New settings may come while this is made, and the next to ask gets theirs.
            if projects is None or self._words != settings.words:
                from tightship_lsp.judging.projects import Projects

                projects = Projects(self._configuration(settings), self._say)
                self._projects, self._words = projects, settings.words
            return projects

    def warm(self) -> None:
        """Load what the first judgement would have to wait for."""
        from tightship_lsp.judging.warm import EXAMPLES

        projects, now = self.projects(), self.snapshot()
        for document in EXAMPLES:
            projects.of(document, now)

    def _configuration(self, settings: Settings) -> Configuration:
        from tightship.engine.rule_runner import RuleRunner
        from tightship.engine.settings.selection import Selection, UnknownWordError
        from tightship_lsp.judging.configuration import Configuration

        words = settings.words
        try:
            plain = RuleRunner(Selection(*words))
        except UnknownWordError as error:
            settings.problems.append(f"{error}; the default rules are used")
            words = (), ()
            plain = RuleRunner(Selection())
        return Configuration(plain, *words, say=self._say, warn=self._warn)

    def _distrust_disk(self) -> None:
        """Judge anew what was read from a disk that nobody watches for us."""
        if not self.watched:
            self._changes.forget()


class _Open:
    """An open document, which changes."""

    __slots__ = (
        "buffer",
        "changed",
        "document",
        "language",
        "name",
        "path",
        "version",
    )

    def __init__(
        self, path: str | None, name: str, language: str, version: int, text: str
    ) -> None:
        self.path = path
        self.name = name
        self.language = language
        self.version = version
        self.buffer = Buffer(text)
        self.changed = 0  # when, by the session's clock
        self.document: Document | None = None

    def as_document(self, uri: str) -> Document:
        if self.document is None:
            self.document = Document(
                uri, self.path, self.name, self.language, self.version, self.buffer.text
            )
        return self.document


def _silent(message: str) -> None:
    del message


def _canonical(uri: str) -> str | None:
    path = path_of(uri)
    return None if path is None else canonical(path)
