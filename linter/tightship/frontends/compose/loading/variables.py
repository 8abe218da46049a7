"""The variables of a project, and the places in ``.env`` that set them."""

from __future__ import annotations

from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.text import Source


class Variables:
    """Variables by name: those from outside, then those of ``.env`` files.

    A later file wins over an earlier one, and the outside wins over both. Inside of a
    file, ``$NAME`` is a variable from outside or from the lines before. An included
    project has its own ``.env``, for variables that the including project lacks.
    """

    __slots__ = ("_as_compose", "_outer", "_places", "_put", "_sources", "_values", "problems")

    def __init__(self, outer: Variables | Mapping[str, str] | None = None) -> None:
        self._outer: Variables | Mapping[str, str] = {} if outer is None else outer
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

    def get(self, name: str) -> str | None:
        """Return the value of a variable, or none where it is unset."""
        outer = self._outer.get(name)
        return self._values.get(name) if outer is None else outer

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
        found = list[tuple[Span, str]]()
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
