"""The context of a value that is read: its variables, its folder and its bounds."""

from __future__ import annotations

import posixpath

from tightship.findings import Gap
from tightship.lazy import TYPE_CHECKING, LazyModule, Record
from tightship.text import Span
from tightship.values.hole import LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.syntax.yaml import nodes as yaml
    from tightship.text import Source
    from tightship.values import variable
else:
    variable = LazyModule("tightship.values.variable")

# The number of nodes that compose-go visits before it gives up (loader/reset.go).
BUDGET = 100_000
_TOO_MANY = (
    f"more than {BUDGET:,} values unfold from the aliases of this file; the rest is not checked"
)

LONGEST = 10_000_000
"""The characters that the values of variables may take in all texts of a project."""

_TOO_LONG = (
    f"the values of variables take more than {LIMIT:,} characters here, so it is not checked"
)
_FULL = (
    f"the values of variables take more than {LONGEST:,} characters in all; later ones"
    " are not checked"
)


class Variables:
    """Variables by name: those from outside, then those of ``.env`` files.

    A later file wins over an earlier one, and the outside wins over both. Inside of a
    file, ``$NAME`` is a variable from outside or from the lines before. An included
    project has its own ``.env``, for variables that the including project lacks. Of
    variables that are not settled, none has a value, and defaults decide nothing.
    """

    __slots__ = (
        "_as_compose",
        "_outer",
        "_places",
        "_put",
        "_sources",
        "_values",
        "are_settled",
        "problems",
    )

    def __init__(self, outer: Variables | Mapping[str, str] | None = None) -> None:
        self._outer: Variables | Mapping[str, str] = {} if outer is None else outer
        self.are_settled: bool = not isinstance(outer, Variables) or outer.are_settled
        self._values: dict[str, str] = {}
        self._places: dict[str, Span] = {}
        self._put: dict[str, str] = {}
        self._sources: list[Source] = []
        self._as_compose: dict[str, str] | None = None
        self.problems: list[tuple[Span, str]] = []

    @property
    def sources(self) -> tuple[Source, ...]:
        """Return the ``.env`` files."""
        return tuple(self._sources)

    def read(self, source: Source) -> None:
        """Add the variables of a ``.env`` file."""
        from tightship.values import dotenv  # few projects have one

        self._sources.append(source)
        self._as_compose = None
        parsed = dotenv.parse(source.text, self.get)
        for problem in parsed.problems:
            place = Span(source, problem.offset, problem.offset)
            self.problems.append((place, problem.message))
        for entry in parsed.entries:
            if entry.value is not None:
                self._values[entry.key] = entry.value
                self._places[entry.key] = Span(source, entry.start, entry.end)

    def put(self, name: str, value: str) -> None:
        """Set a variable that no file sets."""
        self._values[name] = value
        self._put[name] = value
        self._as_compose = None

    @classmethod
    def unsettled(cls) -> Variables:
        """Return variables that any environment may set, so that no default decides."""
        made = cls()
        made.are_settled = False
        return made

    def get(self, name: str) -> str | None:
        """Return the value of a variable, or none where it is unset."""
        if not self.are_settled:
            return None
        outer = self._outer.get(name)
        return self._values.get(name) if outer is None else outer

    @property
    def names(self) -> frozenset[str]:
        """Return the names of the variables that something sets."""
        outer = self._outer.names if isinstance(self._outer, Variables) else self._outer
        return frozenset((*outer, *self._values))

    def as_compose(self, name: str) -> str | None:
        """Return the value of a variable, where an unset one in it is empty."""
        outer = (
            self._outer.as_compose(name)
            if isinstance(self._outer, Variables)
            else self._outer.get(name)
        )
        if outer is not None:
            return outer
        if self._as_compose is None:
            self._read_as_compose()
        assert self._as_compose is not None
        return self._as_compose.get(name)

    @property
    def rejected(self) -> list[tuple[Span, str]]:
        """Return what Compose rejects in the files if nothing else sets variables.

        Those are the problems, and each ``${NAME:?}`` without a value.
        """
        return self._read_as_compose()

    def _read_as_compose(self) -> list[tuple[Span, str]]:
        """Read the files as Compose does, and return what it rejects."""
        found: list[tuple[Span, str]] = []
        self._as_compose = dict(self._put)
        for source in self._sources:
            from tightship.values import dotenv

            parsed = dotenv.parse(source.text, self.as_compose, as_compose=True)
            self._as_compose |= parsed.values()
            found += (
                (Span(source, problem.offset, problem.offset), problem.message)
                for problem in parsed.problems
            )
        return found

    def place(self, name: str) -> Span | None:
        """Return the place of a variable's value, if that is in a file."""
        if self._outer.get(name) is not None:
            outer = self._outer
            return outer.place(name) if isinstance(outer, Variables) else None
        return self._places.get(name)


NONE = Variables()
"""No variables at all."""


class Step(Record):
    """One step of the provenance of a value, and its place.

    ``kind`` is ``alias`` (``*name``), ``merge`` (``<<``), ``default`` (the value after
    ``:-`` in ``${NAME:-value}``), ``variable`` (a value from ``.env``), ``unset`` (a variable
    that Compose takes as empty), ``extends`` or ``include``. ``name`` is that of the anchor, the variable, the service or the file.
    ``into`` is the mapping that has the ``<<`` of a ``merge``.
    """

    kind: str
    name: str
    span: Span
    into: yaml.Mapping | None = None


class Bounds:
    """The number of values that may still be read, and the gaps where it ends.

    ``room`` is the number of characters that the values of variables may still take;
    ``is_full`` tells that one did not fit.
    """

    __slots__ = ("budget", "gaps", "is_full", "reason", "room")

    def __init__(self, gaps: list[Gap] | None = None, reason: str = _TOO_MANY) -> None:
        self.budget = BUDGET
        self.room = LONGEST
        self.is_full = False
        self.gaps: list[Gap] = [] if gaps is None else gaps
        self.reason = reason

    def spend(self, values: int, node: yaml.Node) -> bool:
        """Take from the budget, and tell whether there was enough."""
        if self.budget < values:
            if self.budget >= 0:
                self.gaps.append(Gap(node.span, self.reason))
            self.budget = -1
            return False
        self.budget -= values
        return True


class Reading:
    """The context of a value that is read.

    ``directory`` is the folder from which Compose resolves relative paths, relative
    to the project root; an extended or included file may have another one.
    """

    __slots__ = ("bounds", "directory", "variables")

    def __init__(
        self, variables: Variables, *, directory: str = "", bounds: Bounds | None = None
    ) -> None:
        self.variables = variables
        self.directory = directory
        self.bounds = bounds or Bounds()

    def expand(self, node: yaml.Scalar) -> variable.Expansion:
        """Put values in place of the variables in a text, as long as there is room.

        A large file may use a long value in each of its lines.
        """
        bounds = self.bounds
        limit = min(LIMIT, bounds.room)
        template = variable.parse(node.value)
        if not self.variables.are_settled:
            return variable.undecided(template)
        expansion = variable.expand(template, self.variables.get, limit)
        bounds.room -= expansion.taken
        if expansion.cut and limit == LIMIT:
            bounds.gaps.append(Gap(node.span, _TOO_LONG))
        elif expansion.cut and not bounds.is_full:
            bounds.gaps.append(Gap(node.span, _FULL))
            bounds.is_full = True
        return expansion


def resolve(directory: str, path: str) -> str:
    """Return a path as Compose resolves it from a directory, relative to the root."""
    if posixpath.isabs(path):
        return path
    return posixpath.normpath(posixpath.join(directory, path))
