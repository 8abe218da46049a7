"""The report of ``tightship diff`` for programs: one JSON document."""

from __future__ import annotations

from tightship.report.comparison import without_secrets
from tightship.report.comparison_map import edge_text
from tightship.report.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.engine.compare.change import (
        Comparison,
        EdgeChange,
        ProjectChange,
        RowChange,
        ServiceChange,
        SideGap,
    )
    from tightship.engine.compare.state import State
    from tightship.isolation.weakness import Weakness
    from tightship.report.json import Json
    from tightship.text import Span

SCHEMA = 1


def as_data(comparison: Comparison) -> dict[str, Json]:
    """Return the comparison as plain data.

    Lines count from 1, and paths have ``/``. A state without a ``file`` is Docker's
    default.
    """
    return {
        "schema": SCHEMA,
        "before": comparison.before,
        "after": comparison.after,
        "projects": [_project(one) for one in comparison.projects],
        "summary": {
            "worse": comparison.count("worse"),
            "better": comparison.count("better"),
            "neutral": comparison.count("neutral"),
            "gaps": len(comparison.gaps),
        },
    }


def _project(one: ProjectChange) -> Json:
    return {
        "name": one.name,
        "former": one.former or None,
        "kind": one.kind,
        "direction": one.direction,
        "hidden": one.hidden or None,
        "services": [_service(service) for service in one.services],
        "edges": [_edge(edge) for edge in one.edges],
        "gaps": [_gap(gap) for gap in one.gaps],
    }


def _service(one: ServiceChange) -> Json:
    return {
        "name": one.name,
        "former": one.former or None,
        "kind": one.kind,
        "direction": one.direction,
        **_place(one.span),
        "grade": {"before": one.before or None, "after": one.after or None},
        "rows": [_row(row) for row in one.rows],
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


def _edge(one: EdgeChange) -> Json:
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


def _row(row: RowChange) -> Json:
    return {
        "mechanism": row.mechanism,
        "subject": without_secrets(row.subject) or None,
        "direction": row.direction,
        "before": _state(row.before) if row.before is not None else None,
        "after": _state(row.after),
    }


def _state(state: State) -> Json:
    return {
        "state": without_secrets(state.text),
        **_place(state.place),
        "weaknesses": _names(state.certain),
        "possible": _names(state.possible - state.certain),
    }


def _names(weaknesses: Iterable[Weakness]) -> list[Json]:
    return [*sorted(one.name for one in weaknesses)]


def _place(span: Span | None) -> dict[str, Json]:
    if span is None:
        return {"file": None, "line": None}
    place = Place(span)
    return {"file": place.path, "line": place.line}


def _gap(one: SideGap) -> Json:
    return {"side": one.side, **_place(one.gap.span), "reason": without_secrets(one.gap.reason)}
