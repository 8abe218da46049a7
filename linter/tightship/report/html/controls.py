"""The state of controls as one page to print: no scripts, no requests, all text escaped."""

from __future__ import annotations

from tightship.report.controls import as_data
from tightship.report.html.report import environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.report.controls import ControlsReport


def page(report: ControlsReport) -> str:
    """Return the page."""
    data = as_data(report)
    assert isinstance(data, dict)
    return environment().get_template("controls.html.j2").render(**data)
