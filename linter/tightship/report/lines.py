"""The report with one line for each finding: for editors and ``grep``."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.report import Place, Report, ReportOptions, seen_from
from tightship.report.terminal import brief, visible_path
from tightship.report.wording import skipped_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.report import Summary


class ConciseReport(Report):
    """Writes ``path:line:column: severity: message [rule]``, as compilers do.

    Line breaks in a path or a message are escaped. With all details, it ends in the files that
    were not checked.
    """

    def __init__(self, options: ReportOptions) -> None:
        self._here = options.here
        self._infos = options.infos

    def verdict(self, verdict: Verdict) -> str:
        """Return the lines of a verdict."""
        return "".join(
            self._line(judged, verdict.root)
            for judged in verdict.findings
            if self._infos != "none" or judged.severity > Severity.INFO or verdict.fails(judged)
        )

    def closing(self, summary: Summary) -> str:
        """Return a line for each file that was seen and not judged, if these are asked for."""
        if self._infos != "full":
            return ""
        lines = skipped_lines(summary.scope.left, self._here, is_whole=True)
        return "".join(f"{line}\n" for line in lines)

    def _line(self, judged: JudgedFinding, root: str) -> str:
        place = Place(judged.span)
        path = visible_path(seen_from(self._here, root, place.path))
        return (
            f"{place.seen_as(path)}: {judged.severity.word}:"
            f" {brief(judged.finding.message)} [{judged.rule.name}]\n"
        )
