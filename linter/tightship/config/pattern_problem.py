"""Why a pattern for files cannot be in a configuration."""

from __future__ import annotations

LONGEST = 1_000
"""The most characters of a text in a configuration."""


def pattern_problem(text: str) -> str | None:
    """Return why a pattern of a `.gitignore` names no file below its folder, if it does not."""
    if len(text) > LONGEST:
        return f"this is longer than {LONGEST:,} characters"
    if not text.strip() or text.startswith("#") or "\n" in text:
        return "this matches no file"
    if ".." in text.split("/"):
        return "patterns begin at the folder of this file, and have no `..`"
    return None
