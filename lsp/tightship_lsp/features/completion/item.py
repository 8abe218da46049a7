"""What completion offers, in no protocol."""

from __future__ import annotations

from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Literal

    Kind = Literal[
        "key", "value", "service", "name", "file", "folder", "image", "variable", "keyword", "stage"
    ]


class Item(Record):
    """One choice.

    ``text`` is what is inserted: the label, if it is empty. In a ``snippet``, `$1` and
    `${1:word}` are stops of the cursor. ``detail`` is a few words next to the label,
    ``about`` a sentence or two in Markdown, and ``more`` makes what is long, once it is
    asked for. ``rank`` sorts: the least first. ``preselect`` marks the usual choice.
    ``start`` is where the replaced text begins if that is not the start of the scalar.
    """

    label: str
    kind: Kind
    detail: str = ""
    about: str = ""
    text: str = ""
    snippet: str = ""
    rank: int = 5
    preselect: bool = False
    more: Callable[[], str] | None = None
    start: int | None = None

    @property
    def inserted(self) -> str:
        """Return the plain text that is inserted."""
        return self.text or self.label


def matching(items: Iterator[Item], typed: Callable[[Item], str]) -> list[Item]:
    """Return the items that go on as what is typed, each label once.

    Where none does, those that have it within: `port` finds `expose ports`.
    """
    found: dict[str, tuple[Item, str]] = {}
    for item in items:
        found.setdefault(item.label, (item, typed(item).lower()))
    pairs = found.values()
    first = [item for item, word in pairs if item.label.lower().startswith(word)]
    return first or [item for item, word in pairs if len(word) > 1 and word in item.label.lower()]
