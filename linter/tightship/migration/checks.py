"""The checks of other linters, and how the rules here differ from each."""

from __future__ import annotations

from tightship.lazy import Record
from tightship.lazy.modules import facts


class PeerCheck(Record):
    """A check of another linter: its id, and what it is about.

    ``absent`` is the reason why no rule has this id; without one, a rule has it. The rule
    may be ``laxer``: these are cases that only the other linter reports. It may be
    ``stricter``, in cases that only Tightship reports. Without either, both find the same.
    ``severity`` is that of the other linter as ours, if it is known: `ignore` is off.
    """

    id: str
    about: str
    absent: str = ""
    laxer: tuple[str, ...] = ()
    stricter: tuple[str, ...] = ()
    severity: str = ""

    @property
    def differences(self) -> str:
        """Return the differences as sentences, for a table and for people who migrate."""
        parts = [f"not here: {self.absent}"] if self.absent else []
        parts += [f"laxer: {'; '.join(self.laxer)}"] if self.laxer else []
        parts += [f"stricter: {'; '.join(self.stricter)}"] if self.stricter else []
        return ". ".join(parts) or "the same"


def every_check() -> dict[str, list[PeerCheck]]:
    """Return the checks of each linter with a table, by its name."""
    known = facts("other_linters")

    def cases(id: str, direction: str) -> tuple[str, ...]:
        differences = (one for one in known["difference"] if id in one["checks"])
        return tuple(one[direction] for one in differences if direction in one)

    def severity(linter: str, id: str) -> str:
        found: dict[str, list[str]] = known["severities"].get(linter, {})
        usual = "warning" if found else ""
        return next((name for name, ids in found.items() if id in ids), usual)

    def check(linter: str, id: str, fact: str | list[str]) -> PeerCheck:
        about, reason = (fact, "") if isinstance(fact, str) else fact
        absent = known["reasons"][reason] if reason else ""
        differences = cases(id, "laxer"), cases(id, "stricter")
        return PeerCheck(id, about, absent, *differences, severity(linter, id))

    return {
        linter: [check(linter, id, fact) for id, fact in checks.items()]
        for linter, checks in known["checks"].items()
    }
