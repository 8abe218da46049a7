"""Rules about Compose files: the table of contents, theme by theme."""

from __future__ import annotations

from tightship.rules.compose import (
    capabilities,
    correctness,
    devices,
    filesystem,
    host_interfaces,
    mandatory_access,
    namespaces,
    network,
    resources,
    secrets,
    supply_chain,
    users,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    *filesystem.RULES,
    *capabilities.RULES,
    *namespaces.RULES,
    *resources.RULES,
    *mandatory_access.RULES,
    *devices.RULES,
    *users.RULES,
    *host_interfaces.RULES,
    *supply_chain.RULES,
    *secrets.RULES,
    *network.RULES,
    *correctness.RULES,
)
