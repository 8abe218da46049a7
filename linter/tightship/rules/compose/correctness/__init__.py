"""What Compose refuses, or silently reads otherwise than it was meant."""

from __future__ import annotations

from tightship.rules.compose.correctness.duplicate_container_name import (
    duplicate_container_name,
)
from tightship.rules.compose.correctness.duplicate_key import duplicate_key
from tightship.rules.compose.correctness.invalid_yaml import invalid_yaml
from tightship.rules.compose.correctness.obsolete_version import obsolete_version
from tightship.rules.compose.correctness.port_published_twice import (
    port_published_twice,
)
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
)
