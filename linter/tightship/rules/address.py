"""The web addresses of rule pages."""

from __future__ import annotations

import tightship
from tightship.rules.definition import OWN, rule_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.definition import Rule


def page_address(rule: str) -> str | None:
    """Return the web address of the page of a rule, or of a code of ShellCheck.

    Return None as long as the project has no address, and for a rule of a policy.
    """
    if "/" in rule:
        return next((one.url for one in OWN if one.name == rule), "") or None
    repository = tightship.REPOSITORY
    if not repository:
        return None
    return f"{repository}/blob/main/linter/docs/rules/{rule_of(rule)}.md"


def address_of(rule: Rule) -> str | None:
    """Return the web address where people read about a rule: of a policy, its own."""
    return rule.url or page_address(rule.name)
