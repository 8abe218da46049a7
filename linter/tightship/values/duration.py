"""Durations, as Compose takes them for intervals and grace periods."""

from __future__ import annotations

from tightship.lazy.regex import regex

_PART = regex(r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h)")
_DURATION = regex(rf"([-+]?)((?:{_PART.pattern})+|0)")
_SPLIT = regex(r"([0-9.]+)([a-zµμ]+)")
_SECONDS = {
    "ns": 1e-9,
    "us": 1e-6,
    "µs": 1e-6,  # the micro sign
    "μs": 1e-6,  # the Greek letter
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}


def nanoseconds(text: str) -> int | None:
    """Return the nanoseconds of ``1m30s``; ``None`` if Compose refuses the string."""
    seconds = parse_duration(text)
    return None if seconds is None else round(seconds * 1_000_000_000)


def parse_duration(text: str) -> float | None:
    """Return the seconds of ``1m30s``; ``None`` if Compose refuses the string.

    These are Go's durations: a unit for each number, and no days (verified with
    docker-compose 2.26.1).
    """
    found = _DURATION.fullmatch(text) if len(text) <= 64 else None
    if not found:
        return None
    seconds = 0.0
    for number, unit in _SPLIT.findall(found[2]):
        seconds += float(number) * _SECONDS[unit]
    if seconds >= 2**63 * 1e-9:
        return None
    return -seconds if found[1] == "-" else seconds
