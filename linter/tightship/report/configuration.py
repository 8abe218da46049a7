"""Sentences about the configuration of a run: what it turns off, and what a change hides."""

from __future__ import annotations

from tightship.report.place import Place, seen_from
from tightship.report.terminal import visible_path
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.engine.plan.effect import SettingsEffect
    from tightship.report.summary import Summary
    from tightship.text import Span

_MOST = 3


def configuration_lines(summary: Summary, here: str) -> Iterator[str]:
    """Yield a line for each fact about the settings of a run; none without settings."""
    if summary.hidden:
        count = counted(len(summary.hidden), "finding")
        what = "it is" if len(summary.hidden) == 1 else "they are"
        where = _listed(one.place for one in summary.hidden)
        yield f"This change hides {count} ({where}): {what} reported anyway."
    elif summary.added_settings:
        where = _listed(summary.added_settings)
        yield f"This change edits the configuration ({where}), and hides no finding."
    effects = summary.effects
    yield from (f"{_effect(one, here)}." for one in effects[:_MOST])
    if len(effects) > _MOST:
        more = counted(len(effects) - _MOST, "other configuration file")
        yield f"{more} apply to other folders."


def _effect(one: SettingsEffect, here: str) -> str:
    name = visible_path(seen_from(here, one.root, one.name) if one.root else one.name)
    counts = (
        (one.rules_off, "rule off", "rules off"),
        (one.excluded, "path excluded", "paths excluded"),
        (one.exceptions, "exception", "exceptions"),
        (one.severities, "severity set", "severities set"),
    )
    parts = [counted(number, *words) for number, *words in counts if number]
    return f"{', '.join(parts)} by {name}" if parts else f"Configured by {name}"


def _listed(places: Iterable[Span]) -> str:
    """Return places as paths and lines: the first ones, and how many more there are."""
    every = [*dict.fromkeys(_line(one) for one in places)]
    shown = ", ".join(every[:_MOST])
    more = len(every) - _MOST
    return f"{shown} and {counted(more, 'other place')}" if more > 0 else shown


def _line(span: Span) -> str:
    place = Place(span)
    return f"{visible_path(place.path)}:{place.line}"
