"""Rules that hold for every language."""

from __future__ import annotations

from tightship.rules.any.correctness.not_checked import not_checked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (not_checked,)
