"""Durations as Go's ``time.ParseDuration`` reads them: ``1m30s``, ``-1.5h``, ``0``."""

from __future__ import annotations

from tightship.lazy import regex

_UNITS = {
    "ns": 1e-9,
    "us": 1e-6,
    "\u00b5s": 1e-6,  # the micro sign
    "\u03bcs": 1e-6,  # the Greek letter
    "ms": 1e-3,
    "s": 1.0,
    "m": 60.0,
    "h": 3600.0,
}
_UNIT = "|".join(_UNITS)
_DURATION = regex(rf"([-+]?)((?:(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:{_UNIT}))++|0)")
_PART = regex(rf"([0-9.]++)({_UNIT})")


def seconds(text: str, longest: int) -> float | None:
    """Return the seconds, or ``None`` for a text that is no duration or too long.

    Each number needs a unit, and there are no days.
    """
    unit = text.lstrip("0123456789")
    if unit in _UNITS and len(unit) < len(text) <= longest:  # most have one part
        return float(text[: -len(unit)]) * _UNITS[unit]
    found = _DURATION.fullmatch(text) if len(text) <= longest else None
    if not found:
        return None
    total = 0.0
    for number, unit in _PART.findall(found[2]):
        total += float(number) * _UNITS[unit]
    return -total if found[1] == "-" else total
