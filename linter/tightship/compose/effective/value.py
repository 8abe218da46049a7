"""The effective configuration: what Compose makes of the merged tree, value by value."""

from __future__ import annotations

from tightship.compose.loading.tree import Leaf

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.compose.loading.tree import Value
    from tightship.text import Span

    Scalar = None | bool | int | float | str
    Content = Scalar | list["Effective"] | dict[str, "Effective"]
    Put = Literal["", "default", "implied"]


class Effective:
    """A value in Compose's canonical form, and the place that it comes from.

    ``content`` is a scalar, a list or a mapping. ``source`` is the value of the
    merged tree that it was made of, if there is one. ``put`` tells that nobody wrote
    it: Compose has it as a ``default``, or because something else implies it; then
    ``source`` and ``span`` are what made Compose do so. ``named`` is false where its
    key holds a variable without a value.
    """

    __slots__ = ("content", "named", "put", "source", "span")

    def __init__(
        self,
        content: Content,
        source: Value | None = None,
        *,
        span: Span | None = None,
        put: Put = "",
    ) -> None:
        """Hold a value; without a span of its own it has that of its source."""
        self.content = content
        self.source = source
        self.span = source.span if span is None and source is not None else span
        self.put: Put = put
        self.named = True

    @property
    def decided(self) -> bool:
        """Tell whether no variable without a value has a part in it."""
        return self.named and not (
            isinstance(self.source, Leaf) and not self.source.decided
        )

    @property
    def entries(self) -> dict[str, Effective]:
        """Return what a mapping holds; anything else holds nothing."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> list[Effective]:
        """Return what a list holds; anything else holds nothing."""
        return self.content if isinstance(self.content, list) else []

    @property
    def text(self) -> str:
        """Return a text; anything else has none."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def number(self) -> float:
        """Return a number; a size is written as text."""
        if isinstance(self.content, (int, float)):
            return self.content
        if isinstance(self.content, str):
            try:
                return int(self.content)
            except ValueError:
                return 0
        return 0

    def get(self, *path: str) -> Effective | None:
        """Return the value under keys one below the other."""
        found: Effective | None = self
        for key in path:
            if found is None or not isinstance(found.content, dict):
                return None
            found = found.content.get(key)
        return found

    def at(self, pattern: tuple[str, ...]) -> Iterator[Effective]:
        """Yield the values at a path, in which ``*`` stands for all keys or items."""
        if not pattern:
            yield self
            return
        key, below = pattern[0], pattern[1:]
        if key != "*":
            found = self.entries.get(key)
            if found is not None:
                yield from found.at(below)
        elif isinstance(self.content, list):
            for item in self.content:
                yield from item.at(below)
        else:
            for entry in self.entries.values():
                yield from entry.at(below)
