"""Every rule there is, by language and theme.

The tables of contents are ``compose.RULES`` and ``any.RULES``; a run loads only
those of the languages that it meets.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule


def every_rule() -> tuple[Rule, ...]:
    """Return all rules of all languages, in the order of the tables of contents."""
    from tightship.rules import any, compose

    return (*compose.RULES, *any.RULES)
