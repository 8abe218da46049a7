"""The outline of a file of variables."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.symbols.compose import variables_in
from tightship.symbols.occurrence import Occurrence
from tightship.symbols.outline import Outline
from tightship.text import Span
from tightship.values import dotenv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Source

_PROFILE = regex(r"[^\s,]+")


def dotenv_outline(source: Source) -> Outline:
    """Return the outline of a file of variables, such as `.env`."""
    outline, text = Outline(source), source.text
    found = dotenv.parse(text)
    outline.values = found.values()
    for entry in found.entries:
        name = Span(source, entry.place, entry.place + len(entry.key))
        value = Span(source, entry.start, entry.end)
        extent = Span(source, name.start, max(name.end, value.end))
        outline.occurrences.append(
            Occurrence("variable", entry.key, name, is_declaration=True, extent=extent)
        )
        if entry.key == "COMPOSE_PROFILES":
            for match in _PROFILE.finditer(text, value.start, value.end):
                place = Span(source, *match.span())
                outline.occurrences.append(Occurrence("profile", match[0], place))
        if text[value.start - 1 : value.start] != "'":
            outline.occurrences += variables_in(value)
    return outline
