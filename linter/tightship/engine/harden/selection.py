"""The fixes that harden services and are known to work."""

from __future__ import annotations

from tightship.engine.fix.fixes import FixSelection

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection

    from tightship.engine.verdict import JudgedFinding

TAG = "hardening"
"""Marks a rule whose fixes only isolate a container better, and are known to work."""


def is_hardening(judged: JudgedFinding) -> bool:
    """Return whether a finding has a fix that only hardens, and is known to work."""
    return TAG in judged.rule.tags and judged.finding.fix is not None


class HardeningSelection(FixSelection):
    """The fixes of these rules for some services; for all, where none are named."""

    def __init__(self, services: Collection[str] = ()) -> None:
        super().__init__(unsafe=True)
        self.services = frozenset(services)

    def takes(self, judged: JudgedFinding) -> bool:
        """Return whether a finding has a fix to apply."""
        is_meant = not self.services or not self.services.isdisjoint(judged.services)
        return is_meant and is_hardening(judged)
