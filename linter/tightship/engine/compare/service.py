"""The difference between two profiles of a service."""

from __future__ import annotations

from tightship.engine.compare.change import RowChange, ServiceChange
from tightship.engine.compare.state import CAPABILITIES, NONE, PORT, RUNTIME, State, states, usual
from tightship.isolation.weakness import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tightship.engine.compare.change import Direction, ReachChange
    from tightship.isolation.profile import Profile

_NAMESPACE = " namespace"


def changed_service(
    before: Profile, after: Profile, renamed: Mapping[str, str], reach: tuple[ReachChange, ...] = ()
) -> ServiceChange | None:
    """Return how a service differs, or None where both profiles mean the same.

    ``renamed`` has the new name of each service that has another one now, and ``reach``
    says who else reaches it.
    """
    rows = tuple(_rows(before, after, renamed))
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
        RowChange(row.mechanism, "", None, State(row.state, row.place), "worse")
        for row in after.rows
        if any(one.points >= HOST for one in row.weaknesses)
    )
    return ServiceChange(after.name, "new", "", after.grade, after.span, rows)


def removed_service(before: Profile) -> ServiceChange:
    """Return the change that removes a service."""
    return ServiceChange(before.name, "removed", before.grade, "", before.span)


def _rows(before: Profile, after: Profile, renamed: Mapping[str, str]) -> Iterator[RowChange]:
    old, new = states(before), states(after)
    for key in dict.fromkeys((*old, *new)):
        mechanism, subject = key
        a, b = old.get(key) or usual(mechanism), new.get(key) or usual(mechanism)
        if a.meaning == b.meaning or _is_same_namespace(mechanism, a, b, renamed):
            continue
        if mechanism == "cgroup namespace" and a.certain == b.certain == frozenset():
            continue  # its own, by Docker's default or by the file
        yield RowChange(mechanism, subject, a, b, direction(mechanism, a, b))


def _is_same_namespace(
    mechanism: str, before: State, after: State, renamed: Mapping[str, str]
) -> bool:
    """Return whether it is the namespace of the same service, under a new name."""
    if not mechanism.endswith(_NAMESPACE):
        return False
    return any(
        before.text.replace(f"`{old}`", f"`{new}`") == after.text for old, new in renamed.items()
    )


def direction(mechanism: str, before: State, after: State) -> Direction:
    """Return whether a state is worse than another one.

    It is worse if it surely or possibly has a weakness that the other one lacks. If it
    gains some and loses others, their points decide, of which no more count than hand
    over the host; it is worse if they are equal. More capabilities are always worse, and
    so is the loss of a runtime that adds a boundary, though only the host has it.
    """
    if mechanism == PORT:
        return _of_numbers(after.exposure, before.exposure)
    if mechanism == RUNTIME:
        return _of_numbers(after.text == NONE, before.text == NONE)
    are_decided = after.is_decided and before.is_decided
    if mechanism == CAPABILITIES and are_decided and before.names != after.names:
        if before.names < after.names:
            return "worse"
        if after.names < before.names:
            return "better"
    gained = (after.certain - before.certain) | (after.possible - before.possible)
    lost = (before.certain - after.certain) | (before.possible - after.possible)
    if gained and lost:
        return "worse" if _points(after) >= _points(before) else "better"
    if gained or lost:
        return "worse" if gained else "better"
    return "neutral"


def _points(state: State) -> tuple[int, int]:
    possible = sum(one.points for one in state.possible)
    certain = sum(one.points for one in state.certain)
    return min(possible, HOST), min(certain, HOST)


def _of_numbers(after: int, before: int) -> Direction:
    if after == before:
        return "neutral"
    return "worse" if after > before else "better"
