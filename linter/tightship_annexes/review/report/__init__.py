"""Comparisons, maps and comments as texts, as Markdown and as data."""
