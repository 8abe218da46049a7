"""Paths from what is published to the host and to the data stores of a project."""

from __future__ import annotations

from tightship.isolation.connection import HOST, OUTSIDE
from tightship.isolation.reach_map import way_to

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Final

    from tightship.isolation.connection import Connection, Node
    from tightship.isolation.reach_map import ReachMap


class Path:
    """A shortest path from outside, through a published service, to a target.

    ``steps`` begin with the one from outside; each is a source, a connection, and a
    target.
    """

    __slots__ = ("steps",)

    def __init__(self, steps: Sequence[tuple[Node, Connection, Node]]) -> None:
        self.steps: Final = tuple(steps)

    @property
    def entry(self) -> Node:
        """Return the published service that it goes through first."""
        return self.steps[0][2]

    @property
    def target(self) -> Node:
        """Return its end: the host or a data store."""
        return self.steps[-1][2]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """Return the nodes on it."""
        return (self.steps[0][0], *(target for _, _, target in self.steps))

    @property
    def certain(self) -> bool:
        """Return whether every step is certain."""
        return all(one.certain for _, one, _ in self.steps)

    def __repr__(self) -> str:
        return f"Path({' -> '.join(map(str, self.nodes))})"


def targets_of(found: ReachMap) -> tuple[Node, ...]:
    """Return what paths lead to: the host, then the data stores."""
    return (HOST, *(node for node in found.services if node in found.stores))


def paths(found: ReachMap) -> list[Path]:
    """Return a shortest path for each published service and target, shortest first.

    A certain path is taken even where a shorter one is only possible.
    """
    targets = targets_of(found)
    all_certain = all(one.certain for one in found.connections)
    made: list[Path] = []
    for entry, first in _entries(found).items():
        ways = found.ways_from(entry, certain=True)
        others = ways if all_certain else found.ways_from(entry)
        for target in targets:
            if target == entry:
                made.append(Path([first]))
            elif target in others:
                way = way_to(target, ways if target in ways else others)
                made.append(Path([first, *way]))
    order = {node: place for place, node in enumerate(targets)}
    made.sort(key=lambda path: (len(path.steps), order[path.target]))
    return made


def _entries(found: ReachMap) -> dict[Node, tuple[Node, Connection, Node]]:
    """Return the step from outside to each published service, the most certain one."""
    every = [one for one in found.connections if OUTSIDE in one.sources]
    every.sort(key=lambda one: not one.certain)
    steps: dict[Node, tuple[Node, Connection, Node]] = {}
    for one in every:
        for node in one.targets:
            steps.setdefault(node, (OUTSIDE, one, node))
    return {node: steps[node] for node in found.services if node in steps}


def count_pairs(connections: Sequence[Connection], targets: Iterable[Node]) -> dict[Node, int]:
    """Return for each target how many published services have a path to it.

    A bit for each published service is carried along all connections at once, so that
    many changes can be tried.
    """
    entries: dict[Node, int] = {}
    for one in connections:
        if OUTSIDE in one.sources:
            for node in one.targets:
                entries.setdefault(node, 1 << len(entries))
    owned = dict(entries)
    inner = [one for one in connections if OUTSIDE not in one.sources]
    onward = [one for one in inner if one.leads_on]
    is_new = True
    while is_new:
        is_new = False
        for one in onward:
            is_new |= _carry(one, owned, owned)
    reached = dict(owned)
    for one in inner:
        if not one.leads_on:
            _carry(one, owned, reached)
    return {node: reached.get(node, 0).bit_count() for node in targets}


def _carry(one: Connection, owned: dict[Node, int], reached: dict[Node, int]) -> bool:
    """Give the bits of the sources to the targets, and tell whether one was new."""
    bits, is_new = 0, False
    for node in one.sources:
        bits |= owned.get(node, 0)
    for node in one.targets if bits else ():
        known = reached.get(node, 0)
        if bits & ~known:
            reached[node] = known | bits
            is_new = True
    return is_new
