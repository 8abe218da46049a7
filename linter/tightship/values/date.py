"""Dates as text, as in ``2026-11-26``: their order is that of the text."""

from __future__ import annotations

import time

_DAY = 86_400  # seconds


def today(*, days_ago: int = 0) -> str:
    """Return the date on which a run happens, or one some days before it, in UTC."""
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - days_ago * _DAY))


def is_past(end: str, day: str) -> bool:
    """Return whether a day is after an end, which may be a day, a month or a year."""
    return day[: len(end)] > end
