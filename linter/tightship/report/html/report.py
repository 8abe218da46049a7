"""The report as one page of HTML: no scripts, no requests, all text escaped.

Every value that a template prints goes through :func:`printable`, and Jinja2 escapes it;
only :func:`prose` makes markup, of texts that it has escaped itself.
"""

from __future__ import annotations

import os

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tightship import __version__
from tightship.isolation.reach_map import LIMITS
from tightship.report.html.project_view import ProjectView
from tightship.report.place import seen_from
from tightship.report.report import Report
from tightship.report.terminal import brief, visible
from tightship.report.wording import counted, earlier_text, provided_lines
from tightship.rules.address import page_address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Verdict
    from tightship.report.html.project_view import Causes
    from tightship.report.report import ReportOptions, Summary

_TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


class HtmlReport(Report):
    """Renders each project as it comes, and the page around them at the end."""

    def __init__(self, options: ReportOptions) -> None:
        self._here = options.here
        self._environment = environment()
        self._project = self._environment.get_template("project.html.j2")
        self._sections: list[Markup] = []
        self._entries: list[ProjectView] = []
        self._causes: Causes = {}

    def verdict(self, verdict: Verdict) -> str:
        """Render a project, unless there is nothing to say about it."""
        view = ProjectView(len(self._entries), verdict, self._here, self._causes)
        if not view.is_empty:
            self._entries.append(view)
            self._sections.append(Markup(self._project.render(project=view, counted=counted)))
        return ""

    def closing(self, summary: Summary) -> str:
        """Return the page."""
        page = self._environment.get_template("page.html.j2")
        severities = [(one.word, count) for one, count in summary.by_severity.items()]
        return page.render(
            projects=self._entries,
            sections=self._sections,
            summary=summary,
            earlier_text=earlier_text,
            provided=[*provided_lines(summary)],
            severities=severities,
            limits=LIMITS,
            version=__version__,
            here=self._here,
            seen_from=seen_from,
        )


def environment() -> Environment:
    """Return what renders the templates, with all text escaped."""
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        finalize=printable,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters["prose"] = prose
    made.filters["linked"] = linked
    return made


def printable(value: object) -> object:
    """Return a value of a template without control characters or lone surrogates."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return visible(value)
    return value


def linked(rule: str) -> Markup:
    """Return the name of a rule, as a link to its page if that has an address."""
    name = Markup('<code class="rule">{}</code>').format(visible(rule))
    address = page_address(rule)
    if not address:
        return name
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(address, name)


def prose(text: str) -> Markup:
    """Return a message in which text in backticks is code."""
    parts = brief(text).split("`")
    if len(parts) % 2 == 0:
        return escape("`".join(parts))
    pieces = (
        escape(part) if number % 2 == 0 else Markup("<code>{}</code>").format(part)
        for number, part in enumerate(parts)
    )
    return Markup("").join(pieces)
