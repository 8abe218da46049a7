"""Annotations of GitHub Actions: each cause once, as many as GitHub shows.

"Workflow commands for GitHub Actions" documents the syntax of annotations, and the runner's
``ActionCommand.cs`` what to escape.
"""

from __future__ import annotations

from tightship.findings import Severity
from tightship.report.blocks import add, by_number, weight_of
from tightship.report.groups import grouped
from tightship.report.report import Place, Report, ReportOptions
from tightship.report.terminal import brief, visible
from tightship.report.wording import counted, effect_of, listed
from tightship.rules.address import address_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.verdict import JudgedFinding, Verdict
    from tightship.report.groups import Group
    from tightship.report.report import Summary

_SHOWN = 10  # of a step, for each severity: "Limitations" of problem matchers
_ALL = "`tightship check -v` shows them all."
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


class GithubReport(Report):
    """Writes ``::error file=…,line=…,title=…::message``, a line for each cause, errors first.

    Paths are relative to the project's root, where GitHub looks for them. It shows the first
    ten of a severity in a step; the last of more says what they are and where.
    """

    def __init__(self, options: ReportOptions) -> None:
        super().__init__(options)
        self._findings: list[JudgedFinding] = []

    def verdict(self, verdict: Verdict) -> str:
        """Collect the findings of a verdict: a later one may have errors, or the same cause."""
        self._findings += verdict.findings
        return ""

    def pending(self) -> str:
        """Return the commands for the findings so far."""
        groups: dict[Severity, list[Group]] = {one: [] for one in _COMMANDS}
        for group in grouped(self._findings, "cause"):
            groups[group.first.severity].append(group)
        self._findings = []
        return "".join(line for of_one in groups.values() for line in _level(of_one))

    def closing(self, summary: Summary) -> str:
        """Return the commands for all findings."""
        return self.pending()


def _level(groups: list[Group]) -> Iterator[str]:
    """Yield the commands for the findings of a severity, the heaviest first."""
    groups.sort(key=lambda group: (weight_of(group.first), -len(group.findings)))
    shown = len(groups) if len(groups) <= _SHOWN else _SHOWN - 1
    for group in groups[:shown]:
        first, *others = group.findings
        yield _command(first, first.rule.name, _about(first, others))
    left = [one for group in groups[shown:] for one in group.findings]
    if left:
        rules: dict[str, int] = {}
        for one in left:
            add(rules, {one.rule.name: 1})
        files = [*dict.fromkeys(Place(one.span).path for one in left)]
        more = counted(len(left), f"more {left[0].severity.word}")
        lines = [f"{more}: {by_number(rules)}", f"They are in {listed(files)}.", _ALL]
        yield _command(left[0], more, lines)


def _about(first: JudgedFinding, others: list[JudgedFinding]) -> Iterator[str]:
    """Yield the lines about a finding, and about others with its cause."""
    fix, address = first.finding.fix, address_of(first.rule)
    yield first.finding.message
    if others:
        yield f"Also at {listed([_line_of(one) for one in others])}"
    if fix is not None:
        yield f"Fix ({effect_of(fix)}): {brief(fix.title)}"
        if fix.may_break:
            yield f"May break: {brief(fix.may_break)}"
    if address:
        yield f"See {address}"


def _line_of(judged: JudgedFinding) -> str:
    place = Place(judged.span)
    return f"{place.path}:{place.line}"


def _command(judged: JudgedFinding, title: str, lines: Iterable[str]) -> str:
    """Return an annotation at the place of a finding."""
    place = Place(judged.span)
    properties: dict[str, object] = {
        "file": place.path,
        "line": place.line,
        "endLine": place.end_line,
    }
    if place.line == place.end_line:  # Otherwise GitHub rejects columns.
        properties |= {"col": place.column, "endColumn": place.end_column}
    properties["title"] = title
    named = ",".join(f"{key}={_property(it)}" for key, it in properties.items())
    data = "%0A".join(brief(line).replace("%", "%25") for line in lines)
    return f"::{_COMMANDS[judged.severity]} {named}::{data}\n"


def _property(value: object) -> str:
    escaped = str(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return visible(escaped.replace(":", "%3A").replace(",", "%2C"))
