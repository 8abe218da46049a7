"""Who can reach a container."""

from __future__ import annotations

from tightship.rules.compose.network.daemon_api_over_tcp import daemon_api_over_tcp
from tightship.rules.compose.network.port_on_all_interfaces import (
    port_on_all_interfaces,
)
from tightship.rules.compose.network.sensitive_port_published import (
    sensitive_port_published,
)
from tightship.rules.compose.network.unauthenticated_dashboard import (
    unauthenticated_dashboard,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    sensitive_port_published,
    port_on_all_interfaces,
    daemon_api_over_tcp,
    unauthenticated_dashboard,
)
