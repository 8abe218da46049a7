"""Which services reach which, before and after a change."""

from __future__ import annotations

from tightship.engine.compare.change import ReachChange
from tightship.isolation.reach import reach
from tightship.model.value import MappingValue, ScalarValue, SequenceValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.isolation.container import Container
    from tightship.model.value import Value

    # All that decides who reaches a container, and whom it reaches.
    Position = tuple[object, ...]


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
