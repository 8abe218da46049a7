"""What an image offers to the network."""

from __future__ import annotations

from tightship.rules.dockerfile.network.sensitive_port_exposed import (
    sensitive_port_exposed,
)
from tightship.rules.dockerfile.network.ssh_port_exposed import ssh_port_exposed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (ssh_port_exposed, sensitive_port_exposed)
