"""Rules that hold for every language."""

from __future__ import annotations

from tightship.rules.any.correctness.not_checked import not_checked
from tightship.rules.any.correctness.unknown_suppressed_rule import (
    unknown_suppressed_rule,
)
from tightship.rules.any.correctness.unused_suppression import unused_suppression
from tightship.rules.any.secrets.secret_literal import secret_literal
from tightship.rules.any.supply_chain.untrusted_registry import untrusted_registry

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    secret_literal,
    untrusted_registry,
    not_checked,
    unknown_suppressed_rule,
    unused_suppression,
)
