"""Seccomp, AppArmor, SELinux and no-new-privileges: what holds when all else fails."""

from __future__ import annotations

from tightship.rules.compose.mandatory_access.apparmor_unconfined import (
    apparmor_unconfined,
)
from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)
from tightship.rules.compose.mandatory_access.seccomp_unconfined import (
    seccomp_unconfined,
)
from tightship.rules.compose.mandatory_access.selinux_disabled import selinux_disabled
from tightship.rules.compose.mandatory_access.system_paths_unmasked import (
    system_paths_unmasked,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    seccomp_unconfined,
    apparmor_unconfined,
    selinux_disabled,
    system_paths_unmasked,
    privilege_escalation_allowed,
)
