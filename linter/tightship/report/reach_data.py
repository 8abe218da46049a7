"""Who reaches what, as plain data for JSON."""

from __future__ import annotations

from tightship.isolation.reach_map import LIMITS, way_to
from tightship.isolation.reach_paths import paths
from tightship.isolation.separation import best_separation
from tightship.report.place import Place

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.isolation.connection import Connection, Node
    from tightship.isolation.reach_map import ReachMap
    from tightship.report.json import Json


def as_data(found: ReachMap) -> dict[str, Json]:
    """Return the map of a project."""
    every, best = paths(found), best_separation(found)
    return {
        "services": [
            {
                "name": node.name,
                "published": node in found.published,
                "store": node in found.stores,
                "grade": found.profiles[node].grade,
                "unknown": found.doubts.get(node.name),
            }
            for node in found.services
        ],
        "connections": [_connection(one) for one in found.connections],
        "paths": [
            {"target": _node(path.target), "certain": path.certain, "steps": _steps(path.steps)}
            for path in every
        ],
        "change": None
        if best is None
        else {
            "kind": best.kind,
            "name": best.name,
            "services": [node.name for node in best.services],
            "cuts": best.cuts,
            "of": best.of,
        },
        "limits": LIMITS,
    }


def of_services(found: ReachMap, starts: Sequence[Node]) -> dict[str, Json]:
    """Return what someone who owns each of some services reaches, the nearest first."""
    return {"services": [_of_service(found, one) for one in starts]}


def _of_service(found: ReachMap, start: Node) -> Json:
    certain = found.ways_from(start, certain=True)
    possible = found.ways_from(start)
    reached: list[Json] = []
    for target in (*certain, *(node for node in possible if node not in certain)):
        way = way_to(target, certain if target in certain else possible)
        reached.append(
            {
                **_node(target),
                "certain": all(one.certain for _, one, _ in way),
                "steps": _steps(way),
            }
        )
    return {"name": start.name, "reaches": reached, "unknown": found.doubts.get(start.name)}


def _node(node: Node) -> dict[str, Json]:
    return {"kind": node.kind, "name": node.name}


def _connection(one: Connection) -> Json:
    places: list[Json] = [
        {"node": _node(node), "path": place.path, "line": place.line}
        for node, place in ((node, Place(span)) for node, span in one.places.items())
    ]
    return {
        "kind": one.kind,
        "name": one.name,
        "sources": [_node(node) for node in one.sources],
        "targets": [{**_node(node), "note": one.notes.get(node, "")} for node in one.targets],
        "certain": one.certain,
        "leads_on": one.leads_on,
        "places": places,
    }


def _steps(steps: Sequence[tuple[Node, Connection, Node]]) -> list[Json]:
    return [
        {
            "from": _node(source),
            "to": _node(target),
            "kind": one.kind,
            "name": one.name,
            "reason": one.reason(target),
        }
        for source, one, target in steps
    ]
