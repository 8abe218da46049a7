"""One mechanism of a container's isolation: a row of its profile."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from tightship.isolation.weakness import Weakness
    from tightship.text import Span

    Mark = Literal["strong", "weak", "unknown"]

BY_PRIVILEGE = "by `privileged`"
"""The end of a state that `privileged` brings about."""


class MechanismState:
    """One mechanism of a container's isolation.

    ``state`` describes it in a few words. ``mark`` is ``weak`` where the file could make
    it stronger, and ``unknown`` where only a run decides. ``place`` is that of the
    setting, and absent where it is Docker's default. ``weaknesses`` are those that it
    surely has, and ``possible`` those that an unknown one may have.
    """

    __slots__ = ("mark", "mechanism", "place", "possible", "state", "weaknesses")

    def __init__(
        self,
        mechanism: str,
        mark: Mark,
        state: str,
        place: Span | None = None,
        *weaknesses: Weakness,
        possible: tuple[Weakness, ...] = (),
    ) -> None:
        self.mechanism = mechanism
        self.mark: Mark = mark
        self.state = state
        self.place = place
        self.weaknesses = weaknesses
        self.possible = possible


def undecided(
    name: str, place: Span | None, *possible: Weakness, certain: tuple[Weakness, ...] = ()
) -> MechanismState:
    """Return a row for what known only at run time."""
    state = "known only at run time"
    return MechanismState(name, "unknown", state, place, *certain, possible=possible)
