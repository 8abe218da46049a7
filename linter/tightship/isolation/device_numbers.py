"""Devices of the host by their numbers, as rules and links below ``/dev`` name them."""

from __future__ import annotations

from tightship.lazy import cache
from tightship.lazy.modules import facts

TYPE_CHECKING = False
if TYPE_CHECKING:
    Rows = tuple[tuple[int, int, int, str], ...]


@cache
def _rows(kind: str) -> Rows:
    rows: Rows = facts("device_numbers")[kind]
    return rows


def named(kind: str, major: int | None, minor: int | None) -> list[str]:
    """Return the known devices of these numbers, of which none means any.

    A range of them is one path. ``kind`` is ``char`` or ``block``.
    """
    return [
        "/dev/" + name.replace("*", str((first if minor is None else minor) - first))
        for number, first, last, name in _rows(kind)
        if major in (None, number) and (minor is None or first <= minor <= last)
    ]


def behind_link(path: str) -> str:
    """Return the device that ``/dev/char/1:1`` leads to, or the path itself if none is known."""
    kind, _, numbers = path.removeprefix("/dev/").partition("/")
    major, _, minor = numbers.partition(":")
    # A number has few digits; Python refuses to read thousands.
    if not (len(numbers) < 20 and major.isdecimal() and minor.isdecimal()):
        return path
    return (*named(kind, int(major), int(minor)), path)[0]
