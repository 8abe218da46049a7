"""Check a document as it is written against the key table.

Compose checks the merged files; here each document is checked on its own, so that each
violation has a place in the text.
"""

from __future__ import annotations

from tightship.frontends.compose.specification.accepts import MAYBE_NOT_TEXT, accepts, kind, takes
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.service_keys import EXTENDS, JOB, SERVICE
from tightship.frontends.compose.specification.shape import ANY, FREE, NULL, TEXT, Shape
from tightship.lazy import TYPE_CHECKING, LazyModule
from tightship.syntax.yaml.nodes import Alias, Mapping, Node, Scalar, Sequence, follow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship.frontends.compose.specification.violation import Path, Violation
    from tightship.text import Span

    # A path, whether it is where the node is written, and whether it is partial.
    Place = tuple[Path, bool, bool]
    from tightship.frontends.compose.specification import violation
else:
    violation = LazyModule("tightship.frontends.compose.specification.violation")

_MERGE = "<<"
# The most entries that merge keys may bring, for they can name one mapping again and
# again.
_BUDGET = 100_000
# The most unknown keys that are compared with all known ones.
_GUESSES = 100
# What is below a value of the wrong type.
_MISPLACED = Shape(ANY)
_MISPLACED.items = _MISPLACED.each = FREE

_NAME = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-")


def validate(root: Node, *, partial: bool = False) -> Iterator[Violation]:
    """Yield the violations in a document, in the order of the text.

    ``partial`` tells that it is merged onto another one, as an override file is: then an
    empty value changes nothing, and a missing key may be there already.
    """
    walk = _Walk()
    walk.run(root, partial=partial)
    seen: set[tuple[str, Span]] = set()
    for found in sorted(walk.found, key=lambda found: found.span):
        if (found.kind, found.span) not in seen:
            seen.add((found.kind, found.span))
            yield found


class _Walk:
    """A walk through a document, with a stack, so that depth costs nothing.

    A collection is visited once as it is written, and once more for each shape that
    aliases and merge keys give it. Only where it is written are its keys checked for
    violations that do not depend on the shape.
    """

    __slots__ = ("budget", "found", "guesses", "seen", "stack")

    def __init__(self) -> None:
        self.budget = _BUDGET
        self.guesses = _GUESSES
        self.found: list[Violation] = []
        self.seen: set[tuple[int, int]] = set()
        self.stack: list[tuple[Node, Shape, Place]] = []

    def run(self, root: Node, *, partial: bool) -> None:
        self.value(root, FILE, None, root, (None, True, partial))
        stack = self.stack
        while stack:
            node, shape, place = stack.pop()
            if isinstance(node, Mapping):
                self.mapping(node, shape, place)
            elif isinstance(node, Sequence):
                self.sequence(node, shape, place)

    def mapping(self, node: Mapping, shape: Shape, place: Place) -> None:
        path, written, partial = place
        keys, each, lenient = shape.keys, shape.each, not shape.named
        if shape is SERVICE or shape is JOB:
            partial = partial or node.get("extends") is not None
            place = path, written, partial
        names: dict[str, Node] = {}
        merges: list[tuple[Node, Node]] = []
        for key, value in node.entries:
            if not isinstance(key, Scalar):
                self.unknown_key(node, shape, key, value, place)
                continue
            name = key.value
            is_merge = name == _MERGE and not key.style
            first = names.setdefault(name, key)
            # What is merged into a value of the wrong type has no effect.
            counts = written and not (is_merge and shape is _MISPLACED)
            if first is not key and counts:
                self.found.append(violation.duplicate_key(node, first, key, path))
            if is_merge:
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
                if child.plain and (value.style or value.value[:1] not in MAYBE_NOT_TEXT):
                    continue
            if child is not None and keys is not None:
                below = (path, name), written, partial
                self.value(value, child, key, node, below)
            else:
                self.entry(node, shape, key, value, place)
        if merges:
            self.merge(node, shape, merges, names, place)
        # `extends` is followed before anything is joined.
        if shape.required and (not partial or shape is EXTENDS):
            self.found += (
                violation.missing_key(node, shape, name, path)
                for name in shape.required
                if name not in names
            )

    def unknown_key(
        self, parent: Mapping, shape: Shape, key: Node, value: Node, place: Place
    ) -> None:
        """Check a key that is an alias, or no scalar at all."""
        path, written, _ = place
        target = follow(key)
        if isinstance(target, Scalar) and kind(target) == TEXT:
            self.entry(parent, shape, target, value, place)
        elif target is not None and written:
            self.found.append(violation.non_string_key(parent, key, path))
            self.value(key, FREE, key, parent, place)
            self.value(value, FREE, key, parent, place)

    def entry(self, parent: Mapping, shape: Shape, key: Scalar, value: Node, place: Place) -> None:
        above, written, partial = place
        name = key.value
        path = above, name
        child = shape.each if shape.keys is None else shape.keys.get(name)
        if kind(key) != TEXT:
            if written:
                self.found.append(violation.non_string_key(parent, key, path))
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
        self.value(value, child or FREE, key, parent, (path, written, partial))

    def value(
        self, value: Node, shape: Shape, key: Node | None, parent: Node, place: Place
    ) -> None:
        node, (path, written, partial) = value, place
        if isinstance(node, Alias):
            target = follow(node)
            if target is None or shape is FREE:
                return
            node, written = target, False
        if node.tag == "!reset":
            return
        if isinstance(node, Scalar):
            if not accepts(shape, node) and node.tag != "!override":
                if partial and kind(node) == NULL and shape is not EXTENDS:
                    return
                self.found.append(violation.wrong_type(parent, key, value, node, shape, path))
        elif isinstance(node, (Mapping, Sequence)):
            if not takes(shape, node):
                self.found.append(violation.wrong_type(parent, key, value, node, shape, path))
                if not written:
                    return
                shape = _MISPLACED
            visit = id(node), id(shape)
            if written or visit not in self.seen:
                self.seen.add(visit)
                self.stack.append((node, shape, (path, written, partial)))

    def sequence(self, node: Sequence, shape: Shape, place: Place) -> None:
        path, written, partial = place
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
            below = (path, index), written, partial
            self.value(item, child, None, node, below)
        if shape.distinct and len(items) > 1:
            self.found += violation.duplicate_items(node, path)
        if shape.first and items:
            first = items[0]
            if isinstance(first, Scalar) and not ("$" in first.value or first.value in shape.first):
                self.found.append(violation.wrong_first(node, first, shape, path))

    def merge(
        self,
        node: Mapping,
        shape: Shape,
        merges: list[tuple[Node, Node]],
        names: dict[str, Node],
        place: Place,
    ) -> None:
        """Check the entries of ``<<`` that are not set here."""
        path, written, partial = place
        for key, value in merges:
            if not written:
                break
            if names[_MERGE] is key and not _is_mergeable(value):
                self.found.append(violation.not_mergeable(node, key, value, path))
            below = (path, "<<"), written, partial
            self.value(value, FREE, key, node, below)
        seen = {id(node)}
        todo = [value for _, value in reversed(merges)] if shape not in (FREE, _MISPLACED) else []
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
                        self.entry(target, shape, key, value, (path, False, partial))
                todo += reversed(nested)


def _is_mergeable(node: Node) -> bool:
    target = follow(node)
    if isinstance(target, Sequence):
        return all(isinstance(follow(item), Mapping | None) for item in target.items)
    return isinstance(target, Mapping | None)
