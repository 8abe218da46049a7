"""The variables of a stage, as its words see them from step to step."""

from __future__ import annotations

from bisect import bisect_left

from tightship.frontends.dockerfile.variable import Variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

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
