"""The report in the format of Checkstyle, for Jenkins, reviewdog and editors.

It follows Checkstyle's ``XMLLogger``: files, and errors in them. The text is ASCII.
"""

from __future__ import annotations

from tightship.report.place import Place
from tightship.report.report import Report, by_file
from tightship.report.terminal import brief
from tightship.report.xml_text import DECLARATION, attributes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.report import Summary

_VERSION = "4.3"  # of Checkstyle: readers require one


class CheckstyleReport(Report):
    """Writes a ``<file>`` for each file with findings, and an ``<error>`` for each."""

    opening = f"{DECLARATION}<checkstyle{attributes(version=_VERSION)}>\n"

    def verdict(self, verdict: Verdict) -> str:
        """Return the files of a verdict."""
        files = by_file(verdict.findings).items()
        return "".join(_file(name, findings) for name, findings in files)

    def closing(self, summary: Summary) -> str:
        """Return the end of the document."""
        return "</checkstyle>\n"


def _file(name: str, findings: list[JudgedFinding]) -> str:
    errors = "".join(_error(judged) for judged in findings)
    return f"  <file{attributes(name=name)}>\n{errors}  </file>\n"


def _error(judged: JudgedFinding) -> str:
    place = Place(judged.span)
    values = attributes(
        line=place.line,
        column=place.column,
        severity=judged.severity.word,
        message=brief(judged.finding.message),
        source=f"tightship.{judged.rule.name}",
    )
    return f"    <error{values}/>\n"
