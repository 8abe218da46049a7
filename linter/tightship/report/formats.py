"""The formats of a report, by name; each is loaded when it is asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    from tightship.engine.verdict import Verdict
    from tightship.report.summary import Summary
    from tightship.report.text import Infos

    class Report(Protocol):
        """Writes one verdict after another, and what comes before and after them."""

        def opening(self) -> str:
            """Return what comes first."""
            ...

        def verdict(self, verdict: Verdict) -> str:
            """Return what a verdict says."""
            ...

        def closing(self, tally: Summary) -> str:
            """Return what comes last."""
            ...


FORMATS = {
    "text": "for people: findings in their lines, with what to write",
    "concise": "one line for each finding, which editors can follow",
    "json": "everything, for programs",
    "sarif": "SARIF 2.1.0, for GitHub code scanning and IDEs",
    "github": "annotations of GitHub Actions",
    "gitlab": "a Code Quality report for GitLab",
    "junit": "JUnit's XML, for test dashboards",
    "checkstyle": "Checkstyle's XML, for Jenkins, reviewdog and others",
    "markdown": "a comment on a pull request",
}
"""What there is, and what it is for."""


class ReportOptions:
    """How a report is wanted, as far as its format has a choice.

    ``here`` is the folder from which people are shown paths; the others are those of
    :class:`~tightship.report.text.TextReport`.
    """

    __slots__ = ("color", "here", "infos", "summary", "width")

    def __init__(
        self,
        *,
        here: str = "",
        color: bool = False,
        infos: Infos = "names",
        summary: bool = True,
        width: int = 100,
    ) -> None:
        self.here = here
        self.color = color
        self.infos: Infos = infos
        self.summary = summary
        self.width = width


def report(name: str, manner: ReportOptions) -> Report:
    """Return a new report in a format of :data:`FORMATS`."""
    made = _for_people(name, manner) or _for_platforms(name, manner)
    if made is None:
        raise KeyError(name)
    return made


def _for_people(name: str, manner: ReportOptions) -> Report | None:
    if name == "text":
        from tightship.report.text import TextReport

        return TextReport(
            here=manner.here,
            color=manner.color,
            infos=manner.infos,
            summary=manner.summary,
            width=manner.width,
        )
    if name == "concise":
        from tightship.report.concise import ConciseReport

        return ConciseReport(here=manner.here, infos=manner.infos != "none")
    if name == "markdown":
        from tightship.report.markdown import MarkdownReport

        return MarkdownReport()
    return None


def _for_platforms(name: str, manner: ReportOptions) -> Report | None:
    if name == "json":
        from tightship.report.json import JsonReport

        return JsonReport()
    if name == "sarif":
        from tightship.report.sarif import SarifReport

        return SarifReport()
    if name == "github":
        from tightship.report.github import GithubReport

        return GithubReport()
    if name == "gitlab":
        from tightship.report.gitlab import GitlabReport

        return GitlabReport()
    if name == "junit":
        from tightship.report.junit import JunitReport

        return JunitReport()
    if name == "checkstyle":
        from tightship.report.checkstyle import CheckstyleReport

        return CheckstyleReport()
    return None
