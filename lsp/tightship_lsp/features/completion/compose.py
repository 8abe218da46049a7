"""Completion in Compose files: from the table of keys, and from the project."""

from __future__ import annotations

from itertools import chain, takewhile
from textwrap import dedent

from tightship.frontends.compose.specification.accepts import expected
from tightship.frontends.compose.specification.keys import FILE
from tightship.frontends.compose.specification.meaning import meaning, thing, values
from tightship.frontends.compose.specification.shape import BOOL, FREE, Shape
from tightship.isolation.effect import KEYS, effect
from tightship.lazy import Record, regex
from tightship_lsp.features.completion.cursor import place
from tightship_lsp.features.completion.item import Item, matching
from tightship_lsp.features.completion.sources import SOURCES, Writing
from tightship_lsp.features.completion.variables import variables

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship_lsp.features.completion.cursor import Place, Step
    from tightship_lsp.features.completion.scope import Scope

# Plain text that YAML, or Compose, reads as something else than that text.
_NEEDS_QUOTES = regex(
    r"(?i)(?:no|yes|on|off|y|n|null|~|)\Z|[-+.]?\d[\d.:_-]*\Z|[-+.]?\d[\d_]*(?:[:.]\d+)+"
    r"|[&*!|>%@`\"'{\[\],#?]|.*(?::\s|\s\#|:\Z)"
)
_FLOW_QUOTES = regex(r"[^,\[\]{}]*[,\[\]{}]")
_INDENT = regex(r"(?m)^\S[^\n]*:[ \t]*\r?\n( +)\S")
_ALIAS = regex(r"(?<![^\s\[{,:-])\*([^\s,\[\]{}]+)")
_ANCHOR = regex(r"(?<![^\s\[{,:-])&([^\s,\[\]{}]+)")
_MERGE = "<<"
_LIST_ITEM = "- "
_MOST_SHOWN = 8  # lines of an anchor
# Keys that few services need come last, and those that most have come first.
_USUAL = (
    *("services", "networks", "volumes", "image", "build", "command", "environment", "ports"),
    *("env_file", "depends_on", "restart", "healthcheck", "user", "secrets", "configs"),
    *("context", "dockerfile", "target", "args", "test"),
)
_RARE = ("version", "links", "external_links", "container_name")


def warm() -> None:
    """Read the tables of words, which takes longer than an answer."""
    meaning(FILE, "services")
    values(FILE, "services")


class Slot(Record):
    """The shape at a place, and the key that it is for: of what thing, and by what name.

    ``is_named`` says that the place is below a name of the user's own, such as a network.
    """

    shape: Shape
    owner: Shape
    key: str
    is_named: bool


def slot(
    path: Sequence[Step], text: str = "", anchors: Sequence[tuple[str, int]] = ()
) -> Slot | None:
    """Return the slot at a path; an extension field (`x-`) is what its alias is used for."""
    if path and str(path[0]).startswith("x-"):
        used = _used_path(path, text, anchors)
        if used is None:
            return None
        path = used
    shape: Shape = FILE
    found = Slot(FILE, FILE, "", is_named=False)
    for step in path:
        if step == _MERGE:
            continue
        below = shape.below(step)
        if below is None or below is FREE:
            return None
        if isinstance(step, str) and shape.keys is not None:
            found = Slot(below, shape, step, is_named=False)
        else:
            is_named = found.is_named or isinstance(step, str)
            found = Slot(below, found.owner, found.key, is_named=is_named)
        shape = below
    return found


def completions(
    text: str, at: int, scope: Scope, *, multiline: bool = True
) -> tuple[Place | None, list[Item]]:
    """Return the place of an offset, and what may be written there."""
    found = place(text, at)
    if found is None:
        return None, []
    items = variables(scope, text, found.start, at)
    if items is None:
        items = _aliases(text, found)
    if items is None:
        where = slot(found.path, text, found.anchors)
        items = _Choices(text, found, where, scope, multiline).items() if where else iter(())
        if found.is_glued:
            items = (one.replaced(text=f" {one.inserted}") for one in items)
    return found, matching(items, lambda one: text[_start(one, found) : at])


def _start(item: Item, place: Place) -> int:
    return place.start if item.start is None else item.start


class _Choices:
    """Makes the items for one place."""

    def __init__(self, text: str, place: Place, slot: Slot, scope: Scope, multiline: bool) -> None:
        self._text = text
        self._place = place
        self._slot = slot
        self._scope = scope
        self._multiline = multiline and not place.in_flow
        unit = _INDENT.search(text)
        self._unit = unit[1] if unit is not None else "  "

    def items(self) -> Iterator[Item]:
        """Yield keys, then values."""
        place, shape = self._place, self._slot.shape
        is_item = place.path[-1:] == (0,)
        if place.is_key:
            if shape.keys is not None:
                yield from self._keys(shape)
            elif shape.each is not None:
                yield from map(self._as_key, self._sourced())
            if shape.items is not None and place.is_value and not place.values and not is_item:
                yield from map(self._as_item, self._values(shape.items))
        if place.is_value and (is_item or not place.is_key):
            yield from map(self._as_value, self._values(shape))

    def _keys(self, shape: Shape) -> Iterator[Item]:
        for key, below in (shape.keys or {}).items():
            if key not in self._place.others:
                rank = 1 if key in shape.required else 2 if key in _USUAL else 5
                about = meaning(shape, key)
                yield Item(
                    key,
                    "key",
                    detail=expected(below),
                    about=about,
                    text=self._written(key, below),
                    rank=9 if key in _RARE else rank,
                )
        if self._merges and _MERGE not in self._place.others:
            yield Item(_MERGE, "key", "merge", "Takes the keys of an anchor.", text=f"{_MERGE}: ")

    @property
    def _merges(self) -> bool:
        return bool(_ANCHOR.search(self._text)) and not self._place.quote

    def _written(self, key: str, below: Shape) -> str:
        """Return a key with what begins its value."""
        place = self._place
        if place.has_colon or place.quote:
            return key
        is_nested = not below.scalars
        if not is_nested:
            return f"{key}: "
        if not self._multiline:
            return f"{key}: " if place.in_flow else f"{key}:"
        inner = "\n" + " " * place.indent + self._unit
        is_list = below.items is not None and below.keys is None and below.each is None
        return f"{key}:{inner}{_LIST_ITEM if is_list else ''}"

    def _as_key(self, item: Item) -> Item:
        """Return a name as a key."""
        each = self._slot.shape.each
        text = item.label
        if not (self._place.has_colon or self._place.quote) and each is not None:
            text = self._written(item.label, each)
        return item.replaced(text=text)

    def _as_item(self, item: Item) -> Item:
        """Return a value as the first item of a list."""
        return self._as_value(item).replaced(
            text=_LIST_ITEM + self._quoted(item.inserted), label=item.label
        )

    def _as_value(self, item: Item) -> Item:
        text = item.inserted
        if item.start in (None, self._place.start):
            text = self._quoted(text)
        return item.replaced(text=text)

    def _quoted(self, text: str) -> str:
        if self._place.quote or text in ("true", "false"):
            return text
        if _NEEDS_QUOTES.match(text) or (self._place.in_flow and _FLOW_QUOTES.match(text)):
            # What is to be continued stays open.
            return f'"{text}"' if not text.endswith((":", "=")) else text
        return text

    def _values(self, shape: Shape) -> Iterator[Item]:
        owner, key = self._slot.owner, self._slot.key
        if shape.scalars & BOOL and (thing(owner), key) not in SOURCES:
            yield Item("true", "value", rank=2)
            yield Item("false", "value", rank=3)
        if not self._slot.is_named:
            listed = values(owner, key)
            is_first = bool(self._slot.shape.items) or not self._place.others
            for value, about in listed.items():
                if value not in self._place.others and (is_first or key != "test"):
                    about = about or (effect(key, value) if key in KEYS else "")
                    yield Item(value, "value", about=about, rank=3)
        yield from self._sourced()

    def _sourced(self) -> Iterator[Item]:
        slot = self._slot
        found = SOURCES.get((thing(slot.owner), slot.key), ())
        writing = Writing(self._scope, self._place, self._text, slot.key, is_named=slot.is_named)
        return chain.from_iterable(source(writing) for source in found)


def _aliases(text: str, found: Place) -> Iterator[Item] | None:
    """Return the anchors that a half-typed alias may mean; None for other text."""
    typed = text[found.start : found.at]
    is_merge = found.path[-1:] == (_MERGE,) or found.path[-2:] == (_MERGE, 0)
    if found.quote or not (typed.startswith("*") or (is_merge and found.is_value)):
        return None
    names = dict.fromkeys(one[1] for one in _ANCHOR.finditer(text, 0, found.start))
    return (
        Item(f"*{name}", "name", "anchor", _anchored(text, name))
        for name in names
        if name not in dict(found.anchors)
    )


def _anchored(text: str, name: str) -> str:
    """Return the first lines of what an anchor is on."""
    start = text.find(f"&{name}")
    begin = text.rfind("\n", 0, start) + 1
    depth = len(text[begin:start]) - len(text[begin:start].lstrip(" -"))
    below = takewhile(
        lambda line: not line.strip() or line[: depth + 1].isspace(),
        text[start:].splitlines()[1:_MOST_SHOWN],
    )
    shown = dedent("\n".join(below)).splitlines()
    return "```yaml\n" + "\n".join(shown) + "\n```" if shown else ""


def _used_path(
    path: Sequence[Step], text: str, anchors: Iterable[tuple[str, int]]
) -> Sequence[Step] | None:
    """Return the path that a place has where an alias uses it, if one does."""
    depths = dict(anchors)
    for alias in _ALIAS.finditer(text):
        used = place(text, alias.end()) if alias[1] in depths else None
        if used is not None and not str(used.path[0] if used.path else "x-").startswith("x-"):
            return (*used.path, *path[depths[alias[1]] :])
    return None
