"""Which devices of the host a container may use."""

from __future__ import annotations

from tightship.rules.compose.devices.dev_directory_mounted import dev_directory_mounted
from tightship.rules.compose.devices.device_permission_as_target import (
    device_permission_as_target,
)
from tightship.rules.compose.devices.host_device_exposed import host_device_exposed
from tightship.rules.compose.devices.host_disk_device import host_disk_device
from tightship.rules.compose.devices.host_memory_device import host_memory_device
from tightship.rules.compose.devices.wildcard_device_rule import wildcard_device_rule

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    host_disk_device,
    host_memory_device,
    dev_directory_mounted,
    wildcard_device_rule,
    host_device_exposed,
    device_permission_as_target,
)
