"""The report for GitLab: a Code Quality artifact.

GitLab's documentation names the members of an entry: "Code Quality report format". The
text is ASCII.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.json import encoder
from tightship.report.place import Place, whole
from tightship.report.terminal import brief

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Judged, Verdict
    from tightship.report.summary import Summary

_GRADES = {
    Severity.ERROR: "critical",
    Severity.WARNING: "major",
    Severity.INFO: "minor",
}


class GitlabReport:
    """Writes an array of entries, one for each finding."""

    __slots__ = ("_between", "_encode", "_given")

    def __init__(self) -> None:
        self._encode = encoder()
        self._between = "\n"
        self._given = dict[str, int]()

    def opening(self) -> str:
        """Return what comes before the entries."""
        return "["

    def verdict(self, verdict: Verdict) -> str:
        """Return the entries of a verdict."""
        pieces = list[str]()
        for judged in verdict.findings:
            place = Place(judged.span)
            entry = self._encode(
                {
                    "description": brief(judged.finding.message),
                    "check_name": judged.rule.name,
                    "fingerprint": self._fingerprint(judged),
                    "severity": _GRADES[judged.severity],
                    "location": {
                        "path": whole(place.path),
                        "lines": {"begin": place.line},
                    },
                }
            )
            pieces += self._between, entry
            self._between = ",\n"
        return "".join(pieces)

    def closing(self, tally: Summary) -> str:
        """Return the end of the array."""
        return "\n]\n"

    def _fingerprint(self, judged: Judged) -> str:
        """Return what no other entry has, or GitLab would take two for one.

        Two projects with a file of the same name may have findings that are alike.
        """
        mark = judged.fingerprint
        before = self._given.get(mark, 0)
        self._given[mark] = before + 1
        return f"{mark}-{before + 1}" if before else mark
