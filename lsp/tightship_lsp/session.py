"""A session with an editor: open documents, and the findings in them.

It does not know the protocol. Changes come from the thread that talks to the client, and
another thread judges.
"""

from __future__ import annotations

import os
from contextlib import suppress
from itertools import islice
from threading import Lock, RLock

from tightship.engine.disk.root import canonical, project_root, real_path
from tightship_lsp.judging.report import Report
from tightship_lsp.settings import Settings
from tightship_lsp.uri import name_of, path_of, uri_of
from tightship_lsp.workspace.cancellation import Cancellation, OutdatedError
from tightship_lsp.workspace.changes import Changes
from tightship_lsp.workspace.document import Buffer, Document
from tightship_lsp.workspace.snapshot import Snapshot

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.disk.regular import Refusal
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.plan.scope import SkippedFile
    from tightship_lsp.judging.configuration import Configuration
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.judging.projects import Projects
    from tightship_lsp.work.worker import Worker

    Position = tuple[int, int]
    # A text, and the range that it replaces, or None for all.
    Change = tuple[tuple[Position, Position] | None, str]
    Measure = Callable[[str, int], int]


_MOST_LEARNED = 100  # Compose files


class Session:
    """The state of a server between the messages of its client.

    ``encoding`` is the unit of columns for the client. ``log`` gets messages for the
    client's log, and ``show_warning`` those that the user has to see. ``lens_command`` is
    the command of the code lens of a service, or empty. Long work lets more urgent work of
    ``worker`` go first.
    """

    def __init__(
        self,
        log: Callable[[str], None] | None = None,
        show_warning: Callable[[str], None] | None = None,
        worker: Worker | None = None,
    ) -> None:
        self.encoding = "utf-16"
        self.settings = Settings()
        self.watched = False
        self.lens_command = ""
        self._log = log or _ignore
        self._show_warning = show_warning or _ignore
        self._open: dict[str, _OpenDocument] = {}
        self._folders: dict[str, str] = {}
        self.left: list[SkippedFile] = []  # what the last scan has not read
        self._changes = Changes()
        self.cancellation = Cancellation(self._changes, worker)
        self._projects: Projects | None = None
        self._reported: dict[str, int] = {}  # the versions of documents that were judged
        self._choice = self.settings.choice
        self._state = Lock()
        self._judging = RLock()

    # Changes.

    def put(self, uri: str, language: str, version: int, text: str) -> None:
        """Add a document that is opened, or opened again."""
        path = path_of(uri)
        path = None if path is None else canonical(path)
        with self._state:
            document = _OpenDocument(path, name_of(uri), language, version, text)
            self._open[uri] = document
            self._changes.note(path)
            document.changed = self._changes.clock
            self._distrust_disk()

    def change(self, uri: str, version: int, changes: Iterable[Change], measure: Measure) -> bool:
        """Change a document; return whether it is open."""
        with self._state:
            document = self._open.get(uri)
            if document is None:
                return False
            for replaced, text in changes:
                if replaced is None:
                    document.buffer.replace_all(text)
                else:
                    document.buffer.replace(*replaced, text, measure)
            document.version = version
            document.is_unsaved = True
            document.frozen = None
            self._changes.note(document.path)
            document.changed = self._changes.clock
        return True

    def save(self, uri: str) -> None:
        """Note that a document was saved."""
        with self._state:
            document = self._open.get(uri)
            if document is not None:
                document.is_unsaved = False
                document.frozen = None
            self._changes.note(document.path if document else _canonical(uri))
            self._distrust_disk()

    def close(self, uri: str) -> bool:
        """Close a document; return whether it was open."""
        with self._state:
            document = self._open.pop(uri, None)
            self._reported.pop(uri, None)
            if document is not None:
                self._changes.note(document.path)
        return document is not None

    def touch(self, uris: Iterable[str]) -> None:
        """Note that files on the disk were changed, added or removed."""
        with self._state:
            for uri in uris:
                path = _canonical(uri)
                self._changes.note(path)
                # It changes which files are judged.
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
        """Change the settings; verdicts by other rules are outdated."""
        with self._state:
            is_new = settings.choice != self.settings.choice
            self.settings = settings
            if is_new:
                self._changes.forget()

    # State.

    @property
    def clock(self) -> int:
        """Return the number of changes so far."""
        return self._changes.clock

    @property
    def uris(self) -> list[str]:
        """Return the URIs of the open documents, the oldest first."""
        return list(self._open)

    @property
    def recent(self) -> list[str]:
        """Return the URIs of the open documents, the last changed first."""
        with self._state:
            documents = sorted(self._open.items(), key=lambda pair: -pair[1].changed)
        return [uri for uri, _ in documents]

    @property
    def folders(self) -> list[str]:
        """Return the paths of the workspace folders."""
        return list(self._folders.values())

    def document(self, uri: str) -> Document | None:
        """Return an open document as it is now."""
        with self._state:
            document = self._open.get(uri)
            return None if document is None else document.as_document(uri)

    def version(self, uri: str) -> int | None:
        """Return the version of an open document."""
        document = self._open.get(uri)
        return None if document is None else document.version

    def is_behind(self, uri: str) -> bool:
        """Return whether a document was judged, and has changed since then."""
        return self._reported.get(uri) not in (None, self.version(uri))

    def offers(self, feature: str, uri: str) -> bool:
        """Return whether a feature is on for an open document."""
        from tightship_lsp.workspace.language import language  # a part of the linter

        document = self.document(uri)
        return document is not None and self.settings.offers(feature, language(document))

    def uri_of(self, path: str) -> str:
        """Return the URI of a file, in the form that the client uses."""
        for uri, document in list(self._open.items()):
            if document.path == path:
                return uri
        for folder in self.folders:
            real = real_path(folder)
            if real != folder and path.startswith(real + os.sep):
                return uri_of(folder + path[len(real) :])
        return uri_of(path)

    def snapshot(self) -> Snapshot:
        """Return the current state."""
        with self._state:
            documents = [document.as_document(uri) for uri, document in self._open.items()]
            changes = self._changes.copied()
            return Snapshot(documents, self.folders, changes, self.cancellation)

    # Judgements.

    def report(self, uri: str, now: Snapshot | None = None) -> Report | None:
        """Return the report on an open document, from cached verdicts if possible.

        Raises:
            OutdatedError: if a file that it depends on changes meanwhile.

        """
        with self._judging:
            now = now or self.snapshot()
            document = next((one for one in now.documents if one.uri == uri), None)
            if document is None:
                return None
            projects, path = self.projects(), document.path
            problems = projects.problems(document, now)
            own = projects.of(document, now)
            self._reported[uri] = document.version
            return Report(
                *(self.uri_of, uri, path, document.version, own, problems),
                infos=self.settings.infos,
            )

    def scan(self) -> Iterator[Report]:
        """Judge all files below the workspace folders, project by project.

        The reports are about files that are not open. Of several about one file, the
        last is complete.
        """
        known: dict[str, list[JudgedProject]] = {}
        for project, now in self._scanned(self.snapshot()):
            for path in sorted(project.files - now.overlay.keys()):
                projects = known.setdefault(path, [])
                projects.append(project)
                yield Report(
                    *(self.uri_of, self.uri_of(path), path, None, projects),
                    infos=self.settings.infos,
                )

    def _scanned(self, now: Snapshot) -> Iterator[tuple[JudgedProject, Snapshot]]:
        from tightship.engine.disk.regular import Refusal
        from tightship.engine.plan.plan import in_order

        settings = self.projects().configuration.of_workspace(now)
        done, judged = set[tuple[str, ...]](), set[str]()

        def file_sets_left() -> Iterator[FileSet]:
            for one in settings.file_sets():
                if one.paths not in done and now.folder_of(one.paths[0]) is not None:
                    yield one

        def excluded(path: str, is_folder: bool) -> bool:
            # There may be thousands of folders and files before the next candidate.
            self.cancellation.give_way()
            return settings.excluded(path, is_folder)

        found = self._found(now, excluded)
        for candidate in in_order(found, file_sets_left, judged.__contains__):
            if not isinstance(candidate, Refusal):
                project, seen = self._judged(candidate)
                # What an overlay is merged over is a project all the same.
                judged |= project.files - {candidate.path} - project.merged
                done.update(one.paths for one in project.file_sets)
                yield project, seen

    def _found(
        self, now: Snapshot, excluded: Callable[[str, bool], bool]
    ) -> Iterator[Candidate | Refusal]:
        """Yield what a search finds, and then what the texts name that it has seen."""
        from tightship.engine.plan.candidates import COMMANDS, Candidate, find
        from tightship.engine.plan.named import named_in, read_there, unknown
        from tightship.engine.plan.scope import Scope

        scope = Scope()
        found: list[Candidate | Refusal] = []
        named: list[Candidate | SkippedFile] = []

        def take_text(path: str, text: bytes) -> None:
            root = project_root(path, workspace=now.folder_of(path))
            named.extend(named_in(path, text, root, read_there))

        for one in find(self.folders, excluded=excluded, scope=scope, take_text=take_text):
            found.append(one)
            yield one
        yield from unknown(named, found, lambda path: excluded(path, False), scope)
        self.left = []
        for file in scope.left:
            if file.reason == "not-asked-for" and self._asked(file.path, now):
                yield Candidate(file.path, "side", None, COMMANDS)
            else:
                self.left.append(file)

    def _asked(self, path: str, now: Snapshot) -> Sequence[str]:
        """Return the front ends that the settings for a path ask for."""
        with self._judging, suppress(OutdatedError):
            return self.projects().front_ends_of(path, now)
        return ()

    def _judged(self, candidate: Candidate) -> tuple[JudgedProject, Snapshot]:
        """Judge a candidate as it is now; begin again if it changes meanwhile."""
        while True:
            now = self.snapshot()
            with self._judging, suppress(OutdatedError):
                return self.projects().project(candidate, now, is_scan=True), now

    def projects(self) -> Projects:
        """Return the projects, judged by the current settings."""
        with self._judging:
            settings, projects = self.settings, self._projects
            # Settings may change meanwhile; then the next call gets the new ones.
            if projects is None or self._choice != settings.choice:
                from tightship_lsp.judging.projects import Projects

                projects = Projects(self._configuration(settings), self._log)
                self._projects, self._choice = projects, settings.choice
            return projects

    def invocations(self) -> frozenset[tuple[str, ...]]:
        """Return the invocations of Compose that judgements have found; nothing is judged."""
        return self._projects.invocations() if self._projects is not None else frozenset()

    def warm(self) -> None:
        """Load the modules that the first judgement needs."""
        from tightship_lsp.judging.warm_up import EXAMPLES

        projects, now = self.projects(), self.snapshot()
        for document in EXAMPLES:
            projects.of(document, now)

    def learn(self, files: Iterable[str]) -> None:
        """Decide the roles of Compose files, for which the repository is read, and keep them.

        Most of what is read is the same for each of them. A change ends this: what an opened
        file needs is then learned for it.
        """
        with self._judging, suppress(OutdatedError):
            self.projects().learn(islice(files, _MOST_LEARNED), self.snapshot())

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
        return Configuration(
            *(plain, *words),
            trusted=settings.trusted,
            log=self._log,
            show_warning=self._show_warning,
        )

    def _distrust_disk(self) -> None:
        """Make all verdicts outdated, if no client watches the disk."""
        if not self.watched:
            self._changes.forget()


class _OpenDocument:
    """An open document, which changes."""

    def __init__(self, path: str | None, name: str, language: str, version: int, text: str) -> None:
        self.path = path
        self.name = name
        self.language = language
        self.version = version
        self.buffer = Buffer(text)
        self.changed = 0  # when, by the session's clock
        self.is_unsaved = False
        self.frozen: Document | None = None

    def as_document(self, uri: str) -> Document:
        if self.frozen is None:
            self.frozen = Document(
                *(uri, self.path, self.name, self.language),
                *(self.version, self.buffer.text),
                is_unsaved=self.is_unsaved,
            )
        return self.frozen


def _ignore(message: str) -> None:
    del message


def _canonical(uri: str) -> str | None:
    path = path_of(uri)
    return None if path is None else canonical(path)
