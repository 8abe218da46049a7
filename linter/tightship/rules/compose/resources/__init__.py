"""What a container may take of memory, processors, processes and disk."""

from __future__ import annotations

from tightship.rules.compose.resources.foreign_cgroup_parent import (
    foreign_cgroup_parent,
)
from tightship.rules.compose.resources.logging_disabled import logging_disabled
from tightship.rules.compose.resources.oom_killer_disabled import oom_killer_disabled
from tightship.rules.compose.resources.oom_score_shielded import oom_score_shielded
from tightship.rules.compose.resources.unlimited_log import unlimited_log
from tightship.rules.compose.resources.unlimited_open_files import unlimited_open_files
from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    unlimited_resources,
    oom_killer_disabled,
    oom_score_shielded,
    foreign_cgroup_parent,
    unlimited_open_files,
    unlimited_log,
    logging_disabled,
)
