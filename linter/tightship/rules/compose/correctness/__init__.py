"""What Compose refuses, or silently reads otherwise than it was meant."""

from __future__ import annotations

from tightship.rules.compose.correctness.contradicting_settings import (
    contradicting_settings,
)
from tightship.rules.compose.correctness.dependency_cycle import dependency_cycle
from tightship.rules.compose.correctness.duplicate_container_name import (
    duplicate_container_name,
)
from tightship.rules.compose.correctness.duplicate_item_across_files import (
    duplicate_item_across_files,
)
from tightship.rules.compose.correctness.duplicate_key import duplicate_key
from tightship.rules.compose.correctness.hardening_lost_in_merge import (
    hardening_lost_in_merge,
)
from tightship.rules.compose.correctness.hardening_lost_in_override import (
    hardening_lost_in_override,
)
from tightship.rules.compose.correctness.include_conflict import include_conflict
from tightship.rules.compose.correctness.incomplete_definition import (
    incomplete_definition,
)
from tightship.rules.compose.correctness.invalid_variable import invalid_variable
from tightship.rules.compose.correctness.invalid_yaml import invalid_yaml
from tightship.rules.compose.correctness.obsolete_version import obsolete_version
from tightship.rules.compose.correctness.override_misses_extending_service import (
    override_misses_extending_service,
)
from tightship.rules.compose.correctness.override_removes_nothing import (
    override_removes_nothing,
)
from tightship.rules.compose.correctness.port_published_twice import (
    port_published_twice,
)
from tightship.rules.compose.correctness.security_setting_from_environment import (
    security_setting_from_environment,
)
from tightship.rules.compose.correctness.undefined_reference import undefined_reference
from tightship.rules.compose.correctness.unknown_key import unknown_key
from tightship.rules.compose.correctness.wrong_type import wrong_type

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    invalid_yaml,
    duplicate_key,
    wrong_type,
    unknown_key,
    obsolete_version,
    port_published_twice,
    duplicate_container_name,
    hardening_lost_in_merge,
    hardening_lost_in_override,
    override_misses_extending_service,
    override_removes_nothing,
    duplicate_item_across_files,
    undefined_reference,
    include_conflict,
    dependency_cycle,
    contradicting_settings,
    incomplete_definition,
    invalid_variable,
    security_setting_from_environment,
)
