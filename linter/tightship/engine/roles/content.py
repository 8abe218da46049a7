"""What a Compose file defines, and what it takes from elsewhere, by its text alone."""

from __future__ import annotations

import posixpath

from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue, ScalarValue, SequenceValue, value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tightship.model.value import Value
    from tightship.syntax.yaml import nodes as yaml

    Name = tuple[str, str]
    """A section, and a name in it: ``("networks", "front")``."""

# One of them makes a service of a mapping.
ESSENTIAL = ("image", "build", "provider", "extends")
# The keys of a service that refer to what a section defines.
_REFERENCES = {
    "networks": "networks",
    "volumes": "volumes",
    "secrets": "secrets",
    "configs": "configs",
    "depends_on": "services",
}
_SECTIONS = frozenset(_REFERENCES.values())
# What an override file of `tightship harden` sets.
_HARDENING = frozenset((
    "read_only", "tmpfs", "volumes", "cap_drop", "cap_add", "security_opt", "mem_limit",
    "pids_limit", "deploy",
))  # fmt: skip


class Content(Record):
    """What a file defines and needs.

    ``services`` holds the keys of each service. ``defined`` are the names that it defines,
    and ``needed`` those that something else has to define if it does not. ``extended`` are
    the files that services extend from, with the service, and ``included`` are those that
    it includes, both as they are written. ``is_open`` tells that a part is not known.
    """

    services: Mapping[str, frozenset[str]]
    defined: frozenset[Name]
    needed: frozenset[Name]
    extended: tuple[Name, ...]
    included: tuple[str, ...]
    is_open: bool


def content_of(stream: yaml.Stream) -> Content:
    """Return what all documents of a file define and need."""
    services: dict[str, frozenset[str]] = {}
    defined, needed = set[tuple[str, str]](), set[tuple[str, str]]()
    extended, included = list[tuple[str, str]](), list[str]()
    is_open = bool(stream.lost)
    reading = Reading(NONE)
    for document in stream.documents:
        root = value(document, (), reading)
        if not isinstance(root, MappingValue):
            continue
        for section in _SECTIONS:
            for name, table in _tables(root.get(section)):
                if section != "services":
                    defined.add((section, name))
                    continue
                keys = table.entries.keys() if isinstance(table, MappingValue) else ()
                services[name] = services.get(name, frozenset[str]()).union(keys)
                needed.add((section, name))
                if isinstance(table, MappingValue):
                    needed.update(_needed(table))
                    extended += _extended(table)
                    if any(table.get(key) is not None for key in ESSENTIAL):
                        defined.add((section, name))
        for one in _items(root.get("include")):
            path = one.get("path") if isinstance(one, MappingValue) else one
            for leaf in path.items if isinstance(path, SequenceValue) else (path,):
                if isinstance(leaf, ScalarValue) and leaf.decided and "://" not in leaf.text:
                    included.append(leaf.text)
                else:
                    is_open = True
    return Content(
        services, frozenset(defined), frozenset(needed), (*extended,), (*included,), is_open
    )


def lacking(contents: Iterable[Content]) -> frozenset[Name]:
    """Return the names that files need and none of them defines, if all are known."""
    needed, defined = set[tuple[str, str]](), {("networks", "default")}
    for one in contents:
        if one.is_open:
            return frozenset()
        needed |= one.needed
        defined |= one.defined
    return frozenset(needed - defined)


def only_hardens(override: yaml.Stream, bases: Iterable[yaml.Stream]) -> bool:
    """Return whether an override file only adds what `tightship harden` writes.

    Other keys, and a mount on a path that a base mounts, may hide what the bases do alone.
    """
    mounted = {path for base in bases for one in _services(base) for path in _mounted(one)}
    for service in _services(override):
        deploy = service.get("deploy")
        parts = deploy.entries.keys() if isinstance(deploy, MappingValue) else {"resources"}
        if not service.entries.keys() <= _HARDENING or parts != {"resources"}:
            return False
        if not mounted.isdisjoint(_mounted(service)):
            return False
    return not override.problems


def _services(stream: yaml.Stream) -> Iterator[MappingValue]:
    for document in stream.documents:
        root = value(document, (), Reading(NONE))
        section = root.get("services") if isinstance(root, MappingValue) else None
        yield from (one for _, one in _tables(section) if isinstance(one, MappingValue))


def _mounted(service: MappingValue) -> Iterator[str]:
    """Yield the paths of mounts; of a short form, also the source."""
    for mount in (*_items(service.get("volumes")), *_items(service.get("tmpfs"))):
        target = mount.get("target") if isinstance(mount, MappingValue) else mount
        written = target.text.split(":") if isinstance(target, ScalarValue) else ()
        yield from (posixpath.normpath(one) for one in written if one.startswith("/"))


def relative(name: str, written: str) -> str:
    """Return the path that a file writes, relative to the root."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), written))


def _tables(section: Value | None) -> Iterator[tuple[str, Value]]:
    if isinstance(section, MappingValue):
        for name, entry in section.entries.items():
            yield name, entry.value


def _items(found: Value | None) -> Iterable[Value]:
    if isinstance(found, SequenceValue):
        return found.items
    return () if found is None else (found,)


def _needed(service: MappingValue) -> Iterator[Name]:
    """Yield the names that a service refers to."""
    for key, section in _REFERENCES.items():
        found = service.get(key)
        if isinstance(found, MappingValue):
            yield from ((section, name) for name in found.entries)
        for item in found.items if isinstance(found, SequenceValue) else ():
            if name := _named(item, section):
                yield section, name


def _named(item: Value, section: str) -> str:
    """Return the name that an item of a list refers to, if it does."""
    if isinstance(item, MappingValue):
        kind = item.get("type")
        if isinstance(kind, ScalarValue) and kind.text != "volume":
            return ""
        source = item.get("source")
    else:
        source = item
    if not isinstance(source, ScalarValue) or not source.decided:
        return ""
    if section != "volumes":
        return source.text
    name, found, _ = source.text.partition(":")
    is_name = found or isinstance(item, MappingValue)
    return name if is_name and name[:1] not in ("", ".", "/", "~") and "\\" not in name else ""


def _extended(service: MappingValue) -> Iterator[Name]:
    extends = service.get("extends")
    if isinstance(extends, MappingValue):
        file, name = extends.get("file"), extends.get("service")
        if isinstance(file, ScalarValue) and isinstance(name, ScalarValue) and file.decided:
            yield file.text, name.text
