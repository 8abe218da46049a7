"""The reason why a symbol does not get another name."""

from __future__ import annotations


class RenameError(Exception):
    """A symbol cannot have another name; the message is for the user."""
