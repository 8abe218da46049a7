"""Services that depend on one another in a circle, which Compose cannot start."""

from __future__ import annotations

from itertools import pairwise

from tightship.compose.fault import Fault
from tightship.findings import Related

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.effective import Effective


def cycles(project: Effective) -> Iterator[Fault]:
    """Yield a fault for each dependency that closes a circle."""
    services = project.get("services")
    edges = {
        name: _dependencies(service)
        for name, service in (services.entries if services else {}).items()
    }
    done: set[str] = set()
    for start in edges:
        path: list[str] = []
        on_path: dict[str, int] = {}
        stack: list[tuple[str, bool]] = [(start, False)]
        while stack:
            name, leave = stack.pop()
            if leave:
                path.pop()
                del on_path[name]
                done.add(name)
                continue
            if name in done or name in on_path:
                continue
            on_path[name] = len(path)
            path.append(name)
            stack.append((name, True))
            for other, dependency in edges[name].items():
                if other in on_path:
                    yield _fault(path[on_path[other] :], edges, dependency)
                elif other in edges and other not in done:
                    stack.append((other, False))


def _dependencies(service: Effective) -> dict[str, Effective]:
    found = service.get("depends_on")
    return found.entries if found else {}


def _fault(
    circle: list[str], edges: dict[str, dict[str, Effective]], last: Effective
) -> Fault:
    # A long circle is told in short.
    shown = circle if len(circle) < 8 else [*circle[:6], "…", circle[-1]]
    way = " → ".join(f"`{name}`" for name in [*shown, circle[0]])
    because = [
        Related(span, f"`{name}` needs `{after}`")
        for name, after in pairwise(circle[:7])
        if (span := edges[name][after].span) is not None
    ]
    assert last.span is not None
    return Fault(
        "cycle",
        last.span,
        f"these services depend on one another: {way}",
        path=("services", circle[-1], "depends_on", circle[0]),
        value=last.source,
        because=tuple(because),
    )
