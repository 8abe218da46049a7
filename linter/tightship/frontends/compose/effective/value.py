"""The effective configuration, value by value, as Compose makes it of the merged tree."""

from __future__ import annotations

from tightship.model.value import ScalarValue

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Literal

    from tightship.model.value import Value
    from tightship.text import Span

    Scalar = None | bool | int | float | str
    Content = Scalar | list["Effective"] | dict[str, "Effective"]
    Put = Literal["", "default", "implied"]


class Effective:
    """A value in Compose's canonical form, and its place.

    ``content`` is a scalar, a list or a mapping. ``source`` is the value of the
    merged tree that it is made of, if there is one. ``put`` tells that the files do not
    have it: Compose adds it as a ``default``, or because something else implies it;
    then ``source`` and ``span`` are those of the reason. ``named`` is false where its
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
        self.content = content
        self.source = source
        self.span = source.span if span is None and source is not None else span
        self.put: Put = put
        self.named = True

    @property
    def decided(self) -> bool:
        """Return whether it holds no variable without a value."""
        return self.named and not (isinstance(self.source, ScalarValue) and not self.source.decided)

    @property
    def entries(self) -> dict[str, Effective]:
        """Return the entries of a mapping; anything else has none."""
        return self.content if isinstance(self.content, dict) else {}

    @property
    def items(self) -> list[Effective]:
        """Return the items of a list; anything else has none."""
        return self.content if isinstance(self.content, list) else []

    @property
    def text(self) -> str:
        """Return a text; anything else has none."""
        return self.content if isinstance(self.content, str) else ""

    @property
    def number(self) -> float:
        """Return a number; a size is written as text."""
        if isinstance(self.content, str):
            try:
                return int(self.content)
            except ValueError:
                return 0
        return self.content if isinstance(self.content, (int, float)) else 0

    def get(self, *path: str) -> Effective | None:
        """Return the value under keys one below the other."""
        found: Effective | None = self
        for key in path:
            found = found.entries.get(key) if found is not None else None
        return found

    def entries_of(self, key: str) -> dict[str, Effective]:
        """Return the entries of the mapping under a key, if there is one."""
        found = self.entries.get(key)
        return found.entries if found is not None else {}

    def text_of(self, key: str) -> str:
        """Return the text under a key, if there is one."""
        found = self.entries.get(key)
        return found.text if found is not None else ""

    def has(self, key: str) -> bool:
        """Return whether there is a value under a key, and not null."""
        found = self.entries.get(key)
        return found is not None and found.content is not None

    def at(self, pattern: tuple[str, ...]) -> Iterator[Effective]:
        """Yield the values at a path, in which ``*`` means all keys or items."""
        if not pattern:
            yield self
            return
        key, below = pattern[0], pattern[1:]
        if key != "*":
            found = self.entries.get(key)
            children = [] if found is None else [found]
        else:
            children = self.items or [*self.entries.values()]
        for child in children:
            yield from child.at(below)
