"""The report for GitLab: a Code Quality artifact.

GitLab documents the members of an entry in "Code Quality report format". The text is
ASCII.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.json import JsonLines
from tightship.report.report import Place, Report, ReportOptions, whole
from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.json import Json
    from tightship.report.report import Summary

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "major", Severity.INFO: "minor"}


class GitlabReport(Report):
    """Writes an array of entries, one for each finding."""

    opening = "["

    def __init__(self, options: ReportOptions) -> None:
        self._entries = JsonLines()
        self._fingerprints: dict[str, int] = {}

    def verdict(self, verdict: Verdict) -> str:
        """Return the entries of a verdict."""
        return "".join(self._entries.add(self._entry(judged)) for judged in verdict.findings)

    def closing(self, summary: Summary) -> str:
        """Return the end of the array."""
        return "\n]\n"

    def _entry(self, judged: JudgedFinding) -> Json:
        place = Place(judged.span)
        return {
            "description": brief(judged.finding.message),
            "check_name": judged.rule.name,
            "fingerprint": self._unique(judged.fingerprint),
            "severity": _SEVERITIES[judged.severity],
            "location": {"path": whole(place.path), "lines": {"begin": place.line}},
        }

    def _unique(self, fingerprint: str) -> str:
        """Return a fingerprint that no other entry has; GitLab would merge them.

        Projects with a file of the same name may have findings with the same one.
        """
        number = self._fingerprints.get(fingerprint, 0) + 1
        self._fingerprints[fingerprint] = number
        return f"{fingerprint}-{number}" if number > 1 else fingerprint
