"""Variables of a Dockerfile, their uses in words, and how a stage sees them from step to step."""

from __future__ import annotations

from bisect import bisect_left

from tightship.lazy import TYPE_CHECKING, Record
from tightship.values.hole import has_hole

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.text import Span


class Variable:
    """A variable as it is known at some place.

    ``text`` is its value, with a hole ``${NAME}`` for each unknown part, or ``None`` if
    it is unknown whether it is set. ``decided`` is true if the whole value is known.
    ``kind`` is ``argument`` (the default of an ARG), ``given`` (a build argument),
    ``environment`` (ENV), ``platform`` (predefined, as TARGETARCH) or ``unknown``.
    ``span`` is where it is set. ``unset`` is the text of a build argument where what it takes
    its value from has none, if that is known.
    """

    __slots__ = ("decided", "kind", "name", "span", "text", "unset")

    def __init__(
        self,
        name: str,
        text: str | None,
        kind: str,
        span: Span | None = None,
        unset: str | None = None,
    ) -> None:
        self.unset = unset
        self.name = name
        self.text = text
        self.decided = text is not None and not has_hole(text)
        self.kind = kind
        self.span = span

    def __repr__(self) -> str:
        return f"Variable({self.name}={self.text!r}, {self.kind})"

    def with_default(self, text: str) -> Variable:
        """Return a build argument that has a default where the builder's environment has none."""
        if self.text is not None or self.unset is not None:
            return self
        return Variable(self.name, None, self.kind, self.span, text)


class Read(Record, frozen=False):
    """One use of a variable in a word.

    ``start`` and ``end`` are the offsets, in the raw word, of the whole ``$X`` or
    ``${X…}``. ``variable`` is ``None`` if it is surely not set. ``defaulted`` is true
    if the word behind ``-``, ``:-``, ``+`` or ``:+`` replaces the value. ``counts`` is
    false within an operand that is not taken, as B in ``${A:-$B}`` with A set.
    """

    name: str
    start: int
    end: int
    variable: Variable | None
    defaulted: bool = False
    counts: bool = True

    def __repr__(self) -> str:
        return f"Read({self.name} at {self.start}-{self.end})"


END = 1 << 60
"""The place behind all steps."""

_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LONGEST = 65_536  # `ENV A=$A$A`, some times over, would fill the memory.
_DEEPEST = 200  # Stages that are based on each other; those further down are ignored.


class Scope:
    """The variables that the steps of a stage set, above those of its base.

    Without an image there is still the ``PATH`` that BuildKit sets.
    """

    __slots__ = ("_below", "_exported", "_history", "_image", "_takes_arguments")

    def __init__(self, below: Scope | None, *, takes_arguments: bool = True) -> None:
        """Begin with the variables of the base; without one, with an unknown image.

        A stage of another build gets no arguments of the base.
        """
        self._below = below
        self._takes_arguments = takes_arguments
        self._image: dict[str, Variable | None] | None = below._image if below else None
        self._history: dict[str, list[tuple[int, Variable]]] = {}
        self._exported: dict[str, Variable] = {}

    def start_with_nothing(self, *, on_linux: bool) -> None:
        """Begin without an image, as ``FROM scratch`` does."""
        # BuildKit sets a PATH where an image does not, except for Windows.
        path = Variable("PATH", _PATH if on_linux else None, "unknown")
        self._image = {"PATH": path}

    def set(self, index: int, variable: Variable) -> None:
        """Set a variable at a step."""
        if variable.text is not None and len(variable.text) > _LONGEST:
            variable = Variable(variable.name, None, variable.kind, variable.span)
        self._history.setdefault(variable.name, []).append((index, variable))
        if variable.kind == "environment":
            self._exported[variable.name] = variable

    def known(self, name: str, before: int = END) -> Variable | None:
        """Return a variable as it is known before a step; None if surely not set.

        A stage gets the arguments of the stage that it is based on (Dockerfile
        reference, scope of ARG), but the environment of the image, which it gets as
        well, goes over them.
        """
        events = self._history.get(name, ())
        at = bisect_left(events, before, key=lambda event: event[0])
        if at:
            return events[at - 1][1]
        if self._below is None:
            return self._of_the_image(name)
        known = self._below.exported(name)
        if not self._takes_arguments or (known is not None and known.kind == "environment"):
            return known
        for scope in self._below._chain():
            if name in scope._history:
                last = scope._history[name][-1][1]
                # The image may set it as well: then it has one of two values.
                text = last.text if known is None else None
                return Variable(name, text, last.kind, last.span)
        return known

    def exported(self, name: str) -> Variable | None:
        """Return a variable of the image's environment."""
        scope = self
        for scope in self._chain():
            if name in scope._exported:
                return scope._exported[name]
        if scope._below is not None:
            return Variable(name, None, "unknown")
        return self._of_the_image(name)

    def environment(self) -> dict[str, Variable]:
        """Return what ENV sets, by name; the image may set more."""
        found: dict[str, Variable] = {}
        for scope in self._chain():
            for name, variable in scope._exported.items():
                found.setdefault(name, variable)
        return found

    def _chain(self) -> Iterator[Scope]:
        scope: Scope | None = self
        for _ in range(_DEEPEST):
            if scope is None:
                return
            yield scope
            scope = scope._below

    def _of_the_image(self, name: str) -> Variable | None:
        if self._image is None:
            return Variable(name, None, "unknown")
        return self._image.get(name)
