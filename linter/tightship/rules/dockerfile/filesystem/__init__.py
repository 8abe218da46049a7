"""What an image leaves open in its file system."""

from __future__ import annotations

from tightship.rules.dockerfile.filesystem.docker_socket_volume import (
    docker_socket_volume,
)
from tightship.rules.dockerfile.filesystem.setuid_file_created import (
    setuid_file_created,
)
from tightship.rules.dockerfile.filesystem.world_writable_path import (
    world_writable_path,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    docker_socket_volume,
    world_writable_path,
    setuid_file_created,
)
