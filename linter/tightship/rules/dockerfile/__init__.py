"""Rules about Dockerfiles: the table of contents, theme by theme."""

from __future__ import annotations

from tightship.rules.dockerfile import (
    correctness,
    filesystem,
    network,
    secrets,
    supply_chain,
    users,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    *users.RULES,
    *filesystem.RULES,
    *supply_chain.RULES,
    *secrets.RULES,
    *network.RULES,
    *correctness.RULES,
)
