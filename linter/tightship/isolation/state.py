"""The states of a container's isolation that two sides of a change can differ in.

They are the rows of its profile, and its published ports; of an image that no container
runs, its user and the rights of its steps.
"""

from __future__ import annotations

from tightship.frontends.dockerfile.steps import Run
from tightship.isolation.user import image_user
from tightship.isolation.weakness import HOST, HOST_NETWORK, PRIVILEGED, ROOT
from tightship.values import port as ports

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import Final, Literal

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.container import Container
    from tightship.isolation.ports import Port
    from tightship.isolation.profile import Profile
    from tightship.isolation.weakness import MechanismState, Weakness
    from tightship.text import Span

    Direction = Literal["worse", "better", "neutral"]
    Key = tuple[str, str]

PORT = "published port"
CAPABILITIES = "capabilities"
RUNTIME = "runtime"

# The same user is the same isolation, whether the image names it or the service.
_BY_IMAGE = (", set by the image", ", the default of the image")
# The state of a mechanism that has a row only where it is weak.
_USUAL = {
    "control groups": "read-only",
    **dict.fromkeys(
        ("pid namespace", "network namespace", "ipc namespace", "uts namespace"), "its own"
    ),
    "cgroup namespace": "its own",
    "user namespace": "its own",
}
NONE = "none"
"""The state of a mechanism that a container lacks."""

# It says which namespaces have no row of their own.
_REST = "own namespaces"
# The widest range of ports that is compared port by port.
_WIDEST = 100
_NAMESPACE = " namespace"
# The flags of a RUN that give its step rights.
_RIGHTS = {("security", "insecure"): PRIVILEGED, ("network", "host"): HOST_NETWORK}


class State:
    """The state of one mechanism.

    ``text`` describes it in a few words. ``certain`` are the weaknesses that it surely
    has, and ``possible`` these and those that it may have. ``names`` are the
    capabilities that it leaves. ``place`` is absent for a default of Docker.
    ``exposure`` says how widely a port is published: 0 for the host at most, 3 for all.
    """

    __slots__ = ("certain", "exposure", "names", "place", "possible", "text")

    def __init__(
        self,
        text: str,
        place: Span | None = None,
        certain: frozenset[Weakness] = frozenset(),
        possible: frozenset[Weakness] = frozenset(),
        *,
        names: frozenset[str] = frozenset(),
        exposure: int = 0,
    ) -> None:
        self.text: Final = text
        self.place: Final = place
        self.certain: Final = certain
        self.possible: Final = certain | possible
        self.names: Final = names
        self.exposure: Final = exposure

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what two states share that mean the same."""
        # Of capabilities, their names and weaknesses tell all that the words do.
        text = "" if self.names else self.text
        for end in _BY_IMAGE:
            text = text.partition(end)[0]
        return text, self.certain, self.possible, self.names, self.exposure

    @property
    def is_decided(self) -> bool:
        """Return whether all its weaknesses are certain."""
        return self.possible == self.certain

    def __repr__(self) -> str:
        return f"State({self.text})"


def usual(mechanism: str) -> State:
    """Return the state of a mechanism of which a profile has no row."""
    return State(_USUAL.get(mechanism, NONE))


def states(profile: Profile) -> dict[Key, State]:
    """Return the states of a container by mechanism and subject.

    The subject is empty, or tells apart the paths, devices, groups and ports of which a
    container may have several.
    """
    found: dict[Key, State] = {}
    for row in profile.rows:
        if row.mechanism != _REST:
            state = _state(row, profile.container)
            _put(found, row.mechanism, _subject(row), state)
    for published in profile.container.ports:
        for subject, state in _ports(published):
            _put(found, PORT, subject, state)
    return found


def _put(found: dict[Key, State], mechanism: str, subject: str, state: State) -> None:
    """Add a state; of two about the same subject, the one with more weaknesses counts."""
    key = (mechanism, subject)
    known = found.get(key)
    if known is None or _weight(known) < _weight(state):
        found[key] = state


def _weight(state: State) -> tuple[int, int, str]:
    points = sum(one.points for one in state.possible)
    return points, state.exposure, state.text


def _state(row: MechanismState, container: Container) -> State:
    is_caps = row.mechanism == CAPABILITIES
    return State(
        row.state,
        row.place,
        frozenset(row.weaknesses),
        frozenset(row.possible),
        names=container.capabilities.bounding if is_caps else frozenset(),
    )


def _subject(row: MechanismState) -> str:
    if row.mechanism in ("host path", "device rule"):
        return row.state.partition(" ")[0]
    if row.mechanism == "group":
        return row.state.partition(":")[0]
    is_one = row.mechanism == "host device" and row.weaknesses != (PRIVILEGED,)
    return row.state if is_one else ""


def _ports(published: Port) -> Iterator[tuple[str, State]]:
    """Yield the ports of an entry, with how many can reach them."""
    parsed = published.parsed
    if published.decided and ports.is_loopback(published.host_ip):
        where, exposure = (published.host_ip or "").strip("[]"), 0
    elif not published.decided:
        where, exposure = "an address known only at run time", 1
    elif published.surely_on_all_interfaces:
        where, exposure = published.where, 3
    else:
        where, exposure = (published.host_ip or "").strip("[]"), 2
    for outer, target in _pairs(parsed.published, parsed.target):
        subject = f"{target}/{parsed.protocol}"
        text = f"{outer or 'a free port'} on {where}"
        yield subject, State(text, published.span, exposure=exposure)


def _pairs(published: str | None, target: str) -> list[tuple[str, str]]:
    """Return the ports of a range one by one, or the range if it is wide."""
    outer, inner = _range(published or ""), _range(target)
    if inner is None or len(inner) < 2 or (outer and len(outer) != len(inner)):
        return [(published or "", target)]
    if outer is None:
        return [(published or "", str(one)) for one in inner]
    return [(str(a), str(b)) for a, b in zip(outer, inner, strict=True)]


def _range(text: str) -> range | None:
    first, _, last = text.partition("-")
    if not (first.isdecimal() and (last or first).isdecimal()):
        return None
    found = range(int(first), int(last or first) + 1)
    return found if 0 < len(found) <= _WIDEST else None


def image_states(stage: Stage) -> dict[Key, State]:
    """Return the states of an image: its user, and the rights of its steps."""
    user = image_user(stage)
    text = user.value.text or user.value.raw if user.value is not None else "that of the base image"
    possible = frozenset((ROOT,) if user.is_root is not False else ())
    certain: frozenset[Weakness] = possible if user.is_root else frozenset()
    found = {("user", ""): State("root" if user.is_root else text, user.span, certain, possible)}
    for step in stage.steps:
        for flag in step.instruction.flags if isinstance(step, Run) else ():
            value = flag.value.value if flag.value is not None else ""
            right = _RIGHTS.get((flag.name.value, value))
            if right is not None:
                text = f"--{flag.name.value}={value}"
                found["build step", text] = State(text, flag.span, frozenset((right,)))
    return found


def changed_states(
    before: Profile, after: Profile, renamed: Mapping[str, str]
) -> Iterator[tuple[Key, State, State]]:
    """Yield the states that differ between two profiles, with both.

    ``renamed`` has the new name of each service that has another one now.
    """
    old, new = states(before), states(after)
    for key in dict.fromkeys((*old, *new)):
        mechanism = key[0]
        a, b = old.get(key) or usual(mechanism), new.get(key) or usual(mechanism)
        if a.meaning == b.meaning or _is_same_namespace(mechanism, a, b, renamed):
            continue
        if mechanism == PORT and a.exposure == b.exposure == 0:
            continue  # nobody but the host reaches it
        if mechanism == "cgroup namespace" and a.certain == b.certain == frozenset():
            continue  # its own, by Docker's default or by the file
        yield key, a, b


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
