"""What a container can write: its root file system and what is mounted into it."""

from __future__ import annotations

from tightship.rules.compose.filesystem.docker_socket_mounted import (
    docker_socket_mounted,
)
from tightship.rules.compose.filesystem.host_root_mounted import host_root_mounted
from tightship.rules.compose.filesystem.selinux_relabel_system_path import (
    selinux_relabel_system_path,
)
from tightship.rules.compose.filesystem.sensitive_host_path_readable import (
    sensitive_host_path_readable,
)
from tightship.rules.compose.filesystem.sensitive_host_path_writable import (
    sensitive_host_path_writable,
)
from tightship.rules.compose.filesystem.shared_mount_propagation import (
    shared_mount_propagation,
)
from tightship.rules.compose.filesystem.timezone_mount_writable import (
    timezone_mount_writable,
)
from tightship.rules.compose.filesystem.tmpfs_weakened import tmpfs_weakened
from tightship.rules.compose.filesystem.world_temp_mount import world_temp_mount
from tightship.rules.compose.filesystem.writable_root_filesystem import (
    writable_root_filesystem,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    writable_root_filesystem,
    docker_socket_mounted,
    host_root_mounted,
    sensitive_host_path_writable,
    sensitive_host_path_readable,
    shared_mount_propagation,
    world_temp_mount,
    selinux_relabel_system_path,
    timezone_mount_writable,
    tmpfs_weakened,
)
