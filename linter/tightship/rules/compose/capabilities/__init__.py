"""Which of the powers of root a container keeps, gets back or is given."""

from __future__ import annotations

from tightship.rules.compose.capabilities.capability_drop_defeated import (
    capability_drop_defeated,
)
from tightship.rules.compose.capabilities.dangerous_capability import (
    dangerous_capability,
)
from tightship.rules.compose.capabilities.default_capabilities_kept import (
    default_capabilities_kept,
)
from tightship.rules.compose.capabilities.host_takeover_capability import (
    host_takeover_capability,
)
from tightship.rules.compose.capabilities.privileged_container import (
    privileged_container,
)
from tightship.rules.compose.capabilities.unknown_capability import unknown_capability

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    privileged_container,
    host_takeover_capability,
    dangerous_capability,
    default_capabilities_kept,
    capability_drop_defeated,
    unknown_capability,
)
