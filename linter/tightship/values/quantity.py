"""Sizes, durations and dates."""

from __future__ import annotations

import time

from tightship.lazy import regex
from tightship.syntax import seconds

_SIZE = regex(r"(?i)([0-9]+(?:\.[0-9]+)?) ?([kmgtp]?)i?b?")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_LARGEST = 2**63


def parse_bytes(text: str) -> int | None:
    """Return the number of bytes; ``None`` if Compose rejects the string.

    Units are powers of 1024 whatever their spelling, and a bare number counts bytes
    (docker/go-units, ``RAMInBytes``; verified with docker-compose 2.26.1). A string
    cannot be negative: ``-1`` is only taken as a YAML integer.
    """
    if len(text) > 64 or not text.isascii():
        return None
    number, power = text[:-1], _POWERS.get(text[-1:].lower())
    if power is None or not number.isdigit():  # `512m` is the usual form
        found = _SIZE.fullmatch(text)
        if not found:
            return None
        number, power = found[1], _POWERS[found[2].lower()]
    size = float(number) * 1024**power
    return int(size) if size < _LARGEST else None


_LONGEST = 64
_LONGEST_DURATION = 2**63 * 1e-9  # what 64 bits of nanoseconds hold


def bytes_in_units(size: int) -> str:
    """Return a size as Compose takes it: ``512m``."""
    power = 0
    while size and size % 1024 == 0 and power < len("kmgt"):
        size, power = size // 1024, power + 1
    return f"{size}{' kmgt'[power].strip()}"


def nanoseconds(text: str) -> int | None:
    """Return the nanoseconds of ``1m30s``; ``None`` if Compose rejects the string."""
    parsed = parse_duration(text)
    return None if parsed is None else round(parsed * 1_000_000_000)


def parse_duration(text: str) -> float | None:
    """Return the seconds of ``1m30s``; ``None`` if Compose rejects the string.

    These are Go's durations (verified with docker-compose 2.26.1).
    """
    parsed = seconds(text, _LONGEST)
    return None if parsed is None or abs(parsed) >= _LONGEST_DURATION else parsed


_DAY = 86_400  # seconds


_given: list[float] = []


def take_for_today(day: str) -> None:
    """Make another day that on which the run happens.

    Raises:
        ValueError: if it is no day such as ``2026-11-29``.

    """
    from calendar import timegm  # one command asks

    _given[:] = [float(timegm(time.strptime(day, "%Y-%m-%d")))]


def today(*, days_ago: int = 0) -> str:
    """Return the date on which a run happens, or one some days before it, in UTC."""
    now = _given[0] if _given else time.time()
    return time.strftime("%Y-%m-%d", time.gmtime(now - days_ago * _DAY))


def is_past(end: str, day: str) -> bool:
    """Return whether a day is after an end, which may be a day, a month or a year."""
    return day[: len(end)] > end
