"""Merge a value of a later file onto an earlier one.

The key table (:mod:`tightship.frontends.compose.specification.keys`) defines how each place is
merged; the default is: mappings are merged, lists are appended, scalars are replaced,
and null changes nothing. An ``extends`` base and the service that extends it are merged in the
same way (Compose Specification, merge; compose-go, override/merge.go).
"""

from __future__ import annotations

from tightship.findings import Related
from tightship.frontends.compose.loading.fault import Fault
from tightship.frontends.compose.loading.unique import (
    MOST_OVERRIDDEN,
    override,
    plain_texts,
    text,
    unique,
)
from tightship.frontends.compose.specification.accepts import expected
from tightship.frontends.compose.specification.shape import FREE, NULL
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.value import Entry, MappingValue, ScalarValue, SequenceValue
from tightship.syntax.yaml import nodes as yaml

if TYPE_CHECKING:
    from tightship.frontends.compose.loading.fault import Kind
    from tightship.frontends.compose.specification.shape import Shape
    from tightship.model.value import Value

    Path = tuple[str, ...]


# The path of a service is `services` and its name. Only services have layers.
_SERVICE_DEPTH = 2


class Merging(Record):
    """Merges values, and collects the faults."""

    faults: list[Fault]

    def merge(self, base: Value, over: Value, shape: Shape | None, path: Path) -> Value:
        """Return the merge of two values of one place; neither is changed.

        A value keeps those that it replaces.
        """
        if shape is not None and shape.merge == "replace":
            return _over(base, over)
        if _is_null(over):
            self._report_no_effect(base, over, path)
            return base
        if _is_null(base):
            if shape is not None:
                self.report_empty(base, shape, path)
            return _over(base, over)
        if shape is None or shape is FREE:
            return _over(base, over)  # an unknown key, or one below `x-`
        base, over = canonical(base, shape), canonical(over, shape)
        if shape.merge == "whole" and isinstance(over, (MappingValue, ScalarValue)):
            return _over(base, over)
        if shape.merge == "driver" and not _same_driver(base, over):
            return _over(base, over)
        if isinstance(base, MappingValue) and isinstance(over, MappingValue):
            return self._tables(base, over, shape, path)
        if isinstance(base, SequenceValue) and isinstance(over, SequenceValue):
            return self._lists(base, over, shape, path)
        if isinstance(base, ScalarValue):
            return _over(base, over)
        self._report_clash(base, over, path)
        return base

    def _tables(
        self, base: MappingValue, over: MappingValue, shape: Shape, path: Path
    ) -> MappingValue:
        entries = dict(base.entries)
        # Compose makes these a list before it merges them.
        listed = shape.canonical == "pairs" and (shape.unique == "name" or path[:1] == ("volumes",))
        for name, entry in over.entries.items():
            below = shape.below(name)
            old = entries.get(name)
            if old is None:
                entries[name] = entry
                continue
            if name.startswith("x-"):
                # Replaced whole, and so is a service of such a name.
                value = _over(old.value, entry.value)
            elif listed:
                # A name without a value takes the place of one with a value.
                if shape.distinct:
                    self._report_again(name, old.value, entry.value, path)
                value = _over(old.value, entry.value)
            else:
                value = self.merge(old.value, entry.value, below, (*path, name))
            entries[name] = Entry(entry.key, value, (old.key, *old.earlier))
        merged = over.with_entries(entries)
        if len(path) == _SERVICE_DEPTH:
            merged.below = base
        merged.listed = listed
        merged.overridden = (*over.overridden, *base.overridden)[:MOST_OVERRIDDEN]
        return merged

    def _lists(
        self, base: SequenceValue, over: SequenceValue, shape: Shape, path: Path
    ) -> SequenceValue:
        if not over.items and not over.node.items:
            self._report_no_effect(base, over, path)
        if shape.merge == "subnet":
            items = self._subnets(base.items, over.items, shape, path)
        else:
            items = unique([*base.items, *over.items], shape.unique)
            if shape.distinct and not shape.unique:
                self._report_duplicates(base, over, path)
        merged = over.with_items(items)
        merged.overridden = (*over.overridden, *base.overridden)[:MOST_OVERRIDDEN]
        return merged

    def _subnets(
        self, base: list[Value], over: list[Value], shape: Shape, path: Path
    ) -> list[Value]:
        """Merge those of the same subnet; one that no later file names again is lost."""
        known = {_subnet(item): item for item in base}
        return [
            self.merge(known[_subnet(new)], new, shape.items, path)
            if _subnet(new) in known
            else new
            for new in over
        ]

    def _report_again(self, name: str, base: Value, over: Value, path: Path) -> None:
        """Report a pair that is equal to one below, in a list of distinct items."""
        if plain_texts(base) == plain_texts(over):
            message = (
                f"`{name}` already has this value in another file: Compose rejects"
                f" `{path[-1]}` with the same item twice"
            )
            why = "it is already here"
            self._report("item-twice", (*path, name), base, over, message, why)

    def _report_duplicates(self, base: SequenceValue, over: SequenceValue, path: Path) -> None:
        firsts: dict[object, Value] = {}
        for item in base.items:
            firsts.setdefault(plain_texts(item), item)
        for item in over.items:
            first = firsts.get(plain_texts(item))
            if first is not None:
                message = (
                    f"the overridden file already has `{text(item)}`: Compose rejects"
                    f" `{path[-1]}` with the same item twice"
                )
                why = "it is already here"
                self._report("item-twice", path, first, item, message, why, among=over)

    def _report_clash(self, base: Value, over: Value, path: Path) -> None:
        message = (
            f"`{'.'.join(path)}` is {_form(base)} in another file: Compose does not"
            f" merge {_form(over)} over it"
        )
        why = f"it is {_form(base)} here"
        self._report("clash", path, base, over, message, why)

    def _report_no_effect(self, base: Value, over: Value, path: Path) -> None:
        if _is_null(base) or (isinstance(base, SequenceValue) and not base.items):
            return
        message = (
            f"`{path[-1] if path else ''}` is empty here, which removes nothing:"
            " the earlier value stays"
        )
        why = "the value that stays"
        self._report("no-effect", path, base, over, message, why)

    def _report(
        self,
        kind: Kind,
        path: Path,
        base: Value,
        over: Value,
        message: str,
        why: str,
        *,
        among: SequenceValue | None = None,
    ) -> None:
        """Report a fault of a value, with the one below; ``why`` is about that."""
        self.faults.append(
            Fault(
                kind,
                over.span,
                message,
                path=path,
                value=over,
                lost=base,
                among=among,
                because=(Related(base.span, why),),
            )
        )

    def report_empty(self, base: Value, shape: Shape, path: Path) -> None:
        """Report an empty value in a file below, which Compose checks on its own."""
        inherited = any(step.kind == "extends" for step in base.provenance)
        if shape.scalars & NULL or inherited or not _is_null(base):
            return
        self.faults.append(
            Fault(
                "cast", base.span, f"`{path[-1]}` must be {expected(shape)}", path=path, value=base
            )
        )


def canonical(value: Value, shape: Shape) -> Value:
    """Return a value in the form in which Compose merges it.

    A lone string becomes the list or the mapping that it stands for, pairs and names
    become mappings, hosts a list.
    """
    if isinstance(value, ScalarValue):
        if value.is_null:
            return value
        if shape.lone:
            lone = {shape.lone: Entry(value.node, value)}
            return _mapping(value, lone)
        if shape.canonical == "list":
            return _sequence(value, [value])
        return value
    if shape.canonical == "hosts" and isinstance(value, MappingValue):
        hosts: list[Value] = [
            item.named(name)
            for name, entry in value.entries.items()
            for item in _addresses(entry.value)
        ]
        return _sequence(value, hosts)
    if isinstance(value, SequenceValue) and shape.canonical in ("pairs", "names"):
        entries: dict[str, Entry] = {}
        for item in value.items:
            if not isinstance(item, ScalarValue):
                continue
            name, rest = _pair(item, shape)
            entry = Entry(item.node, rest)
            if name in entries:
                rest.overridden = (entries[name].value,)
            entries[name] = entry
        return _mapping(value, entries)
    return value


def _pair(item: ScalarValue, shape: Shape) -> tuple[str, Value]:
    if shape.canonical == "pairs":
        return item.split("=")
    each = shape.each
    if each is None or not each.required:
        return item.text, item.without_text()
    # A name in a list of dependencies has all the defaults.
    defaults = {
        key: Entry(item.node, item.reading_as(below.default))
        for key, below in (each.keys or {}).items()
        if below.default is not None
    }
    return item.text, _mapping(item, defaults)


def _addresses(value: Value) -> list[ScalarValue]:
    found = value.items if isinstance(value, SequenceValue) else [value]
    return [leaf for leaf in found if isinstance(leaf, ScalarValue)]


def _over(base: Value, over: Value) -> Value:
    if base is not over:
        override(over, base)
    return over


def _is_null(value: Value) -> bool:
    return isinstance(value, ScalarValue) and value.is_null


def _same_driver(base: Value, over: Value) -> bool:
    drivers = [text(v.get("driver")) for v in (base, over) if isinstance(v, MappingValue)]
    return None in drivers or len(set(drivers)) == 1


def _subnet(value: Value) -> str | None:
    return text(value.get("subnet")) if isinstance(value, MappingValue) else None


def _form(value: Value) -> str:
    if isinstance(value, MappingValue):
        return "a mapping"
    return "a list" if isinstance(value, SequenceValue) else "a single value"


def _mapping(value: Value, entries: dict[str, Entry]) -> MappingValue:
    """Return a mapping in place of a value."""
    node = value.node if isinstance(value, MappingValue) else None
    node = node or yaml.Mapping(value.span, [], flow=True)
    return MappingValue(node, value.provenance, value.reading, entries)


def _sequence(value: Value, items: list[Value]) -> SequenceValue:
    """Return a list in place of a value."""
    node = value.node if isinstance(value, SequenceValue) else None
    node = node or yaml.Sequence(value.span, [], flow=True)
    return SequenceValue(node, value.provenance, value.reading, items)
