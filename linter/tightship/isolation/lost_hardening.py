"""Lost hardening: settings of a file that another value overrides."""

from __future__ import annotations

from tightship.findings import Related
from tightship.isolation.hardening import hardenings
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import Entry, MappingValue, ScalarValue, SequenceValue
from tightship.syntax.yaml import nodes as yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.isolation.container import Container
    from tightship.isolation.hardening import Hardening
    from tightship.model.reading import Step
    from tightship.model.value import Value
    from tightship.text import Span

    Path = tuple[str, ...]

_LIMITS = ("deploy", "resources", "limits")
# The places of hardening, and of the values that override it.
_PLACES: tuple[Path, ...] = (
    *((key,) for key in ("privileged", "read_only", "oom_kill_disable", "user")),
    *((key,) for key in ("pid", "network_mode", "ipc", "uts", "userns_mode", "cgroup")),
    ("runtime",),
    *((key,) for key in ("security_opt", "cap_drop", "mem_limit", "cpus", "cpu_quota")),
    *((key,) for key in ("cpuset", "pids_limit", "ulimits", "logging", "volumes")),
    *(_LIMITS[:depth] for depth in (1, 2, 3)),
    *((*_LIMITS, key) for key in ("memory", "cpus", "pids")),
    ("logging", "driver"),
    ("logging", "options"),
    ("logging", "options", "max-size"),
)


class LostHardening(Record):
    """Hardening of a file, and the value that overrides it.

    ``how`` is ``merge`` (a key next to ``<<`` overrides it), ``extends`` (a service
    overrides its base), ``file`` (a file overrides one below it), ``reset`` or
    ``override`` (a file removes it with that tag). ``span`` is the place that decides,
    ``path`` leads to it from the service, and ``now`` is the value in effect there, if
    there is one. ``origin`` names the anchor, service or file of the hardening.
    """

    container: Container
    how: str
    path: Path
    span: Span
    origin: str
    now: Value | None
    lost: tuple[Hardening, ...]

    @property
    def names(self) -> str:
        """Return the lost settings in words."""
        return ", ".join(one.what for one in self.lost)

    @property
    def related(self) -> tuple[Related, ...]:
        """Return the places where they are set."""
        return tuple(Related(one.span, f"{one.what} is set here") for one in self.lost)


def lost_hardening(container: Container) -> list[LostHardening]:
    """Return the lost hardening of a container, each setting once, by its last override."""
    found: list[LostHardening] = []
    seen: set[str] = set()
    for one in _overridden(container):
        before = _with(container, one.path, one.value)
        lost = tuple(
            was
            for was in hardenings(before)
            if was.name not in seen and one.only in ("", was.name) and not was.kept(container)
        )
        if lost:
            seen.update(was.name for was in lost)
            found.append(
                LostHardening(container, one.how, one.path, one.span, one.origin, one.now, lost)
            )
    return found


class _Overridden(Record):
    """A value that is not in effect, and the one that is, if there is one.

    ``only`` is the name of the one hardening that it may lose, or empty.
    """

    how: str
    path: Path
    span: Span
    value: Value
    origin: str
    now: Value | None = None
    only: str = ""


def _overridden(container: Container) -> Iterator[_Overridden]:
    for path in _PLACES:
        parent = container.settings.table.get(*path[:-1])
        entry = parent.entries.get(path[-1]) if isinstance(parent, MappingValue) else None
        if entry is None:
            continue
        yield from _replaced(path, entry, entry.value)
        if path == ("volumes",) and isinstance(entry.value, SequenceValue):
            for item in entry.value.items:
                for lost in item.overridden:
                    one = SequenceValue(entry.value.node, (), item.reading, [lost])
                    how, step = _how(path, item, lost)
                    yield _Overridden(
                        how, path, item.span, one, origin=_origin(step, lost), now=item
                    )
    ulimits = container.settings.table.get("ulimits")
    if isinstance(ulimits, MappingValue):
        for name, entry in ulimits.entries.items():
            yield from _replaced(("ulimits", name), entry, entry.value)
    yield from _outranked(container)
    for removal in container.project.removed_from(container.name):
        yield _Overridden(
            removal.tag,
            removal.path[2:],
            removal.key,
            removal.value,
            origin=_origin(_step(removal.value, "extends"), removal.value),
        )


def _replaced(path: Path, entry: Entry, winner: Value) -> Iterator[_Overridden]:
    for lost in winner.overridden:
        how, step = _how(path, winner, lost)
        if isinstance(winner, ScalarValue) and not winner.is_null:
            span = winner.span
        elif step is not None and how == "merge":
            span = _key(path, step) or step.span
        else:
            span = _nearest(entry, winner)
        yield _Overridden(how, path, span, lost, origin=_origin(step, lost), now=winner)


def _how(path: Path, winner: Value, lost: Value) -> tuple[str, Step | None]:
    """Return how a value is overridden, and the step that it took alone."""
    step: Step | None = None
    for here, there in zip((*winner.provenance, None), lost.provenance, strict=False):
        if here is not there:
            step = there
            break
    if step is None:
        return "file", None
    if step.kind == "extends":
        return "extends", step
    if step.kind == "merge":
        beside = any(s.kind == "merge" and s.span == step.span for s in winner.provenance)
        if beside or _key(path, step) is not None:
            return "merge", step
    return "file", None


def _key(path: Path, step: Step) -> Span | None:
    """Return the key next to a ``<<``, in the same mapping."""
    for key, _ in step.into.entries if step.into else ():
        if isinstance(key, yaml.Scalar) and key.value == path[-1]:
            return key.span
    return None


def _nearest(entry: Entry, winner: Value) -> Span:
    """Return the key of a value, among the keys of all files."""
    keys = [
        key.span
        for key in (entry.key, *entry.earlier)
        if key.span.source is winner.span.source and key.span.start <= winner.span.start
    ]
    return max(keys, key=lambda span: span.start, default=entry.key.span)


def _step(value: Value, kind: str) -> Step | None:
    return next((step for step in value.provenance if step.kind == kind), None)


def _origin(step: Step | None, lost: Value) -> str:
    if step is not None and step.kind == "extends":
        return f"service `{step.name}`"
    if step is not None and step.kind == "merge":
        return f"`*{step.name}`" if step.name else "`<<`"
    return f"`{lost.span.source.name}`"


def _outranked(container: Container) -> Iterator[_Overridden]:
    """Yield security options that stay in the list, but before one that wins."""
    security, options = container.security, container.security.options
    for name, now in (
        ("no-new-privileges", security.no_new_privileges.source),
        ("seccomp", security.seccomp.source),
        ("apparmor", security.apparmor.source),
        ("selinux", security.selinux.source),
    ):
        source = options.source
        if not isinstance(now, ScalarValue) or not isinstance(source, SequenceValue):
            continue
        kind = "label" if name == "selinux" else name
        found = _before(source.items, now, kind)
        if found is not None:
            item, how, step = found
            yield _Overridden(
                how,
                ("security_opt",),
                now.span,
                SequenceValue(source.node, (), item.reading, [item]),
                origin=_origin(step, item),
                now=now,
                only=name,
            )


def _before(
    items: list[Value], now: ScalarValue, kind: str
) -> tuple[ScalarValue, str, Step | None] | None:
    """Return the last option of a kind before one that another layer has."""
    found: tuple[ScalarValue, str, Step | None] | None = None
    for item in items:
        if item is now:
            break
        if isinstance(item, ScalarValue) and item.text.startswith(kind):
            how, step = _how(("security_opt",), now, item)
            if how == "extends" or item.span.source is not now.span.source:
                found = item, how, step
    return found


def _with(container: Container, path: Path, value: Value) -> Container:
    """Return a container with the overridden value alone."""
    for key in reversed(path):
        node = yaml.Mapping(value.span, [], flow=True)
        entry = Entry(yaml.Scalar(value.span, key), value)
        value = MappingValue(node, (), value.reading, {key: entry})
    table = value if isinstance(value, MappingValue) else container.settings.table
    return type(container)(container.settings.holding(table))
