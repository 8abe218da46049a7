"""What Compose rejects in a project, by the services that it concerns.

Compose rejects a project as a whole. But most reasons are about one service, and the
settings of all others are as good as in a project that Compose takes.

What depends on the environment of a run rejects nothing here: ``${X:?}`` without a value,
a file of variables, or a profile.
"""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.compose.specification.validate import validate
from tightship.lazy import TYPE_CHECKING, lazy_property
from tightship.model.refusal import Refusal
from tightship.model.value import MappingValue, ScalarValue, SequenceValue

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.frontends.compose.loading.fault import Fault
    from tightship.frontends.compose.project import ComposeProject
    from tightship.model.value import Value
    from tightship.text import Span

    # None for all services of a project.
    Names = tuple[str, ...] | None
    Reason = tuple[Span, str]

_OF_THE_RUN = frozenset(("disabled", "env-file", "no-effect", "required"))
# Services may use what these sections define.
_RESOURCES = frozenset(("networks", "volumes", "configs", "secrets", "models"))
# The most values in which a place is looked for: many services may share large anchors.
_MOST_VALUES = 100_000
_MOST_NAMED = 3


def refusals(project: ComposeProject, *, is_guess: bool = False) -> tuple[Refusal, ...]:
    """Return what Compose rejects in a project; a refusal of all of it comes first.

    Args:
        project: the project.
        is_guess: whether nobody says that its files are merged with one another, so that
            what shows only then does not count.

    """
    found = _Reasons(project, is_guess=is_guess)
    order = {name: place for place, name in enumerate(project.services)}
    if found.of_all:
        return (Refusal(_gap("the whole project", found.of_all), None), *found.unread())
    by_reasons: dict[tuple[Reason, ...], list[str]] = {}
    for name, reasons in sorted(found.of_services.items(), key=lambda one: order.get(one[0], 0)):
        by_reasons.setdefault(tuple(reasons), []).append(name)
    return (
        *(Refusal(_gap(_title(names), key), tuple(names)) for key, names in by_reasons.items()),
        *(Refusal(_gap("it", [one]), ()) for one in found.of_none),
        *found.unread(),
    )


class _Reasons:
    """The reasons for which Compose rejects a project, each once: places and sentences.

    ``of_services`` has those of each service, ``of_all`` those for which nothing in the
    project can be told, and ``of_none`` those about parts that no service uses.
    """

    def __init__(self, project: ComposeProject, *, is_guess: bool) -> None:
        self._project = project
        self.of_all: dict[Reason, None] = {}
        self.of_none: dict[Reason, None] = {}
        self.of_services: dict[str, dict[Reason, None]] = {}
        self._problems()
        self._violations()
        if not is_guess:
            for fault in (*project.faults, *project.inconsistencies):
                if fault.refused and fault.decided and fault.kind not in _OF_THE_RUN:
                    self._add(self._of_fault(fault), fault.span, fault.message)

    def unread(self) -> Iterator[Refusal]:
        """Yield the services of which a file cannot be read."""
        project = self._project
        for gap in project.gaps:
            names = tuple(self._users(gap.span))
            if names:
                reason = f"{_title(names)}: {gap.reason}"
                hides = not all(project.services[name].complete for name in names)
                yield Refusal(gap.replaced(reason=reason), names, hides_settings=hides)
            elif project.section("include") is not None:
                yield Refusal(gap, tuple(self._names))
        for span, message in project.loading.refused:
            names = tuple(self._with_env_file(span.source.name))
            if names:
                reason = f"Compose rejects a file of variables of {_title(names)}: {message}"
                yield Refusal(Gap(span, reason), names, hides_settings=False)

    def _add(self, names: Names, span: Span, message: str) -> None:
        if names is None:
            self.of_all[span, message] = None
        for name in names or ():
            self.of_services.setdefault(name, {})[span, message] = None
        if names == ():
            self.of_none[span, message] = None

    def _problems(self) -> None:
        loading = self._project.loading
        for path, stream in loading.streams.items():
            for problem in stream.problems:
                names: Names = None
                if path not in loading.whole:
                    names = self._in_file(path) or None
                self._add(names, problem.span, problem.message)

    def _violations(self) -> None:
        for file in self._project.files:
            found = file.violations
            if found and self._project.is_side and not file.partial:
                left = {one.span for one in validate(file.root, partial=True)}
                found = [one for one in found if one.span in left]
            for one in found:
                if not one.ignored:
                    self._add(self._at(one.path, one.span), one.span, one.message)

    def _of_fault(self, fault: Fault) -> Names:
        if fault.kind == "cycle" and not fault.path:
            return None  # of files that include one another
        names = self._at(fault.path, fault.span) or ()
        others = (one for place in fault.because for one in self._users(place.span))
        return tuple(dict.fromkeys((*names, *others))) if fault.kind == "cycle" else names

    def _at(self, path: Sequence[str | int], span: Span) -> Names:
        """Return the services that a place concerns, which a path of keys leads to."""
        section, name = (*map(str, path[:2]), "", "")[:2]
        is_section = section in ("services", "include") and len(path) == 1
        if is_section or self._project.root is None:
            return None
        found = dict.fromkeys(self._users(span))
        if section == "services" and name in self._names:
            found = {name: None, **found}
        elif section in _RESOURCES and name:
            found |= dict.fromkeys(self._using(section, name))
        return tuple(found)

    @lazy_property
    def _names(self) -> frozenset[str]:
        services = self._project.section("services")
        return frozenset(services.entries if isinstance(services, MappingValue) else ())

    def _users(self, span: Span) -> Iterable[str]:
        """Return the services whose settings have a key or a value at a place."""
        return self._by_place.get((span.source.name, span.start), ())

    def _in_file(self, path: str) -> tuple[str, ...]:
        """Return the services with settings in a file."""
        every = (names for (file, _), names in self._by_place.items() if file == path)
        return tuple(dict.fromkeys(name for names in every for name in names))

    @lazy_property
    def _by_place(self) -> dict[tuple[str, int], dict[str, None]]:
        found: dict[tuple[str, int], dict[str, None]] = {}
        left = _MOST_VALUES
        for name, service in self._project.services.items():
            for place in _places(service.table):
                left -= 1
                if left < 0:
                    return found
                found.setdefault((place.source.name, place.start), {})[name] = None
        return found

    def _with_env_file(self, path: str) -> Iterator[str]:
        for name, files in self._project.env_files.items():
            if any(one.source is not None and one.source.name == path for one in files):
                yield name

    def _using(self, section: str, name: str) -> Iterator[str]:
        for service in self._project.services.values():
            used = service.value(section)
            is_default = section == "networks" and name == "default"
            if name in _used(used) or (
                is_default and used is None and service.value("network_mode") is None
            ):
                yield service.name


def left_without_bases(
    project: ComposeProject, find_faults: Callable[[], Sequence[Fault]]
) -> Sequence[Fault]:
    """Return the faults of a project with gaps that are not about a service without its base.

    Nothing is known if another part is missing than the bases of services.
    """
    extends = {name: one.table.get("extends") for name, one in project.services.items()}
    unknown = {name: one.span for name, one in extends.items() if one is not None}
    if not all(any(one.contains(gap.span) for one in unknown.values()) for gap in project.gaps):
        return ()
    return [one for one in find_faults() if unknown.keys().isdisjoint(_about(one))]


def _about(fault: Fault) -> tuple[str, ...]:
    """Return the names of the services that a fault may be about."""
    value = fault.value.text if isinstance(fault.value, ScalarValue) else ""
    return (*fault.path[1:2], value.removeprefix("service:"))


def _used(value: Value | None) -> Iterator[str]:
    """Yield the names that a list or mapping of networks, volumes or others has."""
    if isinstance(value, MappingValue):
        yield from value.entries
    for item in value.items if isinstance(value, SequenceValue) else ():
        leaf = item.get("source") if isinstance(item, MappingValue) else item
        if isinstance(leaf, ScalarValue):
            yield leaf.text.partition(":")[0]


def _places(table: MappingValue) -> Iterator[Span]:
    """Yield the places of all keys and values in a mapping."""
    todo: list[Value] = [table]
    while todo:
        one = todo.pop()
        yield one.span
        if isinstance(one, MappingValue):
            for entry in one.entries.values():
                yield entry.key.span
                todo.append(entry.value)
        elif isinstance(one, SequenceValue):
            todo += one.items


def _title(names: Sequence[str]) -> str:
    """Return services in words: ``service `web```, or several with their number."""
    shown = ", ".join(f"`{one}`" for one in names[:_MOST_NAMED])
    more = len(names) - _MOST_NAMED
    shown += f" and {more} more" if more > 0 else ""
    return f"service{'s' if len(names) > 1 else ''} {shown}"


def _gap(what: str, reasons: Iterable[Reason]) -> Gap:
    (span, message), *others = reasons
    if message.startswith(f"{what} "):
        message = f"it{message.removeprefix(what)}"
    more = f", and {len(others)} more" if others else ""
    return Gap(span, f"Compose rejects {what}: {message}{more}")
