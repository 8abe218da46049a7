"""What Compose refuses in a file, told so that the reader can mend it."""

from __future__ import annotations

from tightship.compose.specification.fit import expected, fits, found, kind
from tightship.compose.specification.shape import BOOL, NULL, TEXT, Shape
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence
from tightship.values.edit_distance import closest
from tightship.values.scalar import as_bool

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.text import Span

    Kind = Literal[
        "unknown-key", "wrong-type", "missing-key", "duplicate-key", "duplicate-item"
    ]
    Path = tuple["Path", str | int] | None


class Violation:
    """One thing in a file that Compose refuses, or passes over in silence.

    ``kind``
        ``unknown-key``; ``wrong-type`` (of a value or a key, or a text that is not of
        the form that is wanted); ``missing-key``; ``duplicate-key``;
        ``duplicate-item`` (in a list where Compose refuses it).
    ``span``
        the key that is unknown; the second of two; the value of a wrong type, or its
        key where the value is empty or more than a line; the first key of a mapping
        that lacks one.
    ``message``
        a sentence without its full stop; what is the user's is in backticks.
    ``suggestion``
        what ``span`` had better say, or for a missing key, the key.
    ``path``
        the keys and indices that lead there, the offending key included.
    ``node``, ``parent``
        the offending key, value or item, and the collection that holds it.
    ``first``
        for duplicates, the one that stands before.
    ``ignored``
        Compose does not refuse it, it passes over it.
    """

    __slots__ = (
        "first",
        "ignored",
        "kind",
        "message",
        "node",
        "parent",
        "path",
        "span",
        "suggestion",
    )

    def __init__(
        self,
        kind: Kind,
        span: Span,
        message: str,
        *,
        node: Node,
        parent: Node,
        path: tuple[str | int, ...],
        suggestion: str | None = None,
        first: Node | None = None,
        ignored: bool = False,
    ) -> None:
        self.kind: Kind = kind
        self.span = span
        self.message = message
        self.node = node
        self.parent = parent
        self.path = path
        self.suggestion = suggestion
        self.first = first
        self.ignored = ignored

    def __repr__(self) -> str:
        return f"Violation({self.kind}, {self.span!r}, {self.message!r})"


def unknown_key(
    parent: Mapping, shape: Shape, key: Scalar, path: Path, *, guess: bool
) -> Violation:
    """Say that a mapping has no such key, and what was probably meant."""
    name = key.value
    message = f"{_quoted(name)} is not a key of {shape.what}"
    if shape.open:
        message += ", and Compose passes over it"
    meant = closest(name, shape.keys or {}) if guess else None
    homes = list(_homes(shape, name)) if guess else []
    if meant and len(homes) == 1:
        message += f"; did you mean `{meant}`, or does it belong under `{homes[0]}`?"
    elif meant:
        message += f"; did you mean `{meant}`?"
    elif len(homes) == 1:
        message += f"; it belongs under `{homes[0]}`"
    return Violation(
        "unknown-key",
        key.span,
        message,
        node=key,
        parent=parent,
        path=flat(path),
        suggestion=None if homes else meant,
        ignored=shape.open,
    )


def _homes(shape: Shape, name: str) -> Iterator[str]:
    """Yield where below a shape there is such a key, down to three levels."""
    level = list((shape.keys or {}).items())
    for _ in range(3):
        deeper = list[tuple[str, Shape]]()
        for path, below in level:
            keys = below.keys or {}
            if name in keys:
                yield path
            deeper += ((f"{path}.{key}", inner) for key, inner in keys.items())
        level = deeper


def odd_name(parent: Mapping, key: Scalar, path: Path) -> Violation:
    """Say that a service, a volume or the like cannot have this name."""
    return Violation(
        "unknown-key",
        key.span,
        f"{_quoted(key.value)} cannot be a name here: letters, digits, `.`, `_` and"
        " `-` make one",
        node=key,
        parent=parent,
        path=flat(path),
    )


def odd_key(parent: Mapping, key: Node, path: Path) -> Violation:
    """Say that a key is not a string."""
    text = key.span.text
    quotable = isinstance(key, Scalar) and not key.tag and bool(text)
    return Violation(
        "wrong-type",
        key.span,
        f"a key must be a string, not {found(key)}" + ("; quote it" * quotable),
        node=key,
        parent=parent,
        path=flat(path),
        suggestion=f'"{text}"' if quotable else None,
    )


def duplicate_key(parent: Mapping, first: Node, key: Scalar, path: Path) -> Violation:
    """Say that a key is there already."""
    message = f"{_quoted(key.value)} is here already"
    if key.value == "<<":
        message += "; one `<<` takes a list: `<<: [*a, *b]`"
    return Violation(
        "duplicate-key",
        key.span,
        message,
        node=key,
        parent=parent,
        path=flat((path, key.value)),
        first=first,
    )


def missing_key(parent: Mapping, shape: Shape, name: str, path: Path) -> Violation:
    """Say which key a mapping lacks."""
    entries = parent.entries
    return Violation(
        "missing-key",
        entries[0][0].span if entries else parent.span,
        f"{shape.what} needs `{name}`",
        node=parent,
        parent=parent,
        path=flat((path, name)),
        suggestion=name,
    )


def not_mergeable(parent: Mapping, key: Node, value: Node, path: Path) -> Violation:
    """Say that ``<<`` names something that is not a mapping."""
    return Violation(
        "wrong-type",
        _place(key, value),
        f"`<<` must be a mapping or a list of mappings, {_not(value)}",
        node=value,
        parent=parent,
        path=flat((path, "<<")),
    )


def wrong_type(
    parent: Node, key: Node | None, value: Node, target: Node, shape: Shape, path: Path
) -> Violation:
    """Say what a value must be; ``target`` is it, or what it is an alias of."""
    where = flat(path)
    names = [part for part in where if isinstance(part, str)]
    if not names:
        subject = "a Compose file"
    elif isinstance(where[-1], int):
        subject = f"an item of {_quoted(names[-1])}"
    else:
        subject = _quoted(names[-1])
    suggestion = None
    if isinstance(target, Scalar) and value is target:
        suggestion = _better(shape, target)
    return Violation(
        "wrong-type",
        _place(key, value),
        f"{subject} must be {expected(shape)}, {_not(target, shape)}",
        node=value,
        parent=parent,
        path=where,
        suggestion=suggestion,
    )


def wrong_first(parent: Sequence, item: Scalar, shape: Shape, path: Path) -> Violation:
    """Say what a list must start with."""
    choices = ", ".join(f"`{choice}`" for choice in shape.first)
    name = path[1] if path else ""
    return Violation(
        "wrong-type",
        item.span,
        f"the first item of `{name}` must be one of {choices}, {_not(item, shape)}",
        node=item,
        parent=parent,
        path=flat((path, 0)),
        suggestion=closest(item.value, shape.first),
    )


def duplicate_items(parent: Sequence, path: Path) -> Iterator[Violation]:
    """Yield the items of a list that are in it already."""
    seen = dict[tuple[int, str], Node]()
    for index, item in enumerate(parent.items):
        if not isinstance(item, Scalar):
            continue
        first = seen.setdefault((kind(item), item.value), item)
        if first is not item:
            yield Violation(
                "duplicate-item",
                item.span,
                f"{_quoted(item.value)} is in this list already",
                node=item,
                parent=parent,
                path=flat((path, index)),
                first=first,
            )


def flat(path: Path) -> tuple[str | int, ...]:
    """Return a path as a tuple; while walking it is a chain, which costs less."""
    parts = list[str | int]()
    while path is not None:
        path, part = path
        parts.append(part)
    return tuple(reversed(parts))


def _place(key: Node | None, value: Node) -> Span:
    if key is not None and (not value.span.text or "\n" in value.span.text):
        return key.span
    return value.span


def _not(node: Node, shape: Shape | None = None) -> str:
    word = found(node)
    if word == "empty":
        return "and it is empty"
    if isinstance(node, Scalar) and shape is not None and kind(node) & shape.scalars:
        # The kind is right, and so only the text is worth a word.
        word = word[word.find("`") :] if "`" in word else word
    return f"not {word}"


def _better(shape: Shape, node: Scalar) -> str | None:
    """Return how a scalar should be written, where there is but one good guess."""
    raw, bit = node.span.text, kind(node)
    if bit == NULL or node.tag or "\n" in raw:
        return None
    if bit != TEXT and shape.scalars & TEXT and raw:
        quoted = Scalar(node.span, raw, '"')
        return f'"{raw}"' if fits(shape, quoted) else None
    if bit == TEXT and shape.choices:
        return closest(node.value, shape.choices)
    if bit == TEXT and shape.scalars == BOOL:
        boolean = as_bool(node.value)
        return None if boolean is None else str(boolean).lower()
    if shape.items is not None and not shape.scalars and fits(shape.items, node):
        if node.style or not set(raw) & set(",[]{}#:&*!|>'\"%@`"):
            return f"[{raw}]"
        if '"' not in raw and "\\" not in raw:
            return f'["{raw}"]'
    return None


def _quoted(text: str) -> str:
    """Return a name of the user's in backticks, short and on one line."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return f"`{shown[:57]}...`" if len(shown) > 60 else f"`{shown}`"
