"""The effective tree: what Compose works with, where each value knows its way.

The located tree (``syntax.yaml``) is the text; this one is what the text means.
Aliases and merge keys are followed, variables are replaced, and every value keeps
the node that it was written as and the steps that it took since. Children are made
when they are asked for, so that a value that nobody looks at costs nothing and an
alias bomb never explodes.
"""

from __future__ import annotations

from tightship.findings import Gap
from tightship.syntax import yaml
from tightship.values import scalar, variable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tightship.text import Span

# As many as compose-go visits before it gives up (loader/reset.go).
BUDGET = 100_000


class Step:
    """One step on the way of a value, and the place where it was taken.

    ``kind`` is ``alias`` (``*name``), ``merge`` (``<<``) or ``default`` (the value
    after ``:-`` in ``${NAME:-value}``); ``name`` is the anchor's or the variable's.
    """

    __slots__ = ("kind", "name", "span")

    def __init__(self, kind: str, name: str, span: Span) -> None:
        """Record a step."""
        self.kind = kind
        self.name = name
        self.span = span


class Reading:
    """What holds for one reading of a project: its variables and its bounds."""

    __slots__ = ("budget", "gaps", "lookup")

    def __init__(self, lookup: Callable[[str], str | None]) -> None:
        """Start a reading; ``lookup`` gives a variable's value, or none."""
        self.lookup = lookup
        self.budget = BUDGET
        self.gaps: list[Gap] = []

    def spend(self, values: int, node: yaml.Node) -> bool:
        """Take from the budget; tell whether there was enough."""
        if self.budget < values:
            if self.budget >= 0:
                self.gaps.append(
                    Gap(
                        node.span,
                        f"more than {BUDGET:,} values unfold from the aliases of this"
                        " file; what comes after them is not judged",
                    )
                )
            self.budget = -1
            return False
        self.budget -= values
        return True


class _Way:
    """What all values in effect have: where they are written, and their way since."""

    __slots__ = ("reading", "span", "trail")

    trail: tuple[Step, ...]

    def __init__(self, span: Span, trail: tuple[Step, ...], reading: Reading) -> None:
        self.span = span
        self.trail = trail
        self.reading = reading


class Leaf(_Way):
    """A scalar, with its variables replaced.

    ``text`` holds ``${NAME}`` where a variable has no value; then ``decided`` is
    false, for only a run can tell. The default in ``${NAME:-default}`` decides.
    """

    __slots__ = ("_expansion", "node")

    def __init__(
        self, node: yaml.Scalar, trail: tuple[Step, ...], reading: Reading
    ) -> None:
        """Hold a scalar."""
        super().__init__(node.span, trail, reading)
        self.node = node
        self._expansion: variable.Expansion | None = None
        if "$" in node.value:
            self._expansion = variable.expand(
                variable.parse(node.value), reading.lookup
            )
            self.trail += tuple(
                Step("default", name, node.span)
                for name, how in self._expansion.used
                if how == "default"
            )

    @property
    def text(self) -> str:
        """Return the text in effect."""
        return self._expansion.text if self._expansion else self.node.value

    @property
    def content(self) -> str | None:
        """Return the text as Compose reads it where it wants text: none for null.

        A plain ``0x10`` is 16 and ``1_000`` is 1000; a quoted one stays as it is.
        """
        node = self.node
        if node.style or self._expansion or (node.tag and node.tag.endswith(":str")):
            return self.text
        return scalar.canonical(node.value)

    @property
    def decided(self) -> bool:
        """Tell whether the file alone decides the value."""
        return self._expansion is None or self._expansion.decided

    @property
    def templated(self) -> bool:
        """Tell whether a variable is involved at all."""
        return self._expansion is not None and self._expansion.templated

    @property
    def is_null(self) -> bool:
        """Tell whether this is YAML's null: nothing, ``~`` or ``null``, unquoted."""
        node = self.node
        return (
            not node.style
            and (node.tag is None or node.tag.endswith(":null"))
            and scalar.resolve(node.value).kind == "null"
        )


class Items(_Way):
    """A list."""

    __slots__ = ("_items", "node")

    def __init__(
        self, node: yaml.Sequence, trail: tuple[Step, ...], reading: Reading
    ) -> None:
        """Hold a list."""
        super().__init__(node.span, trail, reading)
        self.node = node
        self._items: list[Value] | None = None

    @property
    def items(self) -> list[Value]:
        """Return what the list holds, in order."""
        if self._items is None:
            nodes = self.node.items
            if not self.reading.spend(len(nodes), self.node):
                nodes = []
            self._items = [value(node, self.trail, self.reading) for node in nodes]
        return self._items


class Entry:
    """A key and its value; the key may stand in another mapping, through ``<<``."""

    __slots__ = ("key", "value")

    def __init__(self, key: yaml.Scalar, value: Value) -> None:
        """Hold an entry."""
        self.key = key
        self.value = value


class Table(_Way):
    """A mapping, with what its merge keys bring."""

    __slots__ = ("_entries", "node")

    def __init__(
        self, node: yaml.Mapping, trail: tuple[Step, ...], reading: Reading
    ) -> None:
        """Hold a mapping."""
        super().__init__(node.span, trail, reading)
        self.node = node
        self._entries: dict[str, Entry] | None = None

    @property
    def entries(self) -> dict[str, Entry]:
        """Return the entries by key.

        What is written here wins over what ``<<`` brings, wherever ``<<`` stands; of
        several merged mappings the first wins, and the merge is shallow (verified
        with docker-compose 2.26.1).
        """
        if self._entries is None:
            self._entries = {}
            if self.reading.spend(len(self.node.entries), self.node):
                for key, entry in self._merged():
                    self._entries.setdefault(key, entry)
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
        return not self.trail and self.node.get(key) is not None

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
        for key, node in self.node.entries:
            if not isinstance(key, yaml.Scalar):
                continue
            if _is_merge(key):
                merges.append((key, node))
            else:
                yield key.value, Entry(key, value(node, self.trail, self.reading))
        for key, node in merges:
            sources = node.items if isinstance(node, yaml.Sequence) else [node]
            for source in sources:
                name = source.name if isinstance(source, yaml.Alias) else ""
                step = Step("merge", name, key.span)
                target = follow(source)
                if isinstance(target, yaml.Mapping) and self._may_nest(target):
                    merged = Table(target, (*self.trail, step), self.reading)
                    yield from merged.entries.items()

    def _may_nest(self, target: yaml.Mapping) -> bool:
        """Stop a mapping that merges itself, which Compose refuses."""
        return target is not self.node and len(self.trail) < 50


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


def value(node: yaml.Node, trail: tuple[Step, ...], reading: Reading) -> Value:
    """Return the value that a node stands for.

    A node tagged ``!reset`` has none, and counts as null, as does an alias without
    its anchor.
    """
    if isinstance(node, yaml.Alias):
        target = follow(node)
        trail = (*trail, Step("alias", node.name, node.span))
        node = target if target is not None else yaml.Scalar(node.span, "")
    if node.tag == "!reset":
        return Leaf(yaml.Scalar(node.span, ""), trail, reading)
    if isinstance(node, yaml.Mapping):
        return Table(node, trail, reading)
    if isinstance(node, yaml.Sequence):
        return Items(node, trail, reading)
    assert isinstance(node, yaml.Scalar)
    return Leaf(node, trail, reading)
