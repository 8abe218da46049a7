"""The variables of a project: what ``.env`` sets, and where."""

from __future__ import annotations

from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from tightship.text import Source


class Variables:
    """Variables by name: those from outside, then those of ``.env`` files.

    A later file wins over an earlier one, and what comes from outside wins over
    both. Inside of a file, ``$NAME`` means what is known from outside and from the
    lines before. An included project has its own ``.env``, which gives only what the
    including project does not know.
    """

    __slots__ = ("_outer", "_places", "_values", "problems")

    def __init__(self, outer: Variables | Mapping[str, str] | None = None) -> None:
        """Start with what is known from outside."""
        self._outer: Variables | Mapping[str, str] = {} if outer is None else outer
        self._values: dict[str, str] = {}
        self._places: dict[str, Span] = {}
        self.problems: list[tuple[Span, str]] = []

    def read(self, source: Source) -> None:
        """Add what a ``.env`` file sets."""
        from tightship.values import dotenv  # few projects have one

        parsed = dotenv.parse(source.text, self.get)
        for problem in parsed.problems:
            place = Span(source, problem.offset, problem.offset)
            self.problems.append((place, problem.message))
        for entry in parsed.entries:
            if entry.value is not None:
                self._values[entry.key] = entry.value
                self._places[entry.key] = Span(source, entry.start, entry.end)

    def get(self, name: str) -> str | None:
        """Return a variable's value, or none where it is unset."""
        outer = self._outer.get(name)
        return self._values.get(name) if outer is None else outer

    def place(self, name: str) -> Span | None:
        """Return where a variable gets its value, if that is in a file."""
        if self._outer.get(name) is not None:
            outer = self._outer
            return outer.place(name) if isinstance(outer, Variables) else None
        return self._places.get(name)


NONE = Variables()
"""No variable has a value."""
