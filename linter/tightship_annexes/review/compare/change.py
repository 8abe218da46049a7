"""What a change does to the isolation of projects: values that reports show."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from typing import Literal

    from tightship.engine.plan.scope import SkippedFile
    from tightship.engine.verdict import JudgedFinding
    from tightship.findings import Gap
    from tightship.isolation.connection import Connection, Node
    from tightship.isolation.state import Direction, State
    from tightship.text import Span

    Kind = Literal["changed", "renamed", "new", "removed", "same"]


class MechanismChange(Record):
    """A mechanism of a container that differs.

    ``subject`` is the path, device, group or port, if a container may have several.
    ``before`` is None for a row of a new service.
    """

    mechanism: str
    subject: str
    before: State | None
    after: State
    direction: Direction

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what two changes share that mean the same."""
        before = self.before.meaning if self.before is not None else None
        return self.mechanism, self.subject, before, self.after.meaning

    def __repr__(self) -> str:
        subject = f" {self.subject}" if self.subject else ""
        before = self.before.text if self.before is not None else ""
        change = f"{before} -> {self.after.text}"
        return f"RowChange({self.mechanism}{subject}: {change}, {self.direction})"


class ReachChange(Record):
    """Services that can, or can no longer, open connections to a service.

    ``after`` is ``yes``, ``no`` or ``unknown``, and so is ``before``.
    """

    sources: tuple[str, ...]
    before: str
    after: str

    @property
    def direction(self) -> Direction:
        """Return whether more can be reached."""
        order = ("no", "unknown", "yes")
        more = order.index(self.after) > order.index(self.before)
        return "worse" if more else "better"

    def __repr__(self) -> str:
        return f"ReachChange({', '.join(self.sources)}: {self.before} -> {self.after})"


class EdgeChange(Record):
    """An edge of the map that is only on one side: how a node reaches another one directly.

    With ``is_mutual``, the target reaches the source as well. ``moved`` are those of the
    two that are not part of the connection on the other side.
    """

    source: Node
    target: Node
    connection: Connection
    is_new: bool
    is_mutual: bool
    moved: frozenset[Node] = frozenset()

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what two changes share that mean the same."""
        one = self.connection
        return self.source, self.target, one.kind, one.name, self.is_new

    def __repr__(self) -> str:
        arrow = "<->" if self.is_mutual else "->"
        what = "new" if self.is_new else "gone"
        return f"EdgeChange({self.source} {arrow} {self.target}: {what})"


class ServiceChange(Record):
    """A service that differs: its grades on both sides, and what has changed.

    ``former`` is the name that it had before. ``before`` or ``after`` is empty for a
    service that is only on one side. An image that no service builds has no grades, and
    another ``noun``.
    """

    name: str
    kind: Kind
    before: str
    after: str
    span: Span
    rows: tuple[MechanismChange, ...] = ()
    reach: tuple[ReachChange, ...] = ()
    former: str = ""
    noun: str = "service"

    @property
    def direction(self) -> Direction:
        """Return ``worse`` if anything is, else ``better`` if anything is."""
        rows: list[Direction] = [one.direction for one in self.rows]
        return worst([*rows, *(one.direction for one in self.reach)])


class ProjectChange(Record):
    """A project that differs.

    ``name`` is its main file, and ``former`` the one that it had before if it has
    another one now. ``gaps`` are the parts of either side that could not be checked; if
    it was not ``is_compared``, that is all of it. ``hidden`` says by what the change hides
    the project, if it does. ``find_edges`` returns the edges of the map that differ.
    """

    name: str
    kind: Kind
    services: tuple[ServiceChange, ...]
    gaps: tuple[RevisionGap, ...] = ()
    former: str = ""
    find_edges: Callable[[], tuple[EdgeChange, ...]] = tuple
    hidden: str = ""
    is_compared: bool = True

    @lazy_property
    def edges(self) -> tuple[EdgeChange, ...]:
        """Return the edges of the map that are only on one side, new ones first."""
        return self.find_edges()  # Not every report shows them.

    @property
    def direction(self) -> Direction:
        """Return ``worse`` if any service is, else ``better`` if any is."""
        return worst(one.direction for one in self.services)


class RevisionGap(Record):
    """A part that was not checked ``before`` the change, ``after`` it, or on both sides."""

    side: Literal["before", "after", "both"]
    gap: Gap


class NewFinding(Record):
    """A finding that a check of the change reports, and whether it makes that fail."""

    judged: JudgedFinding
    fails: bool


class Comparison(Record):
    """What a change does to the isolation of all projects that it touches.

    ``settings`` are the places of settings that decide which files are compared, and
    that the change edits. ``findings`` are new in a check, and ``lost`` parts that it can no
    longer check; both are unknown without Git. ``missed`` are renamed files that others name
    by their former names. ``left`` are files that the change edits, and that are not read.
    """

    before: str
    after: str
    projects: Sequence[ProjectChange]
    settings: Sequence[Span] = ()
    missed: Collection[str] = ()
    findings: Sequence[NewFinding] = ()
    lost: Sequence[Gap] = ()
    left: Sequence[SkippedFile] = ()

    def with_new(
        self,
        projects: Iterable[ProjectChange] = (),
        findings: Sequence[NewFinding] = (),
        lost: Sequence[Gap] = (),
        left: Sequence[SkippedFile] = (),
    ) -> Comparison:
        """Return the comparison with further projects, what is new in a check, and not read."""
        every = sorted((*self.projects, *projects), key=lambda one: one.name)
        return self.replaced(projects=every, findings=findings, lost=lost, left=left)

    @property
    def services(self) -> tuple[ServiceChange, ...]:
        """Return the services that differ in any project."""
        return tuple(one for project in self.projects for one in project.services)

    @property
    def gaps(self) -> tuple[RevisionGap, ...]:
        """Return the parts of either side that could not be checked."""
        lost = (RevisionGap("after", one) for one in self.lost)
        return (*(one for project in self.projects for one in project.gaps), *lost)

    def count(self, direction: Direction) -> int:
        """Return the number of services that changed in a direction."""
        return sum(one.direction == direction for one in self.services)


def worst(directions: Iterable[Direction]) -> Direction:
    """Return ``worse`` if there is one, else ``better`` if there is one."""
    found = set(directions)
    if "worse" in found:
        return "worse"
    return "better" if "better" in found else "neutral"
