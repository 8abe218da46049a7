"""Holes: ``${NAME}`` in a text whose variables are replaced, for one without a value."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex

if TYPE_CHECKING:
    from collections.abc import Container

LIMIT = 65_536
"""The most characters that values take in one text."""

UNKNOWN_TARGET = "${LINK}"
"""Where a link leads that cannot be read, as a path."""

_HOLE = regex(r"\$\{[^{}]*\}")


def has_hole(text: str) -> bool:
    """Return whether a text holds a hole: a variable without a value."""
    return "${" in text and _HOLE.search(text) is not None


def holes(text: str) -> list[str]:
    """Return the names of the variables without a value that a text holds."""
    return [found[2:-1] for found in _HOLE.findall(text)] if "${" in text else []


def mask(text: str) -> str:
    r"""Return a text of the same length with every hole replaced by ``\0``.

    To split a text without looking into its holes, look for the separators in the mask
    and slice the text.
    """
    if "${" not in text:
        return text
    return _HOLE.sub(lambda found: "\0" * len(found[0]), text)


def without_holes(text: str, words: Container[str]) -> str | None:
    """Return a text with ``x`` for each variable of some names, or None with other holes."""
    if "${" not in text:
        return text
    text = _HOLE.sub(lambda found: "x" if found[0][2:-1] in words else found[0], text)
    return None if has_hole(text) else text
