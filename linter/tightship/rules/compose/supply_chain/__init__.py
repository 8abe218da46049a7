"""Where what runs in a container comes from."""

from __future__ import annotations

from tightship.rules.compose.supply_chain.host_binary_provider import (
    host_binary_provider,
)
from tightship.rules.compose.supply_chain.host_network_build import host_network_build
from tightship.rules.compose.supply_chain.image_without_digest import (
    image_without_digest,
)
from tightship.rules.compose.supply_chain.mutable_image_tag import mutable_image_tag
from tightship.rules.compose.supply_chain.privileged_build import privileged_build

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    mutable_image_tag,
    image_without_digest,
    privileged_build,
    host_network_build,
    host_binary_provider,
)
