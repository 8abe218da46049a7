"""The meaning of a plain YAML scalar for Compose.

Compose reads YAML with go-yaml v3, which agrees with no other library: it follows YAML
1.2's core schema, keeps 1.1's octals (``0777``), and knows timestamps.
"""

from __future__ import annotations

from functools import lru_cache

from tightship.lazy import TYPE_CHECKING, Record, regex

if TYPE_CHECKING:
    import re

_WORDS: dict[str, bool | float | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF"), float("inf")),
    **dict.fromkeys(("+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_NUMERIC = frozenset("+-.0123456789")

# A number longer than this is outside any range; Python also takes quadratic time
# to read huge integers.
_LONGEST_NUMBER = 400
_LONGEST_KEPT = 64

_INTEGER = regex(r"([+-]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_BASES = (16, 2, 8, 10)
_FLOAT = regex(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_POINT_FLOAT = regex(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
_TIMESTAMP = regex(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:(?:[Tt]|(?P<space> ))([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[.,]([0-9]+))?"
    r"(?P<zone>Z|[-+][0-9]{2}:[0-9]{2})?)?"
)

_BOOLEANS = {
    **dict.fromkeys(("true", "yes", "y", "on"), True),
    **dict.fromkeys(("false", "no", "n", "off"), False),
}


class Resolved(Record):
    """A plain scalar's kind and value.

    ``kind`` is one of ``null``, ``bool``, ``int``, ``float``, ``timestamp``, ``str``.
    The value of a timestamp is its text as Compose prints it.
    """

    kind: str
    value: bool | int | float | str | None

    def __repr__(self) -> str:
        return f"Resolved({self.kind}, {self.value!r})"


def resolve(text: str) -> Resolved:
    """Return the meaning of a scalar without quotes and tag.

    Verified with docker-compose 2.26.1: ``010`` is 8, ``08`` is the float 8.0, ``yes``
    and ``22:22`` are strings.
    """
    # The same few are resolved again and again.
    return _known(text) if len(text) <= _LONGEST_KEPT else _resolved(text)


def _resolved(text: str) -> Resolved:
    if text in _WORDS:
        value = _WORDS[text]
        if value is None:
            return Resolved("null", None)
        return Resolved("bool" if isinstance(value, bool) else "float", value)
    if text[0] not in _NUMERIC or len(text) > _LONGEST_NUMBER:
        return Resolved("str", text)
    if text[0] == ".":
        if text[1:2] in _NUMERIC and _POINT_FLOAT.fullmatch(text):
            return _float(text.replace("_", ""), text)
        return Resolved("str", text)
    stamp = _timestamp(text) if text[4:5] == "-" else None
    if stamp is not None:
        return Resolved("timestamp", stamp)
    if ":" in text:  # a shortcut: ports are frequent, and are not numbers
        return Resolved("str", text)
    plain = text.replace("_", "")
    found = _INTEGER.fullmatch(plain)
    if found:
        number = _integer(found)
        # An unsigned number may use the 64th bit, a signed one may not.
        top = 2**63 if found[1] else 2**64
        if -(2**63) <= number < top:
            return Resolved("int", number)
    if _FLOAT.fullmatch(plain):
        return _float(plain, text)
    return Resolved("str", text)


_known = lru_cache(maxsize=2048)(_resolved)


def _integer(found: re.Match[str]) -> int:
    for base, digits in zip(_BASES, found.groups()[1:], strict=True):
        if digits is not None:
            number = int(digits, base)
            return -number if found[1] == "-" else number
    return 0


def _float(digits: str, text: str) -> Resolved:
    value = float(digits)
    if value in (float("inf"), float("-inf")):
        return Resolved("str", text)
    return Resolved("float", value)


def _timestamp(text: str) -> str | None:
    found = _TIMESTAMP.fullmatch(text)
    if not found:
        return None
    year, month, day, space, hour, minute, second, fraction, zone = found.groups()
    # With "T" the zone must be there, with a space it must not.
    if hour is not None and (space is None) == (zone is None):
        return None
    if not 1 <= int(month) <= 12 or not 1 <= int(day) <= _days(int(year), int(month)):
        return None
    clock = [int(part or 0) for part in (hour, minute, second)]
    if clock[0] > 23 or clock[1] > 59 or clock[2] > 59:
        return None
    tail = (fraction or "")[:9].rstrip("0")
    shown = f"{year}-{int(month):02}-{int(day):02} " + ":".join(f"{part:02}" for part in clock)
    return shown + (f".{tail}" if tail else "") + _zone(zone)


def _days(year: int, month: int) -> int:
    if month == 2:
        leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
        return 29 if leap else 28
    return 30 if month in (4, 6, 9, 11) else 31


def _zone(zone: str | None) -> str:
    if zone in (None, "Z", "+00:00", "-00:00"):
        return " +0000 UTC"
    offset = str(zone).replace(":", "")
    return f" {offset} {offset}"


def canonical(text: str) -> str | None:
    """Return the text of a plain scalar in ``environment``, as Compose prints it.

    The container gets the same: ``1.10`` arrives as ``1.1``, ``0777`` as ``511``.
    ``None`` is null.
    """
    resolved = resolve(text)
    value = resolved.value
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else _shortest(value)


def _shortest(value: float) -> str:
    """Print a float as Go's ``fmt`` does: shortest digits, exponent from 1e6 on."""
    if value != value:
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "+Inf" if value > 0 else "-Inf"
    if value == 0:
        return "-0" if str(value)[0] == "-" else "0"
    # Python and Go find the same shortest digits; only where the point goes differs.
    shown = repr(value)
    digits = shown.partition("e")[0].replace("-", "").replace(".", "").strip("0")
    scientific = f"{value:.{len(digits) - 1}e}"
    if -4 <= int(scientific.partition("e")[2]) < 6:
        return shown.removesuffix(".0")
    return scientific


def as_float(text: str) -> float | None:
    """Return the number that Compose reads in a text where it requires a number.

    That is Go's ``ParseFloat``: ``1_000`` and ``0x1p4`` are numbers, `` 1`` is not
    (verified with docker-compose 2.26.1).
    """
    if not text.isascii() or text != text.strip():
        return None
    sign = text[:1] if text[:1] in ("+", "-") else ""
    try:
        if text[len(sign) :][:2] in ("0x", "0X"):
            return float.fromhex(text) if "p" in text.lower() else None
        return float(text)
    except (OverflowError, ValueError):
        return None


def as_bool(text: str) -> bool | None:
    """Read a string where Compose requires a boolean; ``None`` if it rejects it.

    Compose takes YAML 1.1's words too, in any case, with a warning; it rejects ``"1"``
    (verified with docker-compose 2.26.1).
    """
    return _BOOLEANS.get(text.lower())
