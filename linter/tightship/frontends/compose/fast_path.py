"""Screen the projects that need the full check of their consistency.

The full check (:mod:`~tightship.frontends.compose.effective.consistency`) needs the project in
canonical form, which costs more than all other work on a small file. Most projects
plainly pass: every name is defined, keys that may contradict one another do not meet,
and the results of variables fit their places.
"""

from __future__ import annotations

from tightship.frontends.compose.specification.accepts import suits
from tightship.frontends.compose.specification.keys import FILE
from tightship.model.value import MappingValue, ScalarValue, SequenceValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.specification.shape import Shape
    from tightship.model.value import Value
    from tightship.text import Span

# Keys that may contradict one another.
_PAIRS = (
    ("network_mode", "networks"),
    ("deploy", "cpus"),
    ("deploy", "mem_limit"),
    ("deploy", "mem_reservation"),
    ("deploy", "pids_limit"),
    ("deploy", "container_name"),
    ("deploy", "scale"),
    ("scale", "container_name"),
    ("build", "platform"),
)
# Keys whose values are checked in themselves.
_INTRICATE = frozenset(("gpus", "develop", "external_links", "models"))
_MOUNTED = frozenset(("volumes", "devices"))
_NEEDING = frozenset(("depends_on", "links", "volumes_from", "network_mode", "pid", "ipc"))
_RESOURCES = ("networks", "volumes", "secrets", "configs")


def is_plain(root: MappingValue, *, templated: bool = True, as_written: bool = False) -> bool:
    """Return whether a merged project surely passes the full check.

    ``templated`` is false where no file holds a variable, so that no value needs its own
    check. ``as_written`` tells that the tree is one document, with nothing merged onto it.
    """
    if templated and not _is_filled_well(root, FILE, as_written):
        return False
    defined = {section: _names(root.get(section)) for section in _RESOURCES}
    defined["networks"] = {*defined["networks"], "default"}
    services = root.get("services")
    needs: dict[str, set[str]] = {}
    for name, entry in services.entries.items() if isinstance(services, MappingValue) else ():
        service = entry.value
        if not isinstance(service, MappingValue) or not _is_plain_service(service, defined):
            return False
        needs[name] = set(_needed(service))
    return (
        _ends(needs)
        and _are_plain(root.get("volumes"), ())
        and _are_plain(root.get("secrets"), ("file", "environment"))
        and _are_plain(root.get("configs"), ("file", "environment", "content"))
    )


def _is_filled_well(value: Value, shape: Shape | None, as_written: bool) -> bool:
    """Return whether the decided results of variables fit their places."""
    if shape is None or shape.anything:
        return True
    if isinstance(value, ScalarValue):
        return not (value.templated and value.decided) or suits(shape, value.text)
    if as_written and not _may_use_variables(value.span):
        return True
    if isinstance(value, SequenceValue):
        return all(_is_filled_well(item, shape.items, as_written) for item in value.items)
    if shape.each is not None and shape.each.anything:
        return True
    return all(
        _is_filled_well(entry.value, shape.below(key), as_written)
        for key, entry in value.entries.items()
    )


def _may_use_variables(span: Span) -> bool:
    """Return whether a text may hold a variable, also as an escape or by an alias."""
    text, start, end = span.source.text, span.start, span.end
    return (
        text.find("$", start, end) >= 0
        or text.find("*", start, end) >= 0
        or text.find("\\", start, end) >= 0
    )


def _is_plain_service(service: MappingValue, defined: dict[str, set[str]]) -> bool:
    keys = service.entries.keys()
    build = service.get("build") if "build" in keys else None
    if not (_names(service.get("image")) - {""} or _names(build)):
        return False
    if keys & _INTRICATE or any(a in keys and b in keys for a, b in _PAIRS):
        return False
    devices = "resources", "reservations", "devices"
    if "deploy" in keys and service.get("deploy", *devices) is not None:
        return False
    if isinstance(build, MappingValue) and build.entries.keys() & {
        "dockerfile_inline",
        "additional_contexts",
        "secrets",
    }:
        return False
    # Most services have few of these.
    return (
        ("networks" not in keys or _names(service.get("networks")) <= defined["networks"])
        and (keys.isdisjoint(_MOUNTED) or _are_plain_mounts(service, defined["volumes"]))
        and ("secrets" not in keys or _sources(service.get("secrets")) <= defined["secrets"])
        and ("configs" not in keys or _sources(service.get("configs")) <= defined["configs"])
    )


def _are_plain_mounts(service: MappingValue, volumes: set[str]) -> bool:
    written = service.get("volumes")
    for item in written.items if isinstance(written, SequenceValue) else ():
        if isinstance(item, MappingValue):
            kind, source = item.get("type"), item.get("source")
            if not isinstance(kind, ScalarValue) or not isinstance(source, ScalarValue):
                return False
            if kind.text == "volume" and source.text not in volumes:
                return False
        elif isinstance(item, ScalarValue):
            source_text, colon, _ = item.text.partition(":")
            is_path = source_text[:1] in (".", "/", "~")
            if colon and not is_path and source_text not in volumes:
                return False
    devices = service.get("devices")
    return not isinstance(devices, SequenceValue) or not any(
        isinstance(item, MappingValue) for item in devices.items
    )


def _needed(service: MappingValue) -> Iterator[str]:
    """Yield the names of the services that one needs to start."""
    for key, entry in service.entries.items():
        if key not in _NEEDING:
            continue
        for name in _names(entry.value):
            if key == "depends_on":
                yield name
            elif key in ("links", "volumes_from"):
                if not name.startswith("container:"):
                    yield name.partition(":")[0]
            elif name.startswith("service:"):
                yield name.removeprefix("service:")


def _ends(needs: dict[str, set[str]]) -> bool:
    """Return whether every needed service is defined, and none needs itself."""
    waiting = {name: len(needed) for name, needed in needs.items()}
    needing: dict[str, list[str]] = {}
    for name, needed in needs.items():
        for other in needed:
            needing.setdefault(other, []).append(name)
    ready = [name for name, count in waiting.items() if not count]
    started = 0
    while ready:
        started += 1
        for name in needing.get(ready.pop(), ()):
            waiting[name] -= 1
            if not waiting[name]:
                ready.append(name)
    return started == len(needs)


def _are_plain(section: Value | None, contents: tuple[str, ...]) -> bool:
    """Return whether no resource is external, and each has one content if it needs one."""
    for entry in section.entries.values() if isinstance(section, MappingValue) else ():
        body = entry.value
        keys: set[str] = set(body.entries) if isinstance(body, MappingValue) else set()
        if "external" in keys or len(keys.intersection(contents)) != bool(contents):
            return False
    return True


def _names(value: Value | None) -> set[str]:
    """Return the keys of a mapping, the items of a list, or a lone text."""
    if isinstance(value, MappingValue):
        return set(value.entries)
    if isinstance(value, SequenceValue):
        return {item.text for item in value.items if isinstance(item, ScalarValue)}
    return {value.text} if isinstance(value, ScalarValue) and not value.is_null else set()


def _sources(value: Value | None) -> set[str]:
    found: set[str] = set()
    for item in value.items if isinstance(value, SequenceValue) else ():
        source = item.get("source") if isinstance(item, MappingValue) else item
        found.add(source.text if isinstance(source, ScalarValue) else "")
    return found
