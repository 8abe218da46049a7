"""Checks a document as it is written against the key table.

Compose checks what it has merged; here each document is checked on its own, so that
what is found has a place in the text. See ``partial`` for what then cannot be said.
"""

from __future__ import annotations

from tightship.compose.specification import violation
from tightship.compose.specification.fit import MAYBE_NOT_TEXT, fits, kind, takes
from tightship.compose.specification.keys import FILE
from tightship.compose.specification.service_keys import EXTENDS, JOB, SERVICE
from tightship.compose.specification.shape import FREE, NULL, TEXT, Shape
from tightship.syntax.yaml.nodes import (
    Alias,
    Mapping,
    Node,
    Scalar,
    Sequence,
    follow,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.compose.specification.violation import Path, Violation
    from tightship.text import Span

# Merge keys can name one mapping again and again: what they bring is counted.
_BUDGET = 100_000
# How many unknown keys are compared with all those that there are.
_GUESSES = 100

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def check(root: Node, *, partial: bool = False) -> Iterator[Violation]:
    """Yield what Compose refuses in a document, in the order of the text.

    Args:
        root: the document.
        partial: whether it is laid over another one, as an override file is. What is
            empty then changes nothing, and what is missing may be there already.

    """
    walk = _Walk()
    walk.run(root, partial=partial)
    seen: set[tuple[str, Span]] = set()
    for found in sorted(walk.found, key=lambda found: found.span):
        if (found.kind, found.span) not in seen:
            seen.add((found.kind, found.span))
            yield found


class _Walk:
    """Goes through a document with a stack, so that depth costs nothing.

    A collection is visited once as it is written, and once more for each shape that
    aliases and merge keys make of it. Only where it is written are its keys checked
    for what does not depend on the shape.
    """

    __slots__ = ("budget", "found", "guesses", "seen", "stack")

    def __init__(self) -> None:
        self.budget = _BUDGET
        self.guesses = _GUESSES
        self.found: list[Violation] = []
        self.seen: set[tuple[int, int]] = set()
        self.stack: list[tuple[Node, Shape, Path, bool, bool]] = []

    def run(self, root: Node, *, partial: bool) -> None:
        self.value(root, FILE, None, None, root, True, partial)
        stack = self.stack
        while stack:
            node, shape, path, written, partial = stack.pop()
            if isinstance(node, Mapping):
                self.mapping(node, shape, path, written, partial)
            elif isinstance(node, Sequence):
                self.sequence(node, shape, path, written, partial)

    def mapping(
        self, node: Mapping, shape: Shape, path: Path, written: bool, partial: bool
    ) -> None:
        keys, each, lenient = shape.keys, shape.each, not shape.named
        if shape is SERVICE or shape is JOB:
            partial = partial or node.get("extends") is not None
        names: dict[str, Node] = {}
        merges: list[tuple[Node, Node]] = []
        for key, value in node.entries:
            if not isinstance(key, Scalar):
                self.odd_key(node, shape, key, value, path, written, partial)
                continue
            name = key.value
            if names.setdefault(name, key) is not key and written:
                self.found.append(violation.duplicate_key(node, names[name], key, path))
            if name == "<<" and not key.style:
                merges.append((key, value))
                continue
            child = each if keys is None else keys.get(name)
            if (
                child is not None
                and lenient
                and isinstance(value, Scalar)
                and value.tag is None
                and (keys is not None or name[:1] not in MAYBE_NOT_TEXT)
            ):
                # Nearly all entries end here.
                if child.anything:
                    continue
                if child.plain and (
                    value.style or value.value[:1] not in MAYBE_NOT_TEXT
                ):
                    continue
            if child is not None and keys is not None:
                self.value(value, child, (path, name), key, node, written, partial)
            else:
                self.entry(node, shape, key, value, path, written, partial)
        if merges:
            self.merge(node, shape, merges, path, names, written, partial)
        # `extends` is followed before anything is joined.
        if shape.required and (not partial or shape is EXTENDS):
            self.found += (
                violation.missing_key(node, shape, name, path)
                for name in shape.required
                if name not in names
            )

    def odd_key(
        self,
        parent: Mapping,
        shape: Shape,
        key: Node,
        value: Node,
        path: Path,
        written: bool,
        partial: bool,
    ) -> None:
        """Look at a key that is an alias, or no scalar at all."""
        target = follow(key)
        if isinstance(target, Scalar) and kind(target) == TEXT:
            self.entry(parent, shape, target, value, path, written, partial)
        elif target is not None and written:
            self.found.append(violation.odd_key(parent, key, path))
            self.value(key, FREE, path, key, parent, written, partial)
            self.value(value, FREE, path, key, parent, written, partial)

    def entry(
        self,
        parent: Mapping,
        shape: Shape,
        key: Scalar,
        value: Node,
        path: Path,
        written: bool,
        partial: bool,
    ) -> None:
        name = key.value
        path = path, name
        child = shape.each if shape.keys is None else shape.keys.get(name)
        if kind(key) != TEXT:
            if written:
                self.found.append(violation.odd_key(parent, key, path))
        elif child is None and name.startswith("x-"):
            child = FREE
        elif child is None:
            if value.tag == "!reset":
                return
            self.guesses -= 1
            self.found.append(
                violation.unknown_key(parent, shape, key, path, guess=self.guesses >= 0)
            )
        elif shape.named and not (name and _NAME.issuperset(name)):
            self.found.append(violation.odd_name(parent, key, path))
        self.value(value, child or FREE, path, key, parent, written, partial)

    def value(
        self,
        value: Node,
        shape: Shape,
        path: Path,
        key: Node | None,
        parent: Node,
        written: bool,
        partial: bool,
    ) -> None:
        node = value
        if isinstance(node, Alias):
            target = follow(node)
            if target is None or shape is FREE:
                return
            node, written = target, False
        if node.tag == "!reset":
            return
        if isinstance(node, Scalar):
            if not fits(shape, node) and node.tag != "!override":
                if partial and kind(node) == NULL and shape is not EXTENDS:
                    return
                self.found.append(
                    violation.wrong_type(parent, key, value, node, shape, path)
                )
        elif isinstance(node, (Mapping, Sequence)):
            if not takes(shape, node):
                self.found.append(
                    violation.wrong_type(parent, key, value, node, shape, path)
                )
                if not written:
                    return
                shape = FREE
            visit = id(node), id(shape)
            if written or visit not in self.seen:
                self.seen.add(visit)
                self.stack.append((node, shape, path, written, partial))

    def sequence(
        self, node: Sequence, shape: Shape, path: Path, written: bool, partial: bool
    ) -> None:
        items, child = node.items, shape.items
        if child is None:
            return
        plain, anything = child.plain, child.anything
        for index, item in enumerate(items):
            if (
                isinstance(item, Scalar)
                and item.tag is None
                and (plain or anything)
                and (anything or item.style or item.value[:1] not in MAYBE_NOT_TEXT)
            ):
                continue
            self.value(item, child, (path, index), None, node, written, partial)
        if shape.distinct and len(items) > 1:
            self.found += violation.duplicate_items(node, path)
        if shape.first and items:
            first = items[0]
            if isinstance(first, Scalar) and not (
                "$" in first.value or first.value in shape.first
            ):
                self.found.append(violation.wrong_first(node, first, shape, path))

    def merge(
        self,
        node: Mapping,
        shape: Shape,
        merges: list[tuple[Node, Node]],
        path: Path,
        names: dict[str, Node],
        written: bool,
        partial: bool,
    ) -> None:
        """Look at what ``<<`` brings that is not set here."""
        for key, value in merges:
            if not written:
                break
            if not _is_mergeable(value):
                self.found.append(violation.not_mergeable(node, key, value, path))
            self.value(value, FREE, (path, "<<"), key, node, written, partial)
        seen = {id(node)}
        todo = [value for _, value in reversed(merges)] if shape is not FREE else []
        while todo and self.budget > 0:
            target = follow(todo.pop())
            if isinstance(target, Sequence):
                self.budget -= len(target.items)
                todo += reversed(target.items)
            elif isinstance(target, Mapping) and id(target) not in seen:
                self.budget -= len(target.entries)
                seen.add(id(target))
                nested: list[Node] = []
                for key, value in target.entries:
                    if not isinstance(key, Scalar):
                        continue
                    if key.value == "<<" and not key.style:
                        nested.append(value)
                    elif key.value not in names:
                        names[key.value] = key
                        self.entry(target, shape, key, value, path, False, partial)
                todo += reversed(nested)


def _is_mergeable(node: Node) -> bool:
    target = follow(node)
    if isinstance(target, Sequence):
        return all(isinstance(follow(item), Mapping | None) for item in target.items)
    return isinstance(target, Mapping | None)
