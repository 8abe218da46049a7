"""``!reset`` and ``!override``: tags that remove values of the files below.

Compose removes the paths of both tags from the layers so far, and only then merges the
file onto them (compose-go, loader/reset.go).
"""

from __future__ import annotations

from tightship.frontends.compose.loading.merge import canonical
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.project import Removal
from tightship.model.value import Entry, MappingValue, Value
from tightship.syntax.yaml import nodes as yaml

if TYPE_CHECKING:
    from tightship.frontends.compose.specification.shape import Shape
    from tightship.text import Span

    Path = tuple[str, ...]

# The most nodes that are visited through aliases.
_BUDGET = 100_000


class Reset(Record):
    """A tag, and the path that it removes from the files below.

    ``key`` is the place of the key that the tag belongs to, ``span`` that of the value.
    ``inside_list`` tells that the tag is on an item of a list, which removes nothing:
    Compose looks for the path of a mapping's key.
    """

    path: Path
    span: Span
    tag: str
    key: Span
    inside_list: bool


def removal(reset: Reset, value: Value) -> Removal:
    """Return a value with the tag that removes it."""
    return Removal(reset.path, value, reset.tag[1:], span=reset.span, key=reset.key)


def resets(document: yaml.Node) -> list[Reset]:
    """Return the tags of a document, in the order of the text.

    A ``!reset`` in an anchored mapping only works where the anchor is: Compose does not
    see it through an alias (verified with docker-compose 2.26.1).
    """
    found: list[Reset] = []
    stack: list[tuple[yaml.Node, Path, Span, bool, bool]]
    stack = [(document, (), document.span, False, False)]
    visits = 0
    while stack and visits < _BUDGET:
        visits += 1
        node, path, above, listed, aliased = stack.pop()
        span = node.span
        target = yaml.follow(node)
        if target is None:
            continue
        if target.tag == "!reset" and aliased:
            continue
        aliased = aliased or target is not node
        if target.tag in ("!reset", "!override"):
            reset = Reset(path, span, target.tag, key=above, inside_list=listed)
            found.append(reset)
        elif isinstance(target, yaml.Mapping):
            for key, value in reversed(target.entries):
                if isinstance(key, yaml.Scalar):
                    merged = key.value == "<<"
                    below = path if merged else (*path, key.value)
                    stack.append((value, below, key.span, listed, aliased))
        elif isinstance(target, yaml.Sequence):
            inside = bool(path) and isinstance(node, yaml.Sequence)
            stack += ((i, path, above, inside, aliased) for i in reversed(target.items))
    return found


def without(
    table: MappingValue, path: Path, shape: Shape | None = None
) -> tuple[MappingValue, Value | None]:
    """Return a mapping without the value at a path, and that value.

    With a shape, a list of names or a lone string on the way counts as the mapping that
    Compose makes of it.
    """
    key, below = path[0], path[1:]
    entry = table.entries.get(key)
    if entry is None or table.listed:
        return table, None
    entries = dict(table.entries)
    inner = shape.below(key) if shape is not None else None
    if not below:
        del entries[key]
        removed: Value | None = entry.value
    else:
        value = entry.value
        if inner is not None and (inner.lone or inner.canonical == "names"):
            value = canonical(value, inner)
        if not isinstance(value, MappingValue):
            return table, None
        rest, removed = without(value, below, inner)
        if removed is None:
            return table, None
        entries[key] = Entry(entry.key, rest, entry.earlier)
    new = table.with_entries(entries)
    new.overridden, new.below = table.overridden, table.below
    return new, removed
