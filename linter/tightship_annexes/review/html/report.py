"""The report as one page of HTML: no requests, all text escaped, one script that filters.

The Content-Security-Policy names the script by its hash, so that no other one runs.

Every value that a template prints goes through :func:`printable`, and Jinja2 escapes it;
only :func:`prose` makes markup, of texts that it has escaped itself.
"""

from __future__ import annotations

import os
from base64 import b64encode
from hashlib import sha256

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from tightship import __version__
from tightship.isolation.reach_map import LIMITS
from tightship.report.controls import as_data
from tightship.report.report import Report, seen_from
from tightship.report.terminal import brief, visible
from tightship.report.wording import counted, earlier_text, provided_lines
from tightship.rules.address import page_address
from tightship_annexes.review.html.overview import Anchors, first_steps, page_name, project_rank
from tightship_annexes.review.html.project_view import ProjectView

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.verdict import Verdict
    from tightship.report.controls import ControlsReport
    from tightship.report.report import ReportOptions, Summary


_TEMPLATES = os.path.join(os.path.dirname(__file__), "templates")


class HtmlReport(Report):
    """Renders each project as it comes, and the page around them at the end."""

    def __init__(self, options: ReportOptions) -> None:
        self._here = options.here
        self._environment = environment()
        self._project = self._environment.get_template("project.html.j2")
        self._entries: list[tuple[ProjectView, Markup]] = []
        self._anchors = Anchors()
        self._name = ""

    def verdict(self, verdict: Verdict) -> str:
        """Render a project, unless there is nothing to say about it."""
        view = ProjectView(verdict, self._here, self._anchors)
        self._name = self._name or page_name(verdict.root)
        if not view.is_empty:
            section = Markup(self._project.render(project=view, counted=counted))
            self._entries.append((view, section))
        return ""

    def closing(self, summary: Summary) -> str:
        """Return the page."""
        page = self._environment.get_template("page.html.j2")
        severities = [(one.word, count) for one, count in summary.by_severity.items()]
        self._entries.sort(key=lambda entry: project_rank(entry[0]))
        projects = [view for view, _ in self._entries]
        script = Markup(self._environment.get_template("filter.js").render())
        return page.render(
            name=self._name,
            projects=projects,
            sections=[section for _, section in self._entries],
            purposes=[*dict.fromkeys(one.purpose for one in projects)],
            grades=sorted({one.worst for view in projects for one in view.services}),
            first=first_steps(projects),
            script=script,
            digest=digest(script),
            counted=counted,
            summary=summary,
            earlier_text=earlier_text,
            provided=[*provided_lines(summary)],
            severities=severities,
            limits=LIMITS,
            version=__version__,
            here=self._here,
            seen_from=seen_from,
        )


def digest(script: str) -> str:
    """Return the hash of a script, as Content-Security-Policy has it (CSP 3, 2.3.1)."""
    return f"sha256-{b64encode(sha256(script.encode()).digest()).decode()}"


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


def page(report: ControlsReport) -> str:
    """Return the page."""
    data = as_data(report)
    assert isinstance(data, dict)
    return environment().get_template("controls.html.j2").render(**data)
