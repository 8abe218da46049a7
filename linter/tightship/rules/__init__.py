"""Every rule there is, by language and theme.

The tables of contents are ``compose.RULES``, ``dockerfile.RULES`` and ``any.RULES``; a
run loads only those of the languages that it meets.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule


def rules_of(language: str) -> tuple[Rule, ...]:
    """Return the rules of a language: ``compose``, ``dockerfile``, or ``any``."""
    if language == "compose":
        from tightship.rules import compose

        return compose.RULES
    if language == "dockerfile":
        from tightship.rules import dockerfile

        return dockerfile.RULES
    from tightship.rules import any

    return any.RULES


def every_rule() -> tuple[Rule, ...]:
    """Return all rules of all languages, in the order of the tables of contents."""
    languages = ("compose", "dockerfile", "any")
    return tuple(rule for language in languages for rule in rules_of(language))
