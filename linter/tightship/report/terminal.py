"""Text on its way to a terminal: made visible, measured, painted."""

from __future__ import annotations

MARK = "\ufdd0"
"""Stands for a character of a secret; Unicode promises never to give it a meaning."""

HIDDEN = "****"
"""What is shown of a secret, however long it is."""

_JOINERS = "\u200c\u200d\xa0\u3000"
_LONGEST = 600
_CODES = {
    "bold": "1",
    "dim": "2",
    "path": "1;4",
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "added": "32",
    "removed": "31",
    "gutter": "2",
}


def visible(text: str) -> str:
    r"""Return a text in which nothing acts on a terminal or hides in it.

    Linted files may hold escape sequences, overrides of the reading direction and the
    like. What is not printable by Unicode's account becomes ``<U+202E>``; a space of
    any width, and what joins letters or emoji, stays.
    """
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() or char in _JOINERS else f"<U+{ord(char):04X}>"
        for char in text
    )


def brief(text: str, limit: int = _LONGEST) -> str:
    """Return a visible text that is no longer than a reader can bear."""
    return visible(text if len(text) <= limit else text[:limit] + "...")


def columns(text: str) -> int:
    """Return how many columns of a terminal a visible text takes."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    return sum(
        0
        if category(char) in ("Mn", "Me", "Cf")
        else 1 + (east_asian_width(char) in "WF")
        for char in text
    )


class Paint:
    """Colours, or none."""

    __slots__ = ("on",)

    def __init__(self, *, on: bool) -> None:
        """Paint with ANSI sequences if ``on``, else return texts as they are."""
        self.on = on

    def __call__(self, style: str, text: str) -> str:
        """Return a text in a style, such as ``bold`` or ``error``."""
        return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if self.on and text else text
