"""Reports made ready for the client, in the thread that judges."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from tightship_lsp.diagnostics.convert import (
    Ruler,
    configuration_diagnostic,
    cross_file_diagnostic,
    diagnostic,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lsprotocol import types

    from tightship.engine.verdict import JudgedFinding
    from tightship_lsp.diagnostics.convert import DiagnosticCapabilities
    from tightship_lsp.judging.project import JudgedProject
    from tightship_lsp.judging.report import Report


MOST = 1_000
"""The most diagnostics of a file; VS Code would cut off the rest by itself."""


class ClientDiagnostics:
    """The diagnostics of a file, and an id that changes when they do.

    ``count`` leaves out those that repeat findings of other files.
    """

    def __init__(self, report: Report, encoding: str, can: DiagnosticCapabilities) -> None:
        self.report = report
        ruler = Ruler(encoding)
        self.diagnostics: list[types.Diagnostic] = [
            diagnostic(judged, ruler, can, partial(report.uri_of, project))
            for judged, project in _most_severe(report.found)
        ]
        self.diagnostics += (configuration_diagnostic(one, ruler) for one in report.problems)
        self.count = len(self.diagnostics)
        for other in report.cross_file[: max(0, MOST - self.count)]:
            uri_of = partial(report.uri_of, other.project)
            self.diagnostics.append(
                cross_file_diagnostic(other.judged, other.place, ruler, can, uri_of)
            )
        self._id = ""

    @property
    def id(self) -> str:
        """Return an id that is the same for diagnostics that look the same.

        An editor moves diagnostics as the text is edited. So another version of a
        document has another id, even if all positions are the same.
        """
        if not self._id:
            self._id = _id(self.report.version, self.diagnostics)
        return self._id

    def is_like(self, other: ClientDiagnostics) -> bool:
        """Return whether others look the same to a client."""
        return self.report.version == other.report.version and self.id == other.id


def _most_severe(
    found: list[tuple[JudgedFinding, JudgedProject]],
) -> list[tuple[JudgedFinding, JudgedProject]]:
    """Return the findings to show: no more than anyone could read."""
    if len(found) <= MOST:
        return found
    by_severity = sorted(found, key=lambda pair: -pair[0].severity)
    return by_severity[:MOST]


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
