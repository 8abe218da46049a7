"""What a container shares with the host, or with other containers, instead of having its own."""

from __future__ import annotations

from tightship.rules.compose.namespaces.foreign_namespace import foreign_namespace
from tightship.rules.compose.namespaces.host_cgroup_namespace import (
    host_cgroup_namespace,
)
from tightship.rules.compose.namespaces.host_ipc_namespace import host_ipc_namespace
from tightship.rules.compose.namespaces.host_network_namespace import (
    host_network_namespace,
)
from tightship.rules.compose.namespaces.host_pid_namespace import host_pid_namespace
from tightship.rules.compose.namespaces.host_user_namespace import host_user_namespace
from tightship.rules.compose.namespaces.host_uts_namespace import host_uts_namespace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    host_pid_namespace,
    host_network_namespace,
    host_ipc_namespace,
    host_cgroup_namespace,
    host_uts_namespace,
    host_user_namespace,
    foreign_namespace,
)
