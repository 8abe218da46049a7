"""Where the kernel does not isolate: /proc, /sys, modules, clock, logs and audit."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.rules.kit import Rule

RULES: tuple[Rule, ...] = ()
