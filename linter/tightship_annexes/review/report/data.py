"""What a change does to isolation, as plain data."""

from __future__ import annotations

from tightship.report.json import SCHEMA, skipped_data
from tightship.report.redaction import without_secrets
from tightship_annexes.review.compare.change import RevisionGap
from tightship_annexes.review.report.mermaid import edge_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.isolation.state import State
    from tightship.isolation.weakness import Weakness
    from tightship.report.json import Json
    from tightship.text import Span
    from tightship_annexes.review.compare.change import (
        Comparison,
        EdgeChange,
        MechanismChange,
        NewFinding,
        ProjectChange,
        ServiceChange,
    )


def as_data(comparison: Comparison) -> dict[str, Json]:
    """Return the comparison as plain data.

    Lines count from 1, and paths have ``/``. A state without a ``file`` is Docker's
    default.
    """
    return {
        "schema": SCHEMA,
        "before": comparison.before,
        "after": comparison.after,
        "projects": [_project_data(one) for one in comparison.projects],
        "findings": [_finding_data(one) for one in comparison.findings],
        "lost": [_gap_data(RevisionGap("after", one)) for one in comparison.lost],
        "skipped": [skipped_data(one) for one in comparison.left],
        "summary": {
            "worse": comparison.count("worse"),
            "better": comparison.count("better"),
            "neutral": comparison.count("neutral"),
            "findings": len(comparison.findings),
            "gaps": len(comparison.gaps),
        },
    }


def _finding_data(one: NewFinding) -> Json:
    judged = one.judged
    return {
        "rule": judged.rule.name,
        "severity": judged.severity.word,
        "message": judged.finding.message,
        **_place_data(judged.span),
        "fails": one.fails,
    }


def _project_data(one: ProjectChange) -> Json:
    return {
        "name": one.name,
        "former": one.former or None,
        "kind": one.kind,
        "direction": one.direction,
        "hidden": one.hidden or None,
        "compared": one.is_compared,
        "services": [_service_data(service) for service in one.services],
        "edges": [_edge_data(edge) for edge in one.edges],
        "gaps": [_gap_data(gap) for gap in one.gaps],
    }


def _service_data(one: ServiceChange) -> Json:
    return {
        "name": one.name,
        "former": one.former or None,
        "kind": one.kind,
        "direction": one.direction,
        **_place_data(one.span),
        "grade": {"before": one.before or None, "after": one.after or None},
        "rows": [_row_data(row) for row in one.rows],
        "reach": [
            {
                "from": [*reach.sources],
                "before": reach.before,
                "after": reach.after,
                "direction": reach.direction,
            }
            for reach in one.reach
        ],
    }


def _edge_data(one: EdgeChange) -> Json:
    connection = one.connection
    return {
        "change": "new" if one.is_new else "gone",
        "from": {"kind": one.source.kind, "name": one.source.name},
        "to": {"kind": one.target.kind, "name": one.target.name},
        "mutual": one.is_mutual,
        "kind": connection.kind,
        "what": edge_text(one),
        "certain": connection.certain,
    }


def _row_data(row: MechanismChange) -> Json:
    return {
        "mechanism": row.mechanism,
        "subject": without_secrets(row.subject) or None,
        "direction": row.direction,
        "before": _state_data(row.before) if row.before is not None else None,
        "after": _state_data(row.after),
    }


def _state_data(state: State) -> Json:
    return {
        "state": without_secrets(state.text),
        **_place_data(state.place),
        "weaknesses": _names(state.certain),
        "possible": _names(state.possible - state.certain),
    }


def _names(weaknesses: Iterable[Weakness]) -> list[Json]:
    return [*sorted(one.name for one in weaknesses)]


def _place_data(span: Span | None) -> dict[str, Json]:
    if span is None:
        return {"file": None, "line": None}
    return {"file": span.source.name, "line": span.line}


def _gap_data(one: RevisionGap) -> Json:
    return {
        "side": one.side,
        **_place_data(one.gap.span),
        "reason": without_secrets(one.gap.reason),
    }
