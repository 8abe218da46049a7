"""Questions about the services and values of a project, for hovers and lenses."""

from __future__ import annotations

from tightship.engine.inspect.stage import inspected
from tightship.isolation.profile import Profile
from tightship.lazy import Record
from tightship.model.value import MappingValue, ScalarValue, SequenceValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.engine.inspect.stage import InspectedStage
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.isolation.mechanism_state import MechanismState
    from tightship.model.value import Value
    from tightship.text import Span

_MOST_VALUES = 20_000


class Inspected:
    """A service: its name, the place of the name, and the isolation of its container."""

    def __init__(self, container: Container) -> None:
        service, stage = container.settings, container.stage
        self.name = container.name
        self.span = container.span
        self.profile = Profile(container)
        self.rows: tuple[MechanismState, ...] = self.profile.rows
        self.image = service.text("image").value or ""
        self.dockerfile = stage.build.source.name if stage is not None else ""

    @property
    def weak(self) -> tuple[MechanismState, ...]:
        """Return the mechanisms that the file could tighten."""
        return self.profile.weak


class Provenance(Record):
    """The provenance of a value.

    ``text`` is the value in effect, with ``${NAME}`` for undecided parts, and ``place``
    where it is written. ``steps`` describe its provenance, each with its place.
    ``name`` is the key of the value, and ``variables`` are those that it is made of.
    ``in_effect`` is false for a value that another one replaces: then ``text`` and
    ``place`` are those of the other.
    """

    text: str
    place: Span
    steps: tuple[tuple[str, Span], ...]
    name: str
    variables: tuple[str, ...]
    in_effect: bool


class Inspection:
    """Answers questions about a project."""

    def __init__(self, loaded: LoadedProject) -> None:
        self._loaded = loaded
        self.services = [Inspected(one) for one in loaded.containers]

    def service(self, name: str) -> Inspected | None:
        """Return the service with a name."""
        return next((one for one in self.services if one.name == name), None)

    def stages(self, name: str) -> list[InspectedStage]:
        """Return the stages of a Dockerfile, by the name of the file."""
        built = self._loaded.built
        return [] if built is None else inspected(built, name)

    def provenance_at(self, name: str, offset: int) -> Provenance | None:
        """Return the provenance of the scalar at an offset of a file.

        Return None for a plain value that is in effect where it is written.
        """
        for key, value in self._values():
            if not isinstance(value, ScalarValue):
                continue
            is_here = _is_at(value, name, offset)
            if is_here and not value.templated and not _steps(value):
                return None
            if is_here or any(_is_at(old, name, offset) for old in value.overridden):
                return Provenance(
                    value.text,
                    value.span,
                    _steps(value),
                    name=key,
                    variables=_variables(value),
                    in_effect=is_here,
                )
        return None

    def _values(self) -> Iterator[tuple[str, Value]]:
        """Yield the values of the effective tree with their keys, up to a limit."""
        compose = self._loaded.compose
        root = compose.root if compose else None
        pending: list[tuple[str, Value]] = [("", root)] if root else []
        for _ in range(_MOST_VALUES):
            if not pending:
                return
            key, value = pending.pop()
            yield key, value
            if isinstance(value, MappingValue):
                entries = value.entries.items()
                pending += ((name, entry.value) for name, entry in entries)
            elif isinstance(value, SequenceValue):
                pending += (("", item) for item in value.items)


def _is_at(value: Value, name: str, offset: int) -> bool:
    span = value.span
    return span.source.name == name and span.start <= offset <= span.end


def _variables(value: ScalarValue) -> tuple[str, ...]:
    kinds = ("variable", "default")
    found = (step.name for step in value.provenance if step.kind in kinds)
    return (*found, *value.from_environment)


def _steps(value: ScalarValue) -> tuple[tuple[str, Span], ...]:
    words = {
        "alias": "through the alias `*{}`",
        "merge": "through `<<: *{}`",
        "default": "`{}` is not set, so its default counts",
        "variable": "`{}` is set here",
        "extends": "through `extends` of `{}`",
        "include": "through `include` of `{}`",
    }
    steps = [
        (words.get(step.kind, "through `{}`").format(step.name), step.span)
        for step in value.provenance
    ]
    old = [("in the place of this value", other.span) for other in value.overridden]
    return (*steps, *old)
