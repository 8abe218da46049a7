"""The formats of a report, by name; each is loaded when it is asked for."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.report.report import Report, ReportOptions

FORMATS = {
    "text": "for people: findings with their lines and the text to write",
    "concise": "one line for each finding, which editors can follow",
    "json": "everything, for programs",
    "sarif": "SARIF 2.1.0, for GitHub code scanning and IDEs",
    "github": "annotations of GitHub Actions",
    "gitlab": "a Code Quality report for GitLab",
    "junit": "JUnit's XML, for test dashboards",
    "checkstyle": "Checkstyle's XML, for Jenkins, reviewdog and others",
    "markdown": "a comment on a pull request",
    "html": "a page for a browser: profiles, the map, findings with patches",
}
"""The names of the formats, with their purposes."""

VIEWS = ("statistics", "show-files")
"""What may be shown in place of findings, as text and as JSON."""


PROFILED = ("json", "html")
"""The formats that show profiles, for which they ask the models of projects."""


class FormatUnavailableError(Exception):
    """A library that a format needs is not installed; the message says which."""


def view(name: str, format: str, options: ReportOptions) -> Report:
    """Return a new report on one of :data:`VIEWS`, as ``text`` or ``json``."""
    is_json = format == "json"
    if name == "statistics":
        from tightship.report.views import StatisticsJson, StatisticsText

        return StatisticsJson(options) if is_json else StatisticsText(options)
    from tightship.report.views import FilesJson, FilesText

    return FilesJson(options) if is_json else FilesText(options)


def report(name: str, options: ReportOptions) -> Report:
    """Return a new report in a format of :data:`FORMATS`.

    Raises:
        FormatUnavailableError: if a library that it needs is not installed.

    """
    if name == "html":
        _check_jinja()
    if name == "text" and options.infos == "full":
        name = "verbose text"
    return _report_class(name)(options)


def _report_class(name: str) -> type[Report]:
    if name == "text":
        from tightship.report.text_brief import BriefTextReport

        return BriefTextReport
    if name == "verbose text":
        from tightship.report.text_verbose import VerboseTextReport

        return VerboseTextReport
    if name == "concise":
        from tightship.report.concise import ConciseReport

        return ConciseReport
    if name == "json":
        from tightship.report.json import JsonReport

        return JsonReport
    if name == "sarif":
        from tightship.report.sarif import SarifReport

        return SarifReport
    if name == "github":
        from tightship.report.github import GithubReport

        return GithubReport
    if name == "gitlab":
        from tightship.report.gitlab import GitlabReport

        return GitlabReport
    if name == "junit":
        from tightship.report.junit import JunitReport

        return JunitReport
    if name == "checkstyle":
        from tightship.report.checkstyle import CheckstyleReport

        return CheckstyleReport
    if name == "markdown":
        from tightship.report.markdown import MarkdownReport

        return MarkdownReport
    if name == "html":
        from tightship.report.html.report import HtmlReport

        return HtmlReport
    raise KeyError(name)


def _check_jinja() -> None:
    from importlib.util import find_spec

    if find_spec("jinja2") is None:
        raise FormatUnavailableError(
            "the format html needs Jinja2, which `pip install 'tightship[html]'` brings"
        )
