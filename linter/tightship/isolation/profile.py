"""The isolation profile of a container: its mechanisms, and a grade from A to F.

Each weakness costs points (`weakness.py`); the sum gives the grade. What is unknown may
or may not cost them, so that a grade is a range from the best to the worst case. A
weakness that hands over the host makes it F, whatever else is set.
"""

from __future__ import annotations

from tightship.isolation.mechanisms import table
from tightship.isolation.weakness import HOST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Final, Literal, TypeAlias

    from tightship.findings import Gap
    from tightship.isolation.container import Container
    from tightship.isolation.weakness import MechanismState, Weakness
    from tightship.text import Span

    Grade: TypeAlias = Literal["A", "B", "C", "D", "E", "F"]

GRADES: tuple[Grade, ...] = ("A", "B", "C", "D", "E", "F")
BOUNDS: tuple[tuple[Grade, int], ...] = (("A", 2), ("B", 5), ("C", 9), ("D", 14))
"""The most points of each grade; with more it is E, and with ``HOST`` it is F."""


class Profile:
    """The isolation of one container.

    ``rows`` are its mechanisms, in a fixed order. ``best`` is the grade if all that is
    unknown is strong, and ``worst`` the grade if all of it is weak. ``gap`` tells why the
    service could not be checked, if it could not.
    """

    __slots__ = ("best", "container", "gap", "rows", "worst")

    def __init__(self, container: Container, gap: Gap | None = None) -> None:
        self.container: Final = container
        self.gap: Final = gap
        self.rows: Final[tuple[MechanismState, ...]] = tuple(table(container))
        certain = {one for row in self.rows for one in row.weaknesses}
        possible = {one for row in self.rows for one in row.possible}
        self.best: Final = grade_of(certain)
        self.worst: Final = grade_of(certain | possible)

    @property
    def name(self) -> str:
        """Return the name of the service."""
        return self.container.name

    @property
    def span(self) -> Span:
        """Return the place of the service's name."""
        return self.container.span

    @property
    def grade(self) -> str:
        """Return the grade: a letter, or two where what is unknown decides."""
        return self.best if self.best == self.worst else f"{self.best}-{self.worst}"

    @property
    def weak(self) -> tuple[MechanismState, ...]:
        """Return the mechanisms that the files could make stronger."""
        return tuple(row for row in self.rows if row.mark == "weak")

    @property
    def weaknesses(self) -> tuple[Weakness, ...]:
        """Return what surely costs points, each once, the dearest first."""
        found = dict.fromkeys(one for row in self.rows for one in row.weaknesses)
        return tuple(sorted(found, key=lambda one: -one.points))


def grade_of(weaknesses: Iterable[Weakness]) -> Grade:
    """Return the grade of a container with these weaknesses."""
    points = sum(one.points for one in weaknesses)
    if points >= HOST:
        return "F"
    for grade, most in BOUNDS:
        if points <= most:
            return grade
    return "E"


def is_below(grade: str, target: str) -> bool:
    """Return whether a grade, a letter, is worse than another one."""
    return grade > target
