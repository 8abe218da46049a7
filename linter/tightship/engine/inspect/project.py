"""What a project makes of what stands in its files: for hovers and lenses."""

from __future__ import annotations

from tightship.compose.loading.tree import Items, Leaf, Table
from tightship.engine.inspect.stage import inspected
from tightship.isolation.table import Row, table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.tree import Value
    from tightship.engine.inspect.stage import InspectedStage
    from tightship.isolation.container import Container
    from tightship.isolation.project import LoadedProject
    from tightship.text import Span

_MOST_VALUES = 20_000


class Inspected:
    """A service: its name, where that stands, and what isolates its container."""

    __slots__ = ("dockerfile", "image", "name", "rows", "span")

    def __init__(self, container: Container) -> None:
        service, stage = container.service, container.stage
        self.name = container.name
        self.span = container.span
        self.rows: list[Row] = table(container)
        self.image = service.text("image").value or ""
        self.dockerfile = stage.build.source.name if stage is not None else ""

    @property
    def weak(self) -> list[Row]:
        """Return the mechanisms that the file could make stronger."""
        return [row for row in self.rows if row.mark == "weak"]


class Trail:
    """The way of a value: where it is written, what it comes to, and what it replaced.

    ``text`` is the value in effect, ``${NAME}`` standing for what only a run can tell.
    ``steps`` tell how it came, each with its place. ``in_effect`` is false for a value
    that another one replaces: then ``text`` and ``place`` are that one's.
    """

    __slots__ = ("in_effect", "place", "steps", "text")

    def __init__(
        self,
        text: str,
        place: Span,
        steps: tuple[tuple[str, Span], ...],
        *,
        in_effect: bool,
    ) -> None:
        self.text = text
        self.place = place
        self.steps = steps
        self.in_effect = in_effect


class Inspection:
    """A project, to be asked about."""

    __slots__ = ("_loaded", "services")

    def __init__(self, loaded: LoadedProject) -> None:
        self._loaded = loaded
        self.services = [Inspected(one) for one in loaded.containers]

    def service_at(self, name: str, offset: int) -> Inspected | None:
        """Return the service whose name stands at an offset of a file."""
        for service in self.services:
            span = service.span
            if span.source.name == name and span.start <= offset <= span.end:
                return service
        return None

    def service(self, name: str) -> Inspected | None:
        """Return the service of a name."""
        return next((one for one in self.services if one.name == name), None)

    def stages(self, name: str) -> list[InspectedStage]:
        """Return the stages of a Dockerfile that a service builds, by its name."""
        built = self._loaded.built
        return [] if built is None else inspected(built, name)

    def trail_at(self, name: str, offset: int) -> Trail | None:
        """Return the way of the scalar at an offset of a file, if it has a story.

        A plain value that is in effect where it is written has none.
        """
        for value in self._values():
            if _is_at(value, name, offset) and isinstance(value, Leaf):
                return _story(value)
            for old in value.overridden:
                if _is_at(old, name, offset) and isinstance(value, Leaf):
                    return Trail(value.text, value.span, _steps(value), in_effect=False)
        return None

    def _values(self) -> Iterator[Value]:
        """Yield the values of the effective tree, so many that it stays quick."""
        compose = self._loaded.compose
        pending: list[Value] = [compose.root] if compose and compose.root else []
        for _ in range(_MOST_VALUES):
            if not pending:
                return
            value = pending.pop()
            yield value
            if isinstance(value, Table):
                pending += (entry.value for entry in value.entries.values())
            elif isinstance(value, Items):
                pending += value.items


def _is_at(value: Value, name: str, offset: int) -> bool:
    span = value.span
    return span.source.name == name and span.start <= offset <= span.end


def _story(value: Leaf) -> Trail | None:
    steps = _steps(value)
    if not steps and not value.templated:
        return None
    return Trail(value.text, value.span, steps, in_effect=True)


def _steps(value: Leaf) -> tuple[tuple[str, Span], ...]:
    words = {
        "alias": "through the alias `*{}`",
        "merge": "through `<<: *{}`",
        "default": "`{}` is not set, so its default counts",
        "variable": "`{}` is set here",
        "extends": "through `extends` of `{}`",
        "include": "through `include` of `{}`",
    }
    came = [
        (words.get(step.kind, "through `{}`").format(step.name), step.span)
        for step in value.provenance
    ]
    old = [("in the place of this value", other.span) for other in value.overridden]
    return (*came, *old)
