"""Answers to questions about one place: for hovers and lenses."""

from __future__ import annotations

from tightship.isolation.effect import KEYS, effect
from tightship.isolation.user import image_user
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.syntax.yaml.nodes import Scalar, Sequence, steps_to
from tightship.syntax.yaml.read import read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.dockerfile.stage import Stage
    from tightship.isolation.loaded_project import BuiltImages, LoadedProject
    from tightship.isolation.profile import Profile
    from tightship.isolation.weakness import MechanismState
    from tightship.model.project import Removal
    from tightship.model.value import Value
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source, Span


_MOST_VALUES = 20_000

_MOST = 50  # of ports, or of volumes


class Inspected:
    """A service: its name, the place of the name, and the isolation of its container."""

    def __init__(self, profile: Profile) -> None:
        container = profile.container
        service, stage = container.settings, container.stage
        self.name = container.name
        self.span = container.span
        self.profile = profile
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
    ``place`` are those of the other. ``overridden`` are the values that it replaces.
    """

    text: str
    place: Span
    steps: tuple[tuple[str, Span], ...]
    name: str
    variables: tuple[str, ...]
    in_effect: bool
    overridden: tuple[Provenance, ...] = ()


class Inspection:
    """Answers questions about a project."""

    def __init__(self, loaded: LoadedProject) -> None:
        self._loaded = loaded
        self.services = [Inspected(one) for one in loaded.profiles()]

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
        for key, value in self.values():
            if not isinstance(value, ScalarValue):
                continue
            is_here = _is_at(value, name, offset)
            if is_here and not (value.templated or value.overridden or _steps(value)):
                return None
            if is_here or any(_is_at(old, name, offset) for old in value.overridden):
                return _provenance(key, value, in_effect=is_here)
        return None

    def removal_at(self, name: str, offset: int) -> Removal | None:
        """Return what removes the value at an offset of a file, if a file does."""
        compose = self._loaded.compose
        for service in compose.services if compose is not None else ():
            for one in compose.removed_from(service) if compose is not None else ():
                if _is_at(one.value, name, offset):
                    return one
        return None

    def values(self) -> Iterator[tuple[str, Value]]:
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


def _provenance(key: str, value: ScalarValue, *, in_effect: bool) -> Provenance:
    replaced = (one for one in value.overridden if isinstance(one, ScalarValue))
    return Provenance(
        value.as_compose if value.unset else value.text,
        value.span,
        _steps(value),
        name=key,
        variables=_variables(value),
        in_effect=in_effect,
        overridden=tuple(_provenance(key, one, in_effect=False) for one in replaced),
    )


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
        "unset": "`{}` is not set, so it is empty",
        "extends": "through `extends` of `{}`",
        "include": "through `include` of `{}`",
    }
    steps = [
        (words.get(step.kind, "through `{}`").format(step.name), step.span)
        for step in value.provenance
    ]
    blank = "`{}` is not set in the files: without a value in the shell, Compose puts nothing there"
    unset = [(blank.format(name), value.span) for name in value.unset]
    return (*steps, *unset)


class ScalarAtOffset(Record):
    """The scalar at an offset.

    ``service`` is the name of the service whose key it is, and ``effect`` the effect of
    the setting in Markdown; either may be empty. ``value`` is the value of a key that is
    no service and does not hold services.
    """

    span: Span
    service: str
    effect: str
    value: Span | None = None


def scalar_at(source: Source, offset: int) -> ScalarAtOffset | None:
    """Return the scalar at an offset of a text."""
    for document in reversed(read(source).documents):
        if document.span.start <= offset:
            return _spot_in(document, offset)
    return None


def _spot_in(root: Node, offset: int) -> ScalarAtOffset | None:
    node = root
    path: list[str] = []
    for key, node in steps_to(root, offset):
        if key is None:
            continue
        if not isinstance(key, Scalar):
            return None
        path.append(key.value)
        if _holds(key, offset):
            return _of_key(path, key, node)
    if isinstance(node, Scalar) and _holds(node, offset):
        return ScalarAtOffset(node.span, "", _effect(path, node.value))
    return None


def _of_key(path: list[str], key: Scalar, value: Node) -> ScalarAtOffset:
    if path[0] == "services" and len(path) < 3:
        return ScalarAtOffset(key.span, key.value if len(path) == 2 else "", "")
    if isinstance(value, Sequence):
        items = (item.value for item in value.items if isinstance(item, Scalar))
        effects = dict.fromkeys(_effect(path, item) for item in items)
        return ScalarAtOffset(key.span, "", "\n\n".join(filter(None, effects)), value.span)
    text = value.value if isinstance(value, Scalar) else ""
    return ScalarAtOffset(key.span, "", _effect(path, text), value.span)


def _effect(path: list[str], value: str) -> str:
    """Return the effect of a setting of a service, or of an extension field (`x-`)."""
    is_service = len(path) == 3 and path[0] == "services"
    is_shared = len(path) in (2, 3) and path[0].startswith("x-")
    if path[-1:] and path[-1] in KEYS and (is_service or is_shared):
        return effect(path[-1], value)
    return ""


def _holds(node: Node, offset: int) -> bool:
    return node.span.start <= offset <= node.span.end


class InspectedStage:
    """A stage, and its image.

    ``span`` is that of its FROM, and ``end`` the end of its last instruction.
    ``services`` run the image. ``user`` is the user of its processes, and ``is_root`` is
    None if the Dockerfile does not decide that.
    """

    def __init__(self, stage: Stage, services: tuple[str, ...]) -> None:
        user = image_user(stage)
        self.title = stage.title
        self.span: Span = stage.instruction.span
        spans = [one.span for one in stage.steps] + [one.span for one in stage.triggers]
        self.end = max(one.end for one in (self.span, *spans))
        self.services = services
        self.is_root = user.is_root
        if user.value is not None:
            self.user = user.value.text or user.value.raw
        else:
            self.user = "root" if user.is_root else ""
        self.exposed = tuple(one.raw for one in stage.exposed[:_MOST])
        self.volumes = tuple(one.raw for one in stage.volumes[:_MOST])


def inspected(built: BuiltImages, name: str) -> list[InspectedStage]:
    """Return the stages of a Dockerfile, by the name of the file.

    If it is built in several ways, a stage is that of the first service that runs it,
    or else that of the first build.
    """
    stages: dict[int, Stage] = {}
    services: dict[int, list[str]] = {}
    for image in built.images:
        stage = image.stage
        if stage.build.source.name == name:
            stages.setdefault(stage.index, stage)
            names = (container.name for container in image.containers)
            services.setdefault(stage.index, []).extend(names)
    for build in built.builds:
        if build.source.name == name:
            for stage in build.stages:
                stages.setdefault(stage.index, stage)
    return [
        InspectedStage(stages[index], tuple(services.get(index, ()))) for index in sorted(stages)
    ]
