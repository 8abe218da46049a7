"""The targets of some bake files: inherited, merged, and one for each way of a matrix.

The order of merging is that of ``docker buildx bake`` (docker/buildx, bake/bake.go).
"""

from __future__ import annotations

from itertools import islice, product

from tightship.lazy import TYPE_CHECKING, Record
from tightship.values.hcl.value import ItemsValue, TableValue, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from tightship.syntax.hcl.nodes import Attribute, Block, Body
    from tightship.text import Span
    from tightship.values.hcl.scope import Scope

MOST_TARGETS = 500
_DEEPEST = 20
_LENGTHENED = frozenset(("cache-from", "entitlements", "secret", "ssh"))


class Target(Record):
    """A target: the values of its attributes, and where these are written.

    It is not ``is_whole`` if a target that it inherits from is in none of the files.
    """

    name: str
    key: Span
    extent: Span
    values: Mapping[str, Value]
    written: Mapping[str, Sequence[Attribute]]
    is_whole: bool = True


def targets_of(
    bodies: Sequence[Body], scope: Scope, services: Iterable[Target] = ()
) -> Iterator[Target]:
    """Yield the targets that are built: those that others only inherit from are none.

    Args:
        bodies: the files, in the order in which they are merged.
        scope: their variables and functions.
        services: targets below those of the files, which are built, but not yielded.

    """
    every = _Targets(bodies, scope, services)
    inherited = {name for one in every.own.values() for name in _names(one.values.get("inherits"))}
    reached = every.reached()
    for name in every.declared:
        if name in reached or name not in inherited:
            yield every.whole(every.own[name])


class _Targets:
    """The targets of some files by their names, without what they inherit."""

    def __init__(
        self, bodies: Sequence[Body], scope: Scope, services: Iterable[Target] = ()
    ) -> None:
        self._whole: dict[str, Target | None] = {}
        self.own = {one.name: one for one in services}
        self._groups: dict[str, list[str]] = {"": [*self.own]}
        self.declared: dict[str, None] = {}
        for block in (block for body in bodies for block in body.blocks if block.labels):
            if block.kind == "group":
                found = block.body.get("targets")
                names = _names(scope.value(found)) if found is not None else ()
                self._groups.setdefault(block.labels[0][0], []).extend(names)
            elif block.kind == "target":
                for one in islice(_expanded(block, scope), MOST_TARGETS - len(self.declared)):
                    self.declared[one.name] = None
                    before = self.own.get(one.name)
                    self.own[one.name] = _merged(before, one) if before is not None else one
                    if block.body.get("matrix") is not None:
                        self._groups.setdefault(block.labels[0][0], []).append(one.name)

    def reached(self) -> set[str]:
        """Return what the groups name, and what other targets take as a context."""
        contexts = (one.values.get("contexts") for one in self.own.values())
        tables = (one for one in contexts if isinstance(one, TableValue))
        found = {value.shown for one in tables for _, value in one.entries.values()}
        names = {one.removeprefix("target:") for one in found if one.startswith("target:")}
        return names.union(*self._groups.values())

    def whole(self, target: Target, depth: int = 0) -> Target:
        """Return a target with what it inherits; what it has itself wins."""
        if target.name not in self._whole:
            self._whole[target.name] = None  # one that inherits from itself is unknown
            self._whole[target.name] = self._inheriting(target, depth)
        return self._whole[target.name] or target.replaced(is_whole=False)

    def _inheriting(self, target: Target, depth: int) -> Target:
        made: Target | None = None
        is_whole = target.is_whole and depth < _DEEPEST
        inherits = target.values.get("inherits")
        is_whole = is_whole and (inherits is None or isinstance(inherits, ItemsValue))
        for name in _names(inherits) if is_whole else ():
            base = self.own.get(name)
            if base is None:
                is_whole = False
                continue
            base = self.whole(base, depth + 1)
            is_whole = is_whole and base.is_whole
            made = _merged(made, base) if made is not None else base
        made = _merged(made, target) if made is not None else target
        return made.replaced(
            name=target.name, key=target.key, extent=target.extent, is_whole=is_whole
        )


def _names(value: Value | None) -> list[str]:
    items = value.items if isinstance(value, ItemsValue) else ()
    return [one.shown for one in items if one.is_known]


def _expanded(block: Block, scope: Scope) -> Iterator[Target]:
    """Yield the target of a block, or one for each way of its matrix."""
    [label, key], *_ = block.labels
    matrix, named = block.body.get("matrix"), block.body.get("name")
    found = scope.value(matrix) if matrix is not None else None
    axes: list[Iterable[tuple[str, Value]]] = []
    given = found.entries if isinstance(found, TableValue) else dict[str, "tuple[Span, Value]"]()
    for axis, (_, ways) in given.items():
        axes.append(
            [(axis, one) for one in (ways.items if isinstance(ways, ItemsValue) else (ways,))]
        )
    for number, way in enumerate(islice(product(*axes), MOST_TARGETS)):
        names = dict(way)
        name = label
        if matrix is not None:
            made = scope.value(named, names) if named is not None else None
            name = made.shown if made is not None and made.is_known else f"{label}-{number + 1}"
        values = {
            one.name: scope.value(one.value, names)
            for one in block.body.attributes
            if one.name not in ("matrix", "name")
        }
        values = {key: one for key, one in values.items() if not one.is_null}
        written = {one.name: [one] for one in block.body.attributes}
        is_whole = matrix is None or isinstance(found, TableValue)
        yield Target(name, key, block.span, values, written, is_whole)


def _merged(below: Target, above: Target) -> Target:
    """Return a target with another one over it."""
    values = dict(below.values)
    for name, value in above.values.items():
        before = values.get(name)
        if isinstance(value, TableValue) and isinstance(before, TableValue):
            above_it = {key: one for key, one in value.entries.items() if not one[1].is_null}
            value = value.replaced(entries={**before.entries, **above_it})
        elif name in _LENGTHENED and isinstance(value, ItemsValue):
            items = before.items if isinstance(before, ItemsValue) else ()
            value = value.replaced(items=[*items, *value.items])
        values[name] = value
    names = (*below.written, *above.written)
    written = {one: [*below.written.get(one, ()), *above.written.get(one, ())] for one in names}
    is_whole = below.is_whole and above.is_whole
    return above.replaced(values=values, written=written, is_whole=is_whole)
