"""Holes: ``${NAME}`` in a text whose variables are replaced, for one without a value."""

from __future__ import annotations

from tightship.lazy import regex

LIMIT = 65_536
"""The most characters that values take in one text."""

_HOLE = regex(r"\$\{[^{}]*\}")


def has_hole(text: str) -> bool:
    """Return whether a text holds a hole: a variable without a value."""
    return "${" in text and _HOLE.search(text) is not None


def mask(text: str) -> str:
    r"""Return a text of the same length with every hole replaced by ``\0``.

    To split a text without looking into its holes, look for the separators in the mask
    and slice the text.
    """
    if "${" not in text:
        return text
    return _HOLE.sub(lambda found: "\0" * len(found[0]), text)
