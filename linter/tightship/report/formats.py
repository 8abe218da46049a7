"""The formats of a report, by name; each is loaded when it is asked for."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record

if TYPE_CHECKING:
    from types import ModuleType

    from tightship.report.report import Report, ReportOptions


class Format(Record):
    """A format: what it is for, and where its report is made.

    ``module`` is below `tightship.report`, and empty for a format that an annexe makes. A report
    ``with_profiles`` needs the models of projects. ``needs`` is a library that not every
    installation has; the extra that brings it has the name of the format. Those that
    ``group`` findings may do it as users want.
    """

    purpose: str
    module: str
    class_name: str
    with_profiles: bool = False
    needs: str = ""
    groups: bool = False


FORMATS = {
    "text": Format(
        "for people: findings with their lines and the text to write",
        "text_brief",
        "BriefTextReport",
        groups=True,
    ),
    "concise": Format(
        "one line for each finding, which editors can follow", "lines", "ConciseReport"
    ),
    "json": Format("everything, for programs", "json", "JsonReport", with_profiles=True),
    "sarif": Format("SARIF 2.1.0, for GitHub code scanning and IDEs", "sarif", "SarifReport"),
    "github": Format("annotations of GitHub Actions", "github", "GithubReport"),
    "gitlab": Format("a Code Quality report for GitLab", "gitlab", "GitlabReport"),
    "junit": Format("JUnit's XML, for test dashboards", "xml", "JunitReport"),
    "checkstyle": Format(
        "Checkstyle's XML, for Jenkins, reviewdog and others", "xml", "CheckstyleReport"
    ),
    "markdown": Format("a comment on a pull request", "", "MarkdownReport", groups=True),
    "html": Format(
        "a page for a browser: profiles, the map, findings with patches",
        "",
        "HtmlReport",
        with_profiles=True,
        needs="jinja2",
    ),
}
"""The formats by name, in the order in which `--help` lists them."""

_VERBOSE_TEXT = Format("", "text_verbose", "VerboseTextReport")

GROUPINGS = ("cause", "file", "none")
"""What may make findings one: their cause, the same words about one file, or nothing."""

VIEWS = ("statistics", "show-files")
"""What may be shown in place of findings, as text and as JSON."""


class FormatUnavailableError(Exception):
    """A library or an annexe that a format needs is not installed; the message says which."""


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
        FormatUnavailableError: if what it needs is not installed.

    """
    form = FORMATS[name]
    if name == "text" and options.infos == "full" and not options.group_by:
        form = _VERBOSE_TEXT
    if form.module:
        module = __import__(f"tightship.report.{form.module}", fromlist=[form.class_name])
    else:
        module = module_of_annexe(name)
    kind: type[Report] = getattr(module, form.class_name)
    return kind(options)


def module_of_annexe(name: str) -> ModuleType:
    """Return the module of a format that an annexe makes.

    Raises:
        FormatUnavailableError: if the annexe, or a library that the format needs, is not
            installed; with what installs it.

    """
    from tightship import annexes

    library = FORMATS[name].needs
    if library and not is_installed(library):
        raise FormatUnavailableError(
            f"the format {name} needs {library.capitalize()}, "
            f"which `pip install 'tightship[{name}]'` brings"
        )
    try:
        return annexes.format(name)
    except annexes.MissingAnnexeError as error:
        raise FormatUnavailableError(str(error)) from None


def is_installed(library: str) -> bool:
    """Return whether a library is there to be imported."""
    from importlib.util import find_spec

    return find_spec(library) is not None
