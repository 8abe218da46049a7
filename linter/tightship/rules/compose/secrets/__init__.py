"""Passwords, keys and tokens, and where they lie open."""

from __future__ import annotations

from tightship.rules.compose.secrets.empty_password_allowed import (
    empty_password_allowed,
)
from tightship.rules.compose.secrets.literal_secret_in_environment import (
    literal_secret_in_environment,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (
    literal_secret_in_environment,
    empty_password_allowed,
)
