"""Questions about symbols, which are answered while projects are judged.

They have a thread of their own. It reads texts and makes the index of their symbols; it never
waits for rules.
"""

from __future__ import annotations

from lsprotocol import types
from pygls.exceptions import JsonRpcContentModified, JsonRpcException

from tightship.lazy import lazy_property
from tightship_lsp.diagnostics.convert import Ruler, offset
from tightship_lsp.symbols.outline import RenameError
from tightship_lsp.work.worker import Priority, Worker
from tightship_lsp.workspace.cancellation import OutdatedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol, TypeVar

    from tightship_lsp.indexing.project import IndexedProject
    from tightship_lsp.indexing.projects import IndexedProjects
    from tightship_lsp.session import Session
    from tightship_lsp.symbols.index import Placed
    from tightship_lsp.symbols.outline import Outline
    from tightship_lsp.workspace.document import Document
    from tightship_lsp.workspace.snapshot import Snapshot

    T = TypeVar("T")

    class Log(Protocol):
        """What gets errors that are bugs."""

        def failed(self, error: Exception) -> None:
            """Log an error that is a bug."""


class View:
    """A document at one moment, and the projects that it belongs to.

    ``give_way`` ends a query that is cancelled.
    """

    def __init__(
        self,
        session: Session,
        document: Document,
        now: Snapshot,
        indexed: IndexedProjects,
        give_way: Callable[[], None],
    ) -> None:
        self.session = session
        self.document = document
        self.now = now
        self.indexed = indexed
        self.ruler = Ruler(session.encoding)
        self.give_way = give_way
        self._sharing: dict[str, list[IndexedProject]] = {}

    @lazy_property
    def projects(self) -> list[IndexedProject]:
        """Return the projects that the document belongs to; not every query needs them."""
        return self.indexed.of(self.document, self.now)

    @property
    def path(self) -> str:
        """Return what the projects call the document."""
        return self.document.path or "".join(one.path for one in self.projects)

    @property
    def is_dockerfile(self) -> bool:
        """Return whether the document is a Dockerfile."""
        from tightship_lsp.workspace.language import language

        return language(self.document) == "dockerfile"

    @property
    def outline(self) -> Outline | None:
        """Return the outline of the document."""
        for project in self.projects:
            member = project.members.by_path.get(self.path)
            if member is not None:
                return member.outline
        return None

    def sharing(self, path: str) -> list[IndexedProject]:
        """Return the projects that a file belongs to."""
        if self.document.path is None:
            return self.projects
        if path not in self._sharing:
            found = self.indexed.holding(path, self.now)
            self._sharing[path] = found or (self.projects if path == self.path else [])
        return self._sharing[path]

    def offset(self, position: types.Position) -> int:
        """Return the offset of a position in the document."""
        return offset(self.document, position, self.session.encoding)

    def uri(self, path: str) -> str:
        """Return the URI of a file of the projects."""
        return self.document.uri if path == self.path else self.session.uri_of(path)

    def range_of(self, one: Placed) -> types.Range:
        """Return the range of an occurrence."""
        return self.ruler.range_of(one.occurrence.span)


class Queries:
    """Answers questions about documents as they are now; an error leaves no answer."""

    def __init__(self, session: Session, log: Log) -> None:
        self.session = session
        self.worker = Worker("tightship-symbols")
        self._log = log
        self._indexed: IndexedProjects | None = None

    @property
    def indexed(self) -> IndexedProjects:
        """Return the projects of the workspace, for use in the thread of the queries."""
        if self._indexed is None:
            # This loads a part of the linter.
            from tightship_lsp.indexing.projects import IndexedProjects

            self._indexed = IndexedProjects(self.worker.give_way, self.session.invocations)
        return self._indexed

    def ruler(self) -> Ruler:
        """Return what measures places for the client."""
        return Ruler(self.session.encoding)

    async def warm(self) -> list[str]:
        """Load what answers, and read the files of the workspace, before anyone asks.

        Return the paths of the Compose files.
        """

        def job() -> list[str]:
            from tightship_lsp.features.completion import compose, dockerfile

            found = self.indexed.all(self.session.snapshot())
            compose.warm()
            dockerfile.instructions()
            return [one.path for one in found]

        return await self.run(job, Priority.SCAN) or []

    async def answer(self, uri: str, query: Callable[[View], T]) -> T | None:
        """Return the answer about an open document.

        Raises:
            JsonRpcContentModified: if the document changes before there is an answer.

        """
        version = self.session.version(uri)

        def job() -> T | None:
            now = self.session.snapshot()
            document = next((one for one in now.documents if one.uri == uri), None)
            if document is None:
                return None
            if document.version != version:
                raise OutdatedError
            give_way = self.worker.give_way
            return query(View(self.session, document, now, self.indexed, give_way))

        answer = await self.run(job, Priority.REQUEST)
        if self.session.version(uri) != version:  # it has changed meanwhile
            raise outdated()
        return answer

    async def answer_if(self, feature: str, uri: str, query: Callable[[View], T]) -> T | None:
        """Return the answer about an open document, if a feature is on in its language."""
        return await self.answer(
            uri, lambda view: query(view) if self.session.offers(feature, uri) else None
        )

    async def run(self, job: Callable[[], T], priority: Priority) -> T | None:
        """Do a job in the thread of the queries."""
        try:
            return await self.worker.run(job, priority)
        except OutdatedError:
            raise outdated() from None
        except RenameError as error:
            raise JsonRpcException(str(error), types.LSPErrorCodes.RequestFailed) from None
        except Exception as error:
            self._log.failed(error)
            return None


def outdated() -> JsonRpcContentModified:
    """Return what a request gets whose document has changed before there was an answer."""
    return JsonRpcContentModified("the document has changed")
