"""The report for whatever reads what Checkstyle writes: Jenkins, reviewdog, editors.

Checkstyle's ``XMLLogger`` is the pattern: files, and errors in them. The text is ASCII.
"""

from __future__ import annotations

from tightship.report.place import Place
from tightship.report.terminal import brief
from tightship.report.xml_text import DECLARATION, attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Judged, Verdict
    from tightship.report.summary import Summary

_VERSION = "4.3"  # of Checkstyle: readers ask for one


class CheckstyleReport:
    """Writes a ``<file>`` for each file with findings, and an ``<error>`` for each."""

    __slots__ = ()

    def opening(self) -> str:
        """Return what comes before the files."""
        return f"{DECLARATION}<checkstyle{attributes(version=_VERSION)}>\n"

    def verdict(self, verdict: Verdict) -> str:
        """Return the files of a verdict."""
        files: dict[str, list[Judged]] = {}
        for judged in verdict.findings:
            files.setdefault(judged.span.source.name, []).append(judged)
        return "".join(_file(name, findings) for name, findings in files.items())

    def closing(self, tally: Summary) -> str:
        """Return the end of the document."""
        return "</checkstyle>\n"


def _file(name: str, findings: list[Judged]) -> str:
    errors = "".join(_error(judged) for judged in findings)
    return f"  <file{attributes(name=name)}>\n{errors}  </file>\n"


def _error(judged: Judged) -> str:
    place = Place(judged.span)
    words = attributes(
        line=place.line,
        column=place.column,
        severity=judged.severity.word,
        message=brief(judged.finding.message),
        source=f"tightship.{judged.rule.name}",
    )
    return f"    <error{words}/>\n"
