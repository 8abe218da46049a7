"""Sizes in bytes, as Compose takes them for memory, shared memory and others."""

from __future__ import annotations

import re

from tightship.lazy import regex

_SIZE = regex(r"([0-9]+(?:\.[0-9]+)?) ?([kmgtp]?)i?b?", re.IGNORECASE)
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
