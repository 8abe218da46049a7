"""The keys of the configuration that a change sets, changes or removes."""

from __future__ import annotations

from tightship.engine.settings.selection import STRICT, Selection
from tightship.engine.verdict import Hiding
from tightship.rules.definition import SHELLCHECK
from tightship.syntax.toml import is_table
from tightship.text import Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.config.settings import Settings
    from tightship.engine.verdict import JudgedFinding

LEFT_OUT = ("exclude", "front-ends", "project", "roles")
"""Keys by which a file is not checked at all."""

OFF = (
    *("ignore", "select", "per-path", "per-service", "provided", "platform"),
    *("rules", "target", "trusted-registries"),
)
"""Keys by which a rule does not report what it did."""

LOWERED = ("severity", "per-service", "per-path", "host", "fail-on", "roles")
"""Keys by which a finding has a lower severity, or fails no run."""


class SettingsChange:
    """What a change does to the settings for a folder."""

    def __init__(self, before: Settings | None, now: Settings | None) -> None:
        self._before = before
        self._now = now
        old, new = _table(before), _table(now)
        self.keys = [key for key in dict.fromkeys((*new, *old)) if old.get(key) != new.get(key)]

    def place(self, *path: str | int) -> Span | None:
        """Return where a key is set after the change, or else where it was before."""
        for one in (self._now, self._before):
            place = one.place(*path) if one is not None else None
            if place is not None:
                return place
        return None

    def hiding(self, keys: Sequence[str], one: JudgedFinding | None = None) -> Hiding | None:
        """Return what hides a finding, by one of some keys if any of them changed."""
        changed = [key for key in keys if key in self.keys] or self.keys
        now, before = self._now, self._before
        for key in changed:
            place = now.place(key) if now is not None else None
            if place is None:
                continue
            if key != "ignore" or one is None:
                return Hiding.at(place)
            word = _ignoring(now, one)
            if word is not None:
                return Hiding.at(word)
        if now is not None and now.file is not None and not self._is_same_file:
            return Hiding.at(Span(now.file.source, 0, 0))
        for key in changed:
            place = before.place(key) if before is not None else None
            if place is not None:
                line, _ = place.source.point(place.start)
                name = f"{place.source.name}:{line + 1}"
                return Hiding(place, f"hidden by this change, which removes {name}")
        return None

    @property
    def _is_same_file(self) -> bool:
        names = {
            one.file.source.name
            for one in (self._now, self._before)
            if one is not None and one.file is not None
        }
        return len(names) == 1 and self._before is not None


def _ignoring(settings: Settings | None, one: JudgedFinding) -> Span | None:
    """Return the word of `ignore` that turns the rule of a finding off."""
    words = settings.ignore if settings is not None else ()
    for number, word in enumerate(words):
        selection = Selection((STRICT, SHELLCHECK), (word,))
        if not selection.takes(one.rule) or not selection.wants(one.rule, one.finding):
            return settings.place("ignore", number) if settings is not None else None
    return None


def _table(settings: Settings | None) -> dict[str, object]:
    """Return the values of a file as they are written."""
    table: object = {}
    if settings is not None and settings.file is not None:
        table = settings.file.data
        for key in settings.table:
            table = table.get(key) if is_table(table) else None
    return table if is_table(table) else {}
