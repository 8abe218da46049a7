"""Counts in words."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.report.summary import Summary


def counted(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun: ``1 file``, ``2 files``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def names_counted(names: Iterable[str]) -> str:
    """Return names, each once, with their counts: ``a (2), b``."""
    counts = dict[str, int]()
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    return ", ".join(f"{name} ({count})" if count > 1 else name for name, count in counts.items())


def earlier_text(summary: Summary) -> str:
    """Return a sentence about the findings that were there before a change."""
    from tightship.report.terminal import brief

    one = summary.earlier == 1
    return (
        f"{counted(summary.earlier, 'finding')} that {'was' if one else 'were'} already in"
        f" `{brief(summary.changed_since)}` {'is' if one else 'are'} not shown; `tightship"
        f" check` without `--changed-since` shows {'it' if one else 'them'}."
    )
