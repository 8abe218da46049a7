"""Rules: the module ``<language>/<theme>/<name>.py`` holds the rule ``<name>``.

A run selects rules in :mod:`tightship.rules.index`, and imports those whose subjects
it meets.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from tightship.config.options import Option
    from tightship.rules.kit import Rule


def every_rule() -> tuple[Rule, ...]:
    """Return all rules of all languages, in the order of the index."""
    from tightship.rules.index import INDEX

    return tuple(entry.load() for entry in INDEX)


def every_option() -> dict[str, tuple[Option[Any], ...]]:
    """Return the options of the rules that have any, by the name of the rule."""
    from tightship.rules.index import INDEX

    return {one.name: one.load().options for one in INDEX if one.has_options}
