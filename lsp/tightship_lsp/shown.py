"""Reports made ready for the client, in the thread that judges."""

from __future__ import annotations

from functools import partial
from hashlib import sha256

from tightship_lsp.convert import Ruler, diagnostic

TYPE_CHECKING = False
if TYPE_CHECKING:
    from lsprotocol import types

    from tightship_lsp.convert import Abilities
    from tightship_lsp.session import Report


class Shown:
    """The diagnostics of a file, and an id that changes when they do."""

    __slots__ = ("diagnostics", "id", "report")

    def __init__(self, report: Report, encoding: str, can: Abilities) -> None:
        """Make diagnostics of a report."""
        self.report = report
        ruler = Ruler(encoding)
        self.diagnostics: list[types.Diagnostic] = [
            diagnostic(judged, ruler, can, partial(report.uri_of, project))
            for judged, project in report.found
        ]
        self.id = _id(report)


def _id(report: Report) -> str:
    """Return what is the same for reports that a client cannot tell apart.

    An editor moves what it shows as the text is edited, so that another version of a
    document is another report, even if all is where it was.
    """
    parts = [repr(report.version)]
    for judged, _ in report.found:
        finding = judged.finding
        for span in (judged.span, *(one.span for one in finding.because)):
            place = (*span.source.point(span.start), *span.source.point(span.end))
            parts.append(f"{span.source.name} {place}")
        parts += judged.fingerprint, judged.severity.word, finding.message
        parts += (one.message for one in finding.because)
    text = "\0".join(parts).encode("utf-8", "surrogatepass")
    return sha256(text).hexdigest()[:16]
