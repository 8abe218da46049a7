"""Which services reach which, before and after a change."""

from __future__ import annotations

from tightship.compose.loading.tree import Items, Leaf, Table
from tightship.engine.compare.change import ReachChange
from tightship.isolation.reach import reach

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tightship.compose.loading.tree import Value
    from tightship.isolation.container import Container

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
    moved = [before.positions[a.name] != after.positions[b.name] for a, b in pairs]
    if not any(moved):
        return {}
    found: dict[str, tuple[ReachChange, ...]] = {}
    for at, (old, new) in enumerate(pairs):
        sources: dict[tuple[str, str], list[str]] = {}
        for other, (old_source, new_source) in enumerate(pairs):
            if other == at or not (moved[at] or moved[other]):
                continue
            was, now = before.reach(old_source, old), after.reach(new_source, new)
            if was != now:
                sources.setdefault((was, now), []).append(new_source.name)
        if sources:
            found[new.name] = tuple(
                ReachChange(tuple(names), was, now)
                for (was, now), names in sources.items()
            )
    return found


class _Side:
    """Who reaches whom on one side; containers in the same position reach the same."""

    def __init__(self, containers: list[Container]) -> None:
        self.positions = {one.name: _position(one) for one in containers}
        self._numbers: dict[Position, int] = {}
        self._known: dict[tuple[int, int, bool], str] = {}

    def reach(self, source: Container, target: Container) -> str:
        """Return whether one container reaches another one."""
        holder = source.namespace_holder("network")
        is_same = holder is not None and holder is target.namespace_holder("network")
        key = self._number(source), self._number(target), is_same
        if key not in self._known:
            self._known[key] = reach(source, target).verdict
        return self._known[key]

    def _number(self, container: Container) -> int:
        position = self.positions[container.name]
        return self._numbers.setdefault(position, len(self._numbers))


def _position(container: Container) -> Position:
    holder = container.namespace_holder("network")
    owner = container.namespace("network").owner
    if holder is None:
        return owner, None
    service, project = holder.service, holder.service.project
    mode, listed = service.text("network_mode"), service.texts("networks")
    keys = holder.networks or ("default",)
    ports = sorted(
        (
            one.decided,
            one.host_ip or "",
            one.parsed.published or "",
            one.parsed.target,
            one.parsed.protocol,
        )
        for one in holder.ports
    )
    return (
        owner,
        # The namespace of another service is that service's.
        holder.name if holder is not container else "",
        (mode.is_set, mode.decided, mode.value),
        listed.all_decided,
        tuple(sorted((key, _plain(project.table("networks", key))) for key in keys)),
        tuple(ports),
    )


def _plain(value: Value | None) -> object:
    """Return a value without places, so that two sides can be compared."""
    if isinstance(value, Leaf):
        return f"{value.decided} {value.text}"
    if isinstance(value, Items):
        return f"[{', '.join(sorted(str(_plain(one)) for one in value.items))}]"
    if isinstance(value, Table):
        entries = sorted(value.entries.items())
        return f"{{{', '.join(f'{key}: {_plain(one.value)}' for key, one in entries)}}}"
    return ""
