"""Text and places in it. Knows nothing of YAML, Docker or rules."""

from tightship.text.edit import Edit, OverlapError, apply_edits
from tightship.text.source import Source, Span

__all__ = ["Edit", "OverlapError", "Source", "Span", "apply_edits"]
