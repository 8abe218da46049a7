"""The effective tree: what Compose works with, where each value knows its way.

The located tree (``syntax.yaml``) is the text; this one is what the text means.
Aliases and merge keys are followed, variables are replaced, files are laid over one
another, and every value keeps the node that it was written as, the steps that it took
since and the values that lost to it. Children are made when they are asked for, so
that a value that nobody looks at costs nothing and an alias bomb never explodes.
"""

from __future__ import annotations

from tightship.compose.loading.leaf import EffectiveValue, Leaf
from tightship.compose.loading.reading import Step
from tightship.syntax.yaml import nodes as yaml

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.loading.reading import Reading

__all__ = [
    "Entry",
    "Items",
    "Leaf",
    "Table",
    "Value",
    "follow",
    "is_reset",
    "moved",
    "value",
]


class Items(EffectiveValue):
    """A list, as it is written or as several were merged into one."""

    __slots__ = ("_items", "node")

    def __init__(
        self,
        node: yaml.Sequence,
        provenance: tuple[Step, ...],
        reading: Reading,
        items: list[Value] | None = None,
    ) -> None:
        """Hold a list; without items it has those of its node."""
        super().__init__(node.span, provenance, reading)
        self.node = node
        self._items = items

    @property
    def items(self) -> list[Value]:
        """Return what the list holds, in order."""
        if self._items is None:
            nodes = self.node.items
            if not self.reading.bounds.spend(len(nodes), self.node):
                nodes = []
            self._items = [
                value(node, self.provenance, self.reading)
                for node in nodes
                if not is_reset(node)
            ]
        return self._items


class Entry:
    """A key and its value; the key may stand in another mapping, through ``<<``.

    ``earlier`` holds the keys of the files below, the latest first, where several
    files set it.
    """

    __slots__ = ("earlier", "key", "value")

    def __init__(
        self, key: yaml.Scalar, value: Value, earlier: tuple[yaml.Scalar, ...] = ()
    ) -> None:
        self.key = key
        self.value = value
        self.earlier = earlier


class Table(EffectiveValue):
    """A mapping, with what its merge keys bring, or as several were merged into one.

    ``below`` is the mapping that this one was laid over, if there is one. ``listed``
    tells that Compose has a list of ``name=value`` in its place by now, so that there
    are no keys in it to reset.
    """

    __slots__ = ("_entries", "below", "listed", "node")

    def __init__(
        self,
        node: yaml.Mapping,
        provenance: tuple[Step, ...],
        reading: Reading,
        entries: dict[str, Entry] | None = None,
    ) -> None:
        """Hold a mapping; without entries it has those of its node."""
        super().__init__(node.span, provenance, reading)
        self.node = node
        self.below: Table | None = None
        self.listed = False
        self._entries = entries

    @property
    def entries(self) -> dict[str, Entry]:
        """Return the entries by key.

        What is written here wins over what ``<<`` brings, wherever ``<<`` stands; of
        several merged mappings the first wins, and the merge is shallow (verified
        with docker-compose 2.26.1).
        """
        if self._entries is None:
            found: dict[str, Entry] = {}
            if self.reading.bounds.spend(len(self.node.entries), self.node):
                for key, entry in self._merged():
                    winner = found.setdefault(key, entry)
                    if winner is not entry:
                        winner.value.overridden += (entry.value,)
            self._entries = found
        return self._entries

    def get(self, *path: str) -> Value | None:
        """Return the value under a key, or under keys one below the other."""
        found: Value | None = self
        for key in path:
            entry = found.entries.get(key) if isinstance(found, Table) else None
            found = entry.value if entry else None
        return found

    def owns(self, key: str) -> bool:
        """Tell whether a key is written in this very mapping."""
        return not self.provenance and self.node.get(key) is not None

    def inherits(self, key: str) -> bool:
        """Tell whether ``<<`` brings a key, be it written in this very mapping too."""
        seen, todo = set[int](), [self.node]
        while todo:
            for name, node in todo.pop().entries:
                if not _is_merge(name):
                    continue
                for source in node.items if isinstance(node, yaml.Sequence) else [node]:
                    target = follow(source)
                    if isinstance(target, yaml.Mapping) and id(target) not in seen:
                        if target.get(key) is not None:
                            return True
                        seen.add(id(target))
                        todo.append(target)
        return False

    def _merged(self) -> Iterator[tuple[str, Entry]]:
        merges = list[tuple[yaml.Scalar, yaml.Node]]()
        for written, node in self.node.entries:
            key = follow(written)
            if not isinstance(key, yaml.Scalar):
                continue
            if node.tag is None and type(node) is yaml.Scalar and key.value != "<<":
                # Nearly all entries end here.
                yield key.value, Entry(key, Leaf(node, self.provenance, self.reading))
            elif _is_merge(written):
                merges.append((key, node))
            elif not is_reset(node):
                yield key.value, Entry(key, value(node, self.provenance, self.reading))
        for key, node in merges:
            sources = node.items if isinstance(node, yaml.Sequence) else [node]
            for source in sources:
                name = source.name if isinstance(source, yaml.Alias) else ""
                step = Step("merge", name, key.span, self.node)
                target = follow(source)
                if isinstance(target, yaml.Mapping) and self._may_nest(target):
                    merged = Table(target, (*self.provenance, step), self.reading)
                    yield from merged.entries.items()

    def _may_nest(self, target: yaml.Mapping) -> bool:
        """Stop a mapping that merges itself, which Compose refuses."""
        return target is not self.node and len(self.provenance) < 50


def _is_merge(key: yaml.Node) -> bool:
    return isinstance(key, yaml.Scalar) and key.value == "<<" and not key.style


def follow(node: yaml.Node) -> yaml.Node | None:
    """Return what an alias stands for; other nodes stand for themselves."""
    for _ in range(50):
        if not isinstance(node, yaml.Alias):
            return node
        if node.target is None:
            return None
        node = node.target
    return None


Value = Leaf | Items | Table


# As many of the values that lost to another one are remembered; a project with more
# layers is none that somebody wrote.
REMEMBERED = 8


def remember(winner: Value, *losers: Value) -> None:
    """Let a value remember those that it replaces, the latest first."""
    lost = (each for loser in losers for each in (loser, *loser.overridden))
    winner.overridden = (*lost, *winner.overridden)[:REMEMBERED]


def moved(what: Value, step: Step) -> Value:
    """Return a value, and all below it, as it is after one more step."""
    new = _moved(what, step)
    # What these have replaced themselves is among them already.
    new.overridden = tuple(_moved(lost, step) for lost in what.overridden)
    return new


def _moved(what: Value, step: Step) -> Value:
    provenance = (step, *what.provenance)
    bounds = what.reading.bounds
    if isinstance(what, Leaf):
        new = Leaf.__new__(Leaf)
        EffectiveValue.__init__(new, what.span, provenance, what.reading)
        new.node, new._expansion = what.node, what._expansion
        return new
    if isinstance(what, Items):
        items = what._items
        if items and not bounds.spend(len(items), what.node):
            items = []
        below = items and [moved(item, step) for item in items]
        return Items(what.node, provenance, what.reading, below)
    entries = what._entries
    if entries and not bounds.spend(len(entries), what.node):
        entries = {}
    copies = entries and {
        name: Entry(entry.key, moved(entry.value, step), entry.earlier)
        for name, entry in entries.items()
    }
    table = Table(what.node, provenance, what.reading, copies)
    # The layers of a service that another one extends are not that one's.
    if what.below is not None and step.kind != "extends":
        lower = moved(what.below, step)
        table.below = lower if isinstance(lower, Table) else None
    table.listed = what.listed
    return table


def is_reset(node: yaml.Node) -> bool:
    """Tell whether a node is tagged ``!reset``, so that its key has no value."""
    target = follow(node)
    return target is not None and target.tag == "!reset"


def value(node: yaml.Node, provenance: tuple[Step, ...], reading: Reading) -> Value:
    """Return the value that a node stands for.

    An alias without its anchor stands for null, and so does what is tagged
    ``!reset`` where it must stand for something.
    """
    if isinstance(node, yaml.Alias):
        target = follow(node)
        provenance = (*provenance, Step("alias", node.name, node.span))
        node = target if target is not None else yaml.Scalar(node.span, "")
    if is_reset(node):
        return Leaf(yaml.Scalar(node.span, ""), provenance, reading)
    if isinstance(node, yaml.Mapping):
        return Table(node, provenance, reading)
    if isinstance(node, yaml.Sequence):
        return Items(node, provenance, reading)
    assert isinstance(node, yaml.Scalar)
    return Leaf(node, provenance, reading)
