"""Cycles of dependencies between services, which Compose cannot start."""

from __future__ import annotations

from itertools import pairwise

from tightship.findings import Related
from tightship.frontends.compose.loading.fault import Fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.effective.value import Effective


# The most services of a cycle that a message shows, and the most cycles that are
# reported: more cost more to read than to break.
_SHOWN = 7
_MOST = 100


def cycles(project: Effective) -> Iterator[Fault]:
    """Yield a fault for each dependency that closes a cycle."""
    services = project.entries_of("services")
    edges = {name: one.entries_of("depends_on") for name, one in services.items()}
    done: set[str] = set()
    found = 0
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
                if other in on_path and found < _MOST:
                    found += 1
                    yield _fault(path, on_path[other], edges, dependency)
                elif other in edges and other not in done:
                    stack.append((other, False))


def _fault(
    path: list[str], start: int, edges: dict[str, dict[str, Effective]], last: Effective
) -> Fault:
    cycle = path[start : start + _SHOWN]
    rest = ["…", f"`{path[-1]}`"] if len(path) - start > _SHOWN else []
    names = " → ".join([*(f"`{name}`" for name in cycle), *rest, f"`{cycle[0]}`"])
    because = [
        Related(span, f"`{name}` needs `{after}`")
        for name, after in pairwise(cycle)
        if (span := edges[name][after].span) is not None
    ]
    assert last.span is not None
    return Fault(
        "cycle",
        last.span,
        f"these services depend on one another: {names}",
        path=("services", path[-1], "depends_on", cycle[0]),
        value=last.source,
        decided=last.decided,
        because=tuple(because),
    )
