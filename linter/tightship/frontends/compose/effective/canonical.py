"""The canonical form: one form of each setting, for all the forms that files have.

The key table (:mod:`tightship.frontends.compose.specification.keys`) has the forms of each place
and the one that Compose makes of them (compose-go, transform/canonical.go and types).
"""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.compose.effective.value import (
    Effective,
    RefusedError,
    device_of,
    ports,
    printed,
    raw,
    text,
    volume,
)
from tightship.frontends.compose.loading.fault import Fault
from tightship.frontends.compose.specification.accepts import expected, suits
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.shape import FREE, NULL, Shape
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import MappingValue, ScalarValue, SequenceValue
from tightship.values import shell_words

if TYPE_CHECKING:
    from tightship.frontends.compose.specification.shape import Unique
    from tightship.model.value import Entry, Value

    Path = tuple[str, ...]


# The deepest nesting below `x-`, where users may nest as they like.
_DEEPEST = 60
# Here a name without a value keeps none; elsewhere its value is empty.
_BARE = frozenset(("args", "environment", "ssh"))


def canonical(root: MappingValue, faults: list[Fault]) -> Effective:
    """Return the merged tree in canonical form, and collect its faults.

    An unset variable is empty in it, as it is for Compose.
    """
    return _Canonical(faults).table(root, FILE, ())


class _Canonical(Record):
    faults: list[Fault]

    def value(self, value: Value, shape: Shape | None, path: Path) -> Effective:
        if shape is None or shape is FREE:
            return _free(value, 0)
        if isinstance(value, MappingValue):
            return self.table(value, shape, path)
        if isinstance(value, SequenceValue):
            return self.items(value, shape, path)
        try:
            return self.leaf(value, shape, path)
        except RefusedError as refused:
            self.refuse(value, path, str(refused))
            return Effective(None, value)

    def refuse(self, value: Value, path: Path, wanted: str) -> None:
        self.faults.append(
            Fault(
                "cast",
                value.span,
                f"`{path[-1] if path else ''}` must be {wanted}",
                path=path,
                value=value,
                decided=not isinstance(value, ScalarValue) or value.decided,
            )
        )

    def leaf(self, leaf: ScalarValue, shape: Shape, path: Path) -> Effective:
        if leaf.is_null:
            if not shape.scalars & NULL:
                raise RefusedError(expected(shape))
            return Effective(None, leaf)
        if shape.first:
            command = [Effective("CMD-SHELL", leaf), Effective(text(leaf), leaf)]
            return Effective(command, leaf)
        if shape.lone and shape.keys is not None:
            child = self.value(leaf, shape.keys[shape.lone], (*path, shape.lone))
            return Effective({shape.lone: child}, leaf)
        if shape.form == "mount":
            return volume(text(leaf), leaf)
        if shape.form == "device":
            return device_of(text(leaf), leaf)
        if shape.canonical == "list" and shape.items is not None:
            empty = not text(leaf) and path[2:] == ("dns",)
            return Effective([] if empty else [self.value(leaf, shape.items, path)], leaf)
        if shape.items is not None and shape.merge == "replace":
            return _command_line(leaf)
        if leaf.templated and not suits(shape, leaf.as_compose):
            raise RefusedError(expected(shape))
        if shape.items is not None and shape.choices:
            return Effective([Effective({"count": Effective(-1, leaf)}, leaf)], leaf)
        return _scalar(leaf, shape)

    def items(self, value: SequenceValue, shape: Shape, path: Path) -> Effective:
        if shape.canonical == "pairs":
            return Effective(self.pairs(value, path), value)
        if shape.canonical == "names":
            names = {
                text(item): Effective(None, item)
                for item in value.items
                if isinstance(item, ScalarValue)
            }
            return Effective(names, value)
        if shape.canonical == "hosts":
            return Effective(self.hosts(value.items, path), value)
        found: list[Effective] = []
        servers = path[:1] == ("services",) and path[2:] == ("dns",)
        for item in value.items:
            if isinstance(item, ScalarValue) and (item.is_null or (servers and not text(item))):
                continue
            if isinstance(item, ScalarValue) and shape.items and shape.items.form == "port":
                try:
                    found += ports(text(item), item)
                except RefusedError as refused:
                    self.refuse(item, path, str(refused))
            else:
                found.append(self.value(item, shape.items, path))
        return Effective(unique(found, shape.unique), value)

    def table(self, value: MappingValue, shape: Shape, path: Path) -> Effective:
        if shape.canonical == "pairs":
            return Effective(self.pairs_of(value, shape, path), value)
        if shape.canonical == "hosts":
            return Effective(self.hosts_of(value, path), value)
        entries: dict[str, Effective] = {}
        for key, entry in value.entries.items():
            name = _name(key, entry, shape)
            entries[name] = self.value(entry.value, shape.below(key), (*path, name))
            entries[name].named = name == key
            if shape.each is not None and shape.each.keys is None:
                _filled(entries[name])
        return Effective(entries, value)

    def pairs(self, value: SequenceValue, path: Path) -> dict[str, Effective]:
        entries: dict[str, Effective] = {}
        for item in value.items:
            if not isinstance(item, ScalarValue) or item.is_null:
                continue
            name, equals, rest = text(item).partition("=")
            found = Effective(rest, item) if equals else _inherited(name, item, path)
            entries[name] = found if path[-1] in _BARE else _filled(found)
        return entries

    def pairs_of(self, value: MappingValue, shape: Shape, path: Path) -> dict[str, Effective]:
        entries: dict[str, Effective] = {}
        for key, entry in value.entries.items():
            leaf = entry.value
            name = _name(key, entry, shape)
            if not isinstance(leaf, ScalarValue):
                self.refuse(leaf, (*path, name), "a single value")
            elif not leaf.is_null:
                entries[name] = Effective(text(leaf), leaf)
            elif value.listed or entry.key.span == leaf.span:
                entries[name] = _inherited(name, leaf, path)
            else:
                entries[name] = Effective(None, leaf)
            if path[-1] not in _BARE and name in entries:
                _filled(entries[name])
        return entries

    def hosts(self, items: list[Value], path: Path) -> list[Effective]:
        found: list[Effective] = []
        for item in items:
            if not isinstance(item, ScalarValue) or item.is_null:
                continue
            host, equals, addresses = text(item).partition("=")
            if not equals:
                host, equals, addresses = text(item).partition(":")
            if not equals or not host or ":" in host:
                self.refuse(item, path, "a host and its address, `host=address`")
                continue
            found += _hosts(host, addresses.split(","), item)
        return sorted(found, key=lambda item: item.text)

    def hosts_of(self, value: MappingValue, path: Path) -> list[Effective]:
        found: list[Effective] = []
        for host, entry in value.entries.items():
            listed = entry.value
            items = listed.items if isinstance(listed, SequenceValue) else [listed]
            for item in items:
                if isinstance(item, ScalarValue):
                    found += _hosts(host, [text(item)], item)
        return sorted(found, key=lambda item: item.text)


def _command_line(leaf: ScalarValue) -> Effective:
    line = shell_words.split(text(leaf))
    if line is None:
        raise RefusedError("a command whose quotes and brackets are closed")
    return Effective([Effective(word, leaf) for word in line], leaf)


def _filled(value: Effective) -> Effective:
    """Return a value, with an empty text in place of null."""
    if value.content is None:
        value.content = ""
    return value


def _hosts(host: str, addresses: list[str], leaf: ScalarValue) -> list[Effective]:
    bare = (a[1:-1] if a.startswith("[") and a.endswith("]") else a for a in addresses)
    return [Effective(f"{host}={address}", leaf) for address in bare]


def _inherited(name: str, leaf: ScalarValue, path: Path) -> Effective:
    """Return the value of a bare name in a list; the `.env` of an include may set it."""
    if path[:1] == ("services",) and path[2:] == ("environment",):
        variables = leaf.reading.variables
        found = variables.as_compose(name)
        if found is not None:
            return Effective(found, leaf, span=variables.place(name))
    return Effective(None, leaf)


def _name(key: str, entry: Entry, shape: Shape) -> str:
    """Return a key; one that comes from a list may hold variables."""
    if "${" in key and shape.canonical and entry.key.span == entry.value.span:
        leaf = ScalarValue(entry.key, (), entry.value.reading)
        return text(leaf).partition("=")[0]
    return key


def _free(value: Value, depth: int) -> Effective:
    if isinstance(value, ScalarValue):
        return Effective(raw(value), value)
    if depth == _DEEPEST:
        value.reading.bounds.gaps.append(
            Gap(value.span, f"values more than {_DEEPEST} levels deep are left out")
        )
        return Effective(None, value)
    if isinstance(value, SequenceValue):
        return Effective([_free(item, depth + 1) for item in value.items], value)
    entries = {k: _free(e.value, depth + 1) for k, e in value.entries.items()}
    return Effective(entries, value)


def _scalar(leaf: ScalarValue, shape: Shape) -> Effective:
    found = printed(leaf, shape)
    if found == 0 and shape.form == "integer" and shape.keys is not None:
        # A single limit of zero is printed as two.
        both = {key: Effective(0, leaf) for key in shape.keys}
        return Effective(both, leaf)
    return Effective(found, leaf)


_KEYS: dict[str, tuple[str, ...]] = {
    "path": ("path",),
    "target": ("target",),
    "device": ("target",),
    "port": ("host_ip", "published", "target", "protocol"),
}
_FOLDERS = {"secret": "/run/secrets/", "config": "/"}
_PORT = {"host_ip": "0.0.0.0", "protocol": "tcp"}


def unique(items: list[Effective], kind: Unique) -> list[Effective]:
    """Return the items, each thing once: the last takes the place of the first.

    This comes after that of :mod:`~tightship.frontends.compose.loading.unique`: only here are
    ranges of ports expanded and unset variables empty (compose-go, override/uncity.go).
    """
    if not kind or len(items) < 2:
        return items
    found: dict[object, Effective] = {}
    for item in items:
        found[_identity(item, kind)] = item
    return list(found.values())


def _identity(item: Effective, kind: Unique) -> object:
    if not isinstance(item.content, dict):
        content = item.content
        if kind == "name" and isinstance(content, str):
            return content.partition("=")[0]
        return content if not isinstance(content, list) else id(item)
    if kind in _FOLDERS:
        return _text(item, "target") or _FOLDERS[kind] + _text(item, "source")
    words = [_text(item, key) or _PORT.get(key, "") for key in _KEYS.get(kind, ())]
    return kind == "port" and _is_number(item), *words


def _is_number(port: Effective) -> bool:
    """Return whether the long form has a number as `published`, which is no text's equal."""
    published = port.get("published") if isinstance(port.source, MappingValue) else None
    leaf = published.source if published else None
    return isinstance(leaf, ScalarValue) and isinstance(raw(leaf), int)


def _text(item: Effective, key: str) -> str:
    found = item.get(key)
    return "" if found is None or found.content is None else str(found.content)
