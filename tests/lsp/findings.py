"""The findings in an open document."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding
    from tightship_lsp.session import Session


def findings(session: Session, uri: str) -> list[JudgedFinding]:
    """Return the findings in an open document, in the order of the text."""
    report = session.report(uri)
    return report.findings if report is not None else []
