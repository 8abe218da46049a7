"""The reports with one line for each finding: for editors and ``grep``, and for GitHub Actions.

"Workflow commands for GitHub Actions" documents the syntax of its annotations, and the runner's
``ActionCommand.cs`` what to escape. GitHub limits how many are shown.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.report import Place, Report, ReportOptions, seen_from
from tightship.report.terminal import brief, visible, visible_path
from tightship.report.wording import effect_of, skipped_lines
from tightship.rules.address import address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.report import Summary

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


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


class GithubReport(Report):
    """Writes ``::error file=…,line=…,title=…::message``, a line for each finding.

    Paths are relative to the project's root, where GitHub looks for them.
    """

    def verdict(self, verdict: Verdict) -> str:
        """Return the commands for the findings of a verdict."""
        return "".join(_command(judged) for judged in verdict.findings)


def _command(judged: JudgedFinding) -> str:
    place, fix = Place(judged.span), judged.finding.fix
    properties: dict[str, object] = {
        "file": place.path,
        "line": place.line,
        "endLine": place.end_line,
    }
    if place.line == place.end_line:  # Otherwise GitHub rejects columns.
        properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = judged.rule.name
    lines = [brief(judged.finding.message)]
    if fix is not None:
        lines.append(f"Fix ({effect_of(fix)}): {brief(fix.title)}")
        if fix.may_break:
            lines.append(f"May break: {brief(fix.may_break)}")
    address = address_of(judged.rule)
    if address:
        lines.append(f"See {address}")
    listed = ",".join(f"{key}={_property(it)}" for key, it in properties.items())
    data = "%0A".join(line.replace("%", "%25") for line in lines)
    return f"::{_COMMANDS[judged.severity]} {listed}::{data}\n"


def _property(value: object) -> str:
    escaped = str(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped.replace(":", "%3A").replace(",", "%2C"))
