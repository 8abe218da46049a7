"""Who the processes of a container are."""

from __future__ import annotations

from tightship.rules.compose.users.privileged_group import privileged_group
from tightship.rules.compose.users.privileged_hook import privileged_hook
from tightship.rules.compose.users.root_user import root_user

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = (root_user, privileged_group, privileged_hook)
