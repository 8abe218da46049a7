"""How two revisions of a service, or of an image, differ: its profile, who reaches it, edges.

An edge says that a node reaches another one directly, and how. Other names of services,
networks or volumes change no edge, and neither does another way through the network.
"""

from __future__ import annotations

from tightship.engine.judge.rewritten import moved_span
from tightship.engine.load.dockerfiles import load_dockerfile
from tightship.isolation.connection import OUTSIDE, Node
from tightship.isolation.reach import reach
from tightship.isolation.reach_map import ReachMap
from tightship.isolation.state import NONE, State, changed_states, direction, image_states
from tightship.isolation.weakness import HOST
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.text import Source
from tightship_annexes.review.compare.change import (
    EdgeChange,
    MechanismChange,
    ProjectChange,
    ReachChange,
    ServiceChange,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.engine.disk.git_tree import Trees
    from tightship.engine.verdict import Verdict
    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.connection import Connection
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.isolation.profile import Profile
    from tightship.model.build import InlineDockerfile
    from tightship.model.value import Value
    from tightship_annexes.review.compare.revision import RevisionProject

    Position = tuple[object, ...]
    Key = tuple[Node, Node, str]
    Edges = dict[Key, Connection]

_NETWORKING = frozenset(("network", "network namespace", "host network", "published port"))


def changed_service(
    before: Profile, after: Profile, renamed: Mapping[str, str], reach: tuple[ReachChange, ...] = ()
) -> ServiceChange | None:
    """Return how a service differs, or None where both profiles mean the same.

    ``renamed`` has the new name of each service that has another one now, and ``reach``
    says who else reaches it.
    """
    rows = tuple(
        MechanismChange(*key, a, b, direction(key[0], a, b))
        for key, a, b in changed_states(before, after, renamed)
    )
    former = before.name if before.name != after.name else ""
    if not rows and not reach and not former:
        return None
    return ServiceChange(
        after.name,
        "renamed" if former else "changed",
        before.grade,
        after.grade,
        after.span,
        rows,
        reach,
        former,
    )


def new_service(after: Profile) -> ServiceChange:
    """Return the change that adds a service: worse, if it hands over the host."""
    rows = tuple(
        MechanismChange(row.mechanism, "", None, State(row.state, row.place), "worse")
        for row in after.rows
        if any(one.points >= HOST for one in row.weaknesses)
    )
    return ServiceChange(after.name, "new", "", after.grade, after.span, rows)


def removed_service(before: Profile) -> ServiceChange:
    """Return the change that removes a service."""
    return ServiceChange(before.name, "removed", before.grade, "", before.span)


def reach_changes(
    pairs: Sequence[tuple[Container, Container]],
) -> Mapping[str, tuple[ReachChange, ...]]:
    """Return the changes of who reaches each service, by its new name.

    Args:
        pairs: each service that is on both sides, before and after.

    """
    before, after = _Side([a for a, _ in pairs]), _Side([b for _, b in pairs])
    moved = [at for at in range(len(pairs)) if not before.is_same(at, after)]
    found: dict[str, tuple[ReachChange, ...]] = {}
    for target in range(len(pairs)) if moved else ():
        sources: dict[tuple[str, str], list[str]] = {}
        has_moved = not before.is_same(target, after)
        for source in range(len(pairs)) if has_moved else moved:
            was, now = before.reach(source, target), after.reach(source, target)
            if was != now:
                name = pairs[source][1].name
                sources.setdefault((was, now), []).append(name)
        if sources:
            found[pairs[target][1].name] = tuple(
                ReachChange(tuple(names), was, now) for (was, now), names in sources.items()
            )
    return found


class _Side:
    """Who reaches whom on one side; containers in the same position reach the same."""

    def __init__(self, containers: list[Container]) -> None:
        self._containers = containers
        self._positions = [_position(one) for one in containers]
        numbers: dict[Position, int] = {}
        self._numbers = [numbers.setdefault(one, len(numbers)) for one in self._positions]
        holders = [one.namespace_holder("network") for one in containers]
        self._holders = [-1 - at if one is None else id(one) for at, one in enumerate(holders)]
        self._known: dict[tuple[int, int], str] = {}

    def is_same(self, at: int, other: _Side) -> bool:
        """Return whether a container has the same position on another side."""
        return self._positions[at] == other._positions[at]

    def reach(self, source: int, target: int) -> str:
        """Return whether one container reaches another one."""
        if self._holders[source] == self._holders[target]:
            return "yes"  # itself, or a container that shares its network
        key = self._numbers[source], self._numbers[target]
        if key not in self._known:
            containers = self._containers
            self._known[key] = reach(containers[source], containers[target]).verdict
        return self._known[key]


def _position(container: Container) -> Position:
    holder = container.namespace_holder("network")
    owner = container.namespace("network").owner
    if holder is None:
        return owner, None
    service, project = holder.settings, holder.project
    mode, listed = service.text("network_mode"), service.texts("networks")
    keys = holder.networks or ("default",)
    # Whether any port leads there does not depend on its number.
    ports = {(one.decided, one.host_ip or "") for one in holder.ports}
    return (
        owner,
        # The namespace of another service is that service's.
        holder.name if holder is not container else "",
        (mode.is_set, mode.decided, mode.value),
        listed.all_decided,
        tuple(sorted((key, _plain(project.table("networks", key))) for key in keys)),
        tuple(sorted(ports)),
    )


def _plain(value: Value | None) -> object:
    """Return a value without places, so that two sides can be compared."""
    if isinstance(value, ScalarValue):
        return f"{value.decided} {value.text}"
    if isinstance(value, SequenceValue):
        return f"[{', '.join(sorted(str(_plain(one)) for one in value.items))}]"
    if isinstance(value, MappingValue):
        entries = sorted(value.entries.items())
        return f"{{{', '.join(f'{key}: {_plain(one.value)}' for key, one in entries)}}}"
    return ""


def edge_changes(
    before: Sequence[Profile], after: Sequence[Profile], new_names: Mapping[str, str]
) -> tuple[EdgeChange, ...]:
    """Return the edges that are only on one side, new ones first.

    Args:
        before: the services before the change.
        after: the services after it.
        new_names: the names that renamed services have now, by those before.

    """
    old, new = _edges(before, new_names), _edges(after, {})
    return (*_changes(new, old, is_new=True), *_changes(old, new, is_new=False))


def _edges(profiles: Sequence[Profile], names: Mapping[str, str]) -> Edges:
    """Return the edges of a map, each with a connection: a certain one, if there is."""

    def named(node: Node) -> Node:
        is_renamed = node.kind == "service" and node.name in names
        return Node("service", names[node.name]) if is_renamed else node

    found: Edges = {}
    for one in ReachMap(profiles).connections if profiles else ():
        if not one.leads_on and one.kind in ("volume", "host path"):
            continue  # both only read it
        for source in map(named, one.sources):
            for target in map(named, one.targets):
                if target.kind not in ("service", "host") or source == target:
                    continue
                key = source, target, _how(one)
                if key not in found or (one.certain and not found[key].certain):
                    found[key] = one
    return found


def _how(one: Connection) -> str:
    if one.kind == "weakness":
        return one.name
    return "network" if one.kind in _NETWORKING else one.kind


def _changes(own: Edges, others: Edges, *, is_new: bool) -> Iterator[EdgeChange]:
    """Yield the edges of one side that the other lacks; one in both directions once."""
    edges = {key: one for key, one in own.items() if key not in others}
    published = {target for source, target, _ in edges if source == OUTSIDE}
    members: dict[tuple[str, str], set[Node]] = {}
    for (source, target, _), one in others.items():
        members.setdefault((one.kind, one.name), set()).update((source, target))
    done = set[tuple[Node, Node, str]]()
    for (source, target, how), one in edges.items():
        if one.kind == "published port" and source != OUTSIDE and target in published:
            continue  # as everybody does
        if (source, target, how) in done:
            continue
        is_mutual = (target, source, how) in edges
        done.add((target, source, how))
        moved = {source, target}.difference(members.get((one.kind, one.name), ()))
        yield EdgeChange(
            *(source, target, one), is_new=is_new, is_mutual=is_mutual, moved=frozenset(moved)
        )


def placed(changes: Iterable[ServiceChange], *sides: RevisionProject) -> tuple[ServiceChange, ...]:
    """Return changes of services with all their places in files."""
    inlines: Mapping[Source, InlineDockerfile] = {
        inline.source: inline
        for one in sides
        if one.loaded is not None and one.loaded.built is not None
        for inline in one.loaded.built.inlines
    }
    if not inlines:
        return tuple(changes)

    def state(one: State) -> State:
        place = one.place and moved_span(one.place, inlines)
        return State(
            *(one.text, place, one.certain, one.possible), names=one.names, exposure=one.exposure
        )

    def moved(row: MechanismChange) -> MechanismChange:
        return row.replaced(before=row.before and state(row.before), after=state(row.after))

    return tuple(one.replaced(rows=tuple(map(moved, one.rows))) for one in changes)


def dockerfile_changes(sides: Trees, verdicts: Iterable[Verdict]) -> Iterator[ProjectChange]:
    """Yield the changes of the Dockerfiles that some verdicts on one side are about."""
    for loaded, name in ((one.project, one.sources[0].name) for one in verdicts):
        if loaded is None or loaded.compose is not None or loaded.built is None:
            continue
        files, former = sides.before.apart(), sides.renamed.get(name, name)
        source = files.read_dockerfile(former)
        if not isinstance(source, Source):
            continue
        old, new = _stages(load_dockerfile(files, source)), _stages(loaded)
        changes = (_change(old[key], one) for key, one in new.items() if key in old)
        found = tuple(one for one in changes if one is not None)
        if found:
            yield ProjectChange(name, "changed", found, former=former if former != name else "")


def _stages(loaded: LoadedProject) -> dict[str, Stage]:
    """Return the stages of the first build by their titles; the last has none."""
    builds = loaded.built.builds if loaded.built is not None else ()
    stages = [*builds[0].stages] if builds else []
    return {one.title if one is not stages[-1] else "": one for one in stages}


def _change(before: Stage, after: Stage) -> ServiceChange | None:
    old, new = image_states(before), image_states(after)
    rows = [
        MechanismChange(*key, a, b, direction(key[0], a, b))
        for key in {**old, **new}
        for a, b in [(old.get(key) or State(NONE), new.get(key) or State(NONE))]
        if a.meaning != b.meaning
    ]
    if not rows:
        return None
    span = after.instruction.span
    return ServiceChange(after.title, "changed", "", "", span, tuple(rows), noun="image")
