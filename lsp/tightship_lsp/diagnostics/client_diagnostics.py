"""Reports made ready for the client, in the thread that judges."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from tightship_lsp.diagnostics.convert import Ruler, complaint, diagnostic, echoed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lsprotocol import types

    from tightship.engine.verdict import Judged
    from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
    from tightship_lsp.judging.project import Project
    from tightship_lsp.judging.report import Report


MOST = 1_000
"""How many diagnostics a file has at most; VS Code would cut off the rest by itself."""


class ClientDiagnostics:
    """The diagnostics of a file, and an id that changes when they do.

    ``count`` is how many there are without those that repeat what other files have.
    """

    __slots__ = ("_id", "count", "diagnostics", "report")

    def __init__(
        self, report: Report, encoding: str, can: DiagnosticCapabilities
    ) -> None:
        self.report = report
        ruler = Ruler(encoding)
        self.diagnostics: list[types.Diagnostic] = [
            diagnostic(judged, ruler, can, partial(report.uri_of, project))
            for judged, project in _most_severe(report.found)
        ]
        self.diagnostics += (complaint(one, ruler) for one in report.problems)
        self.count = len(self.diagnostics)
        for echo in report.cross_file[: max(0, MOST - self.count)]:
            uri_of = partial(report.uri_of, echo.project)
            shown = echoed(echo.judged, echo.place, ruler, can, uri_of)
            self.diagnostics.append(shown)
        self._id = ""

    @property
    def id(self) -> str:
        """Return what is the same for diagnostics that a client cannot tell apart.

        An editor moves what it shows as the text is edited, so that another version of
        a document is another report, even if all is where it was.
        """
        if not self._id:
            self._id = _id(self.report.version, self.diagnostics)
        return self._id

    def is_like(self, other: ClientDiagnostics) -> bool:
        """Tell whether a client cannot tell this from another one."""
        return self.report.version == other.report.version and self.id == other.id


def _most_severe(found: list[tuple[Judged, Project]]) -> list[tuple[Judged, Project]]:
    """Return what to show, which is not all where no one could read it."""
    if len(found) <= MOST:
        return found
    by_grade = sorted(found, key=lambda pair: -pair[0].severity)
    return by_grade[:MOST]


def _id(version: int | None, diagnostics: list[types.Diagnostic]) -> str:
    parts = [str(version)]
    for one in diagnostics:
        parts += str(one.data), str(one.severity), one.message, _words(one.range)
        for related in one.related_information or ():
            place = related.location
            parts += related.message, place.uri, _words(place.range)
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(text).hexdigest()[:16]


def _words(place: types.Range) -> str:
    start, end = place.start, place.end
    return f"{start.line} {start.character} {end.line} {end.character}"
