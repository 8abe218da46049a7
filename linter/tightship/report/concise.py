"""The report for editors and ``grep``: one line for each finding, and no more."""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.place import Place, seen_from
from tightship.report.terminal import brief, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Judged, Verdict
    from tightship.report.summary import Summary


class ConciseReport:
    """Writes ``path:line:column: severity: message [rule]``, as compilers do.

    Whatever a path or a message holds, it stays on its line.
    """

    __slots__ = ("_here", "_infos")

    def __init__(self, *, here: str = "", infos: bool = True) -> None:
        """Choose from which folder paths are shown, and whether infos are.

        Infos that make a run fail are shown in any case.
        """
        self._here = here
        self._infos = infos

    def opening(self) -> str:
        """Return what comes first: nothing."""
        return ""

    def verdict(self, verdict: Verdict) -> str:
        """Return the lines of a verdict."""
        return "".join(
            self._line(judged, verdict.root)
            for judged in verdict.findings
            if self._infos or judged.severity > Severity.INFO or verdict.fails(judged)
        )

    def closing(self, tally: Summary) -> str:
        """Return what comes last: nothing."""
        return ""

    def _line(self, judged: Judged, root: str) -> str:
        place = Place(judged.span)
        path = visible(seen_from(self._here, root, place.path))
        return (
            f"{path}:{place.line}:{place.column}: {judged.severity.word}:"
            f" {brief(judged.finding.message)} [{judged.rule.name}]\n"
        )
