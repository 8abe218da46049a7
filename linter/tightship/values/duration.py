"""Durations, as Compose takes them for intervals and grace periods."""

from __future__ import annotations

from tightship.syntax.duration import seconds

_LONGEST = 64
_LARGEST = 2**63 * 1e-9  # what 64 bits of nanoseconds hold


def nanoseconds(text: str) -> int | None:
    """Return the nanoseconds of ``1m30s``; ``None`` if Compose rejects the string."""
    parsed = parse_duration(text)
    return None if parsed is None else round(parsed * 1_000_000_000)


def parse_duration(text: str) -> float | None:
    """Return the seconds of ``1m30s``; ``None`` if Compose rejects the string.

    These are Go's durations (verified with docker-compose 2.26.1).
    """
    parsed = seconds(text, _LONGEST)
    return None if parsed is None or abs(parsed) >= _LARGEST else parsed
