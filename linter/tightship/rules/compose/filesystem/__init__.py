"""What a container can write: its root file system and what is mounted into it."""

from __future__ import annotations

from tightship.rules.compose.filesystem.writable_root_filesystem import (
    writable_root_filesystem,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (writable_root_filesystem,)
