"""The report for GitHub Actions: workflow commands, which become annotations.

How they are written is told in "Workflow commands for GitHub Actions"; what is to be
escaped, in the runner's ``ActionCommand.cs``. How many of them are shown is GitHub's
choice.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.place import Place
from tightship.report.terminal import brief, visible

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Judged, Verdict
    from tightship.report.summary import Summary

_COMMANDS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.INFO: "notice",
}


class GithubReport:
    """Writes ``::error file=…,line=…,title=…::message``, a finding a line.

    Paths are shown from the project's root, which is where GitHub looks for them.
    """

    __slots__ = ()

    def opening(self) -> str:
        """Return what comes first: nothing."""
        return ""

    def verdict(self, verdict: Verdict) -> str:
        """Return the commands for the findings of a verdict."""
        return "".join(_command(judged) for judged in verdict.findings)

    def closing(self, tally: Summary) -> str:
        """Return what comes last: nothing."""
        return ""


def _command(judged: Judged) -> str:
    place, fix = Place(judged.span), judged.finding.fix
    words: dict[str, object] = {
        "file": place.path,
        "line": place.line,
        "endLine": place.end_line,
    }
    if place.line == place.end_line:  # Else GitHub refuses columns.
        words |= {"col": place.column, "endColumn": place.end_column}
    words["title"] = judged.rule.name
    lines = [brief(judged.finding.message)]
    if fix is not None:
        lines.append(f"Fix: {brief(fix.title)}")
        if fix.may_break:
            lines.append(f"May break: {brief(fix.may_break)}")
    properties = ",".join(
        f"{key}={_property(str(word))}" for key, word in words.items()
    )
    return f"::{_COMMANDS[judged.severity]} {properties}::{_data(lines)}\n"


def _data(lines: list[str]) -> str:
    return "%0A".join(line.replace("%", "%25") for line in lines)


def _property(text: str) -> str:
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped.replace(":", "%3A").replace(",", "%2C"))
