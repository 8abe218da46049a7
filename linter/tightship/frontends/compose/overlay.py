"""Overlays: files that are merged onto a main file, and say only what differs.

Compose loads a side file, such as `compose.prod.yaml`, only if `-f` names it: alone, or
after the main file. Which of the two is meant shows in its content. A service without
an image comes from elsewhere, and so does a network that the file does not define.
"""

from __future__ import annotations

from tightship.model.value import MappingValue, ScalarValue, SequenceValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tightship.model.value import Value

# One of them makes a service of a mapping.
_ESSENTIAL = ("image", "build", "provider", "extends")
# The keys of a service that refer to what a section defines.
_REFERENCES = {
    "networks": "networks",
    "volumes": "volumes",
    "secrets": "secrets",
    "configs": "configs",
    "depends_on": "services",
}


class BaseProject:
    """The project that a side file may be merged onto.

    ``paths`` are its files. ``is_near`` tells that it is in the same folder. ``services``
    holds the keys of each service, and ``names`` what each section defines.
    """

    def __init__(self, names: Iterable[str], root: MappingValue | None, *, is_near: bool) -> None:
        self.paths = tuple(names)
        self.is_near = is_near
        self.services: dict[str, frozenset[str]] = {}
        self.names: dict[str, frozenset[str]] = {}
        for section in _REFERENCES.values():
            found = root.get(section) if root is not None else None
            if isinstance(found, MappingValue):
                self.names[section] = frozenset(found.entries)
                if section == "services":
                    self.services = dict(_keys(found))


def is_overlay(root: MappingValue, underlay: BaseProject | None) -> bool:
    """Return whether a side file needs another one: for a service, or for a name."""
    services = root.get("services")
    if not isinstance(services, MappingValue):
        return False
    tables = _tables(services)
    if not all(map(is_defined, tables.values())):
        return True
    if underlay is None:
        return False
    for key, section in _REFERENCES.items():
        own = root.get(section)
        missing = underlay.names.get(section, frozenset[str]())
        if isinstance(own, MappingValue):
            missing -= own.entries.keys()
        if missing and any(
            not missing.isdisjoint(_referred(table.get(key))) for table in tables.values()
        ):
            return True
    return False


def is_defined(service: MappingValue) -> bool:
    """Return whether a service has something to run, so that no other file is needed."""
    return any(service.get(key) is not None for key in _ESSENTIAL)


def _tables(section: MappingValue) -> Mapping[str, MappingValue]:
    return {
        name: entry.value
        for name, entry in section.entries.items()
        if isinstance(entry.value, MappingValue)
    }


def _keys(section: MappingValue) -> Iterator[tuple[str, frozenset[str]]]:
    for name, table in _tables(section).items():
        yield name, frozenset(table.entries)


def _referred(value: Value | None) -> Iterator[str]:
    """Yield the names that a list or a mapping of references holds."""
    if isinstance(value, MappingValue):
        yield from value.entries
    for item in value.items if isinstance(value, SequenceValue) else ():
        source = item.get("source") if isinstance(item, MappingValue) else item
        if isinstance(source, ScalarValue):
            yield source.text.partition(":")[0]
