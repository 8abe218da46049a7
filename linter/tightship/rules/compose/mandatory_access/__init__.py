"""Seccomp, AppArmor, SELinux and no-new-privileges: what holds when all else fails."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = ()
