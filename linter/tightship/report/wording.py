"""Counts in words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def names_counted(names: Iterable[str]) -> str:
    """Return names, each once, with their counts: ``a (2), b``."""
    counts = dict[str, int]()
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(
        f"{name} ({count})" if count > 1 else name for name, count in counts.items()
    )
