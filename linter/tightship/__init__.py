"""Tightship: a static linter for what isolates containers."""

__version__ = "0.1.0"
