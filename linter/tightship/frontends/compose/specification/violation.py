"""Violations of the specification in a file, in words that help to fix them."""

from __future__ import annotations

from tightship.frontends.compose.specification.accepts import accepts, expected, found, kind
from tightship.frontends.compose.specification.shape import BOOL, NULL, TEXT, Shape
from tightship.lazy import TYPE_CHECKING, Record
from tightship.syntax.yaml.nodes import Mapping, Node, Scalar, Sequence
from tightship.values.matching import closest
from tightship.values.scalar import as_bool

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.text import Span

    Kind = Literal["unknown-key", "wrong-type", "missing-key", "duplicate-key", "duplicate-item"]
    Path = tuple["Path", str | int] | None


class Violation(Record):
    """One thing in a file that Compose rejects, or ignores in silence.

    ``kind``
        ``unknown-key``; ``wrong-type`` (of a value or a key, or a text of the wrong form); ``missing-key``; ``duplicate-key``;
        ``duplicate-item`` (in a list where Compose rejects it).
    ``span``
        the key that is unknown; the second of two; the value of a wrong type, or its
        key where the value is empty or more than a line; the first key of a mapping
        that lacks one.
    ``message``
        a sentence without its full stop; the user's words are in backticks.
    ``suggestion``
        a better text for ``span``, or for a missing key, the key.
    ``node``, ``parent``
        the offending key, value or item, and the collection that holds it.
    ``first``
        for duplicates, the one before.
    ``ignored``
        Compose does not reject it, but ignores it.
    """

    kind: Kind
    parent: Node
    node: Node
    chain: Path
    message: str
    suggestion: str | None = None
    first: Node | None = None
    ignored: bool = False
    place: Span | None = None

    @property
    def span(self) -> Span:
        """Return where it is."""
        return self.place or self.node.span

    @property
    def path(self) -> tuple[str | int, ...]:
        """Return the keys and indices that lead there, the offending key included."""
        return flat(self.chain)


def unknown_key(
    parent: Mapping, shape: Shape, key: Scalar, path: Path, *, guess: bool
) -> Violation:
    """Report an unknown key, with the one that was probably meant."""
    name = key.value
    message = f"{_quoted(name)} is not a key of {shape.what}"
    if shape.open:
        message += ": Compose ignores it"
    meant = closest(name, shape.keys or {}) if guess else None
    homes = list(_homes(shape, name)) if guess else []
    if meant and len(homes) == 1:
        message += f"; did you mean `{meant}`, or does it belong under `{homes[0]}`?"
    elif meant:
        message += f"; did you mean `{meant}`?"
    elif len(homes) == 1:
        message += f"; it belongs under `{homes[0]}`"
    meant = None if homes else meant
    return Violation(
        "unknown-key", parent, key, path, message, suggestion=meant, ignored=shape.open
    )


def _homes(shape: Shape, name: str) -> Iterator[str]:
    """Yield the paths below a shape that have such a key, down to three levels."""
    level = list((shape.keys or {}).items())
    for _ in range(3):
        deeper: list[tuple[str, Shape]] = []
        for path, below in level:
            keys = below.keys or {}
            if name in keys:
                yield path
            deeper += ((f"{path}.{key}", inner) for key, inner in keys.items())
        level = deeper


def odd_name(parent: Mapping, key: Scalar, path: Path) -> Violation:
    """Report a bad name of a service, a volume or similar."""
    name, signs = _quoted(key.value), "use letters, digits, `.`, `_` and `-`"
    message = f"{name} is not a valid name: {signs}"
    return Violation("unknown-key", parent, key, path, message)


def non_string_key(parent: Mapping, key: Node, path: Path) -> Violation:
    """Report a key that is not a string."""
    text = key.span.text
    quotable = isinstance(key, Scalar) and not key.tag and bool(text)
    message = f"a key must be a string, not {found(key)}" + ("; quote it" * quotable)
    better = f'"{text}"' if quotable else None
    return Violation("wrong-type", parent, key, path, message, suggestion=better)


def duplicate_key(parent: Mapping, first: Node, key: Scalar, path: Path) -> Violation:
    """Report a key that is there already."""
    message = f"{_quoted(key.value)} is already set here"
    if key.value == "<<":
        message += "; one `<<` takes a list: `<<: [*a, *b]`"
    return Violation("duplicate-key", parent, key, (path, key.value), message, first=first)


def missing_key(parent: Mapping, shape: Shape, name: str, path: Path) -> Violation:
    """Report a key that a mapping lacks."""
    place = parent.entries[0][0] if parent.entries else parent
    path, message = (path, name), f"{shape.what} needs `{name}`"
    return Violation(
        "missing-key", parent, parent, path, message, place=place.span, suggestion=name
    )


def not_mergeable(parent: Mapping, key: Node, value: Node, path: Path) -> Violation:
    """Report a ``<<`` that is not a mapping."""
    path, place = (path, "<<"), _place(key, value)
    message = f"`<<` must be a mapping or a list of mappings, {_not(value)}"
    return Violation("wrong-type", parent, value, path, message, place=place)


def wrong_type(
    parent: Node, key: Node | None, value: Node, target: Node, shape: Shape, path: Path
) -> Violation:
    """Report a value of the wrong type; ``target`` is the value, or that of its alias."""
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
    place = _place(key, value)
    message = f"{subject} must be {expected(shape)}, {_not(target, shape)}"
    return Violation("wrong-type", parent, value, path, message, suggestion, place=place)


def wrong_first(parent: Sequence, item: Scalar, shape: Shape, path: Path) -> Violation:
    """Report the wrong first item of a list."""
    choices = ", ".join(f"`{choice}`" for choice in shape.first)
    name, meant = path[1] if path else "", closest(item.value, shape.first)
    message = f"the first item of `{name}` must be one of {choices}"
    message += f", {_not(item, shape)}"
    return Violation("wrong-type", parent, item, (path, 0), message, suggestion=meant)


def duplicate_items(parent: Sequence, path: Path) -> Iterator[Violation]:
    """Yield the duplicate items of a list."""
    seen: dict[tuple[int, str], Node] = {}
    for index, item in enumerate(parent.items):
        if not isinstance(item, Scalar):
            continue
        first = seen.setdefault((kind(item), item.value), item)
        if first is not item:
            message, place = (f"{_quoted(item.value)} is already in this list", (path, index))
            yield Violation("duplicate-item", parent, item, place, message, first=first)


def flat(path: Path) -> tuple[str | int, ...]:
    """Return a path as a tuple; while walking it is a chain, which costs less."""
    parts: list[str | int] = []
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
        return "but it is empty"
    if isinstance(node, Scalar) and shape is not None and kind(node) & shape.scalars:
        # The kind is right, and so only the text is shown.
        word = word[word.find("`") :] if "`" in word else word
    return f"not {word}"


def _better(shape: Shape, node: Scalar) -> str | None:
    """Return a better text for a scalar, where there is but one good guess."""
    raw, bit = node.span.text, kind(node)
    if bit == NULL or node.tag or "\n" in raw:
        return None
    if bit != TEXT and shape.scalars & TEXT and raw:
        quoted = Scalar(node.span, raw, '"')
        return f'"{raw}"' if accepts(shape, quoted) else None
    if bit == TEXT and shape.choices:
        return closest(node.value, shape.choices)
    if bit == TEXT and shape.scalars == BOOL:
        boolean = as_bool(node.value)
        return None if boolean is None else str(boolean).lower()
    if shape.items is not None and not shape.scalars and accepts(shape.items, node):
        if node.style or not set(raw) & set(",[]{}#:&*!|>'\"%@`"):
            return f"[{raw}]"
        if '"' not in raw and "\\" not in raw:
            return f'["{raw}"]'
    return None


def _quoted(text: str) -> str:
    """Return a word of the user's in backticks, short and on one line."""
    shown = "".join(char if char.isprintable() else "?" for char in text)
    return f"`{shown[:57]}...`" if len(shown) > 60 else f"`{shown}`"
