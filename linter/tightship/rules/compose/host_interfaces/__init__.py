"""Where the kernel does not isolate: /proc, /sys, modules, clock, logs and audit."""

from __future__ import annotations

from tightship.rules.compose.host_interfaces.audit_control import audit_control
from tightship.rules.compose.host_interfaces.host_clock_control import (
    host_clock_control,
)
from tightship.rules.compose.host_interfaces.host_log_access import host_log_access
from tightship.rules.compose.host_interfaces.kernel_interface_mounted import (
    kernel_interface_mounted,
)
from tightship.rules.compose.host_interfaces.kernel_modules_exposed import (
    kernel_modules_exposed,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    kernel_interface_mounted,
    kernel_modules_exposed,
    host_clock_control,
    host_log_access,
    audit_control,
)
