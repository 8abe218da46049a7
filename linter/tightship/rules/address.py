"""The web addresses of rule pages."""

from __future__ import annotations

import tightship
from tightship.rules.definition import rule_of


def page_address(rule: str) -> str | None:
    """Return the web address of the page of a rule, or of a code of ShellCheck.

    Return None as long as the project has no address.
    """
    repository = tightship.REPOSITORY
    if not repository:
        return None
    return f"{repository}/blob/main/linter/docs/rules/{rule_of(rule)}.md"
