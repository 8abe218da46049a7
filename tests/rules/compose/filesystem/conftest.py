"""What tests of rules about mounts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.conftest import rules_of

from tightship.text import apply_edits

if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding

RULES = rules_of("compose", "filesystem")

MOUNT_RULES = tuple(r for r in RULES if r.name != "writable-root-filesystem")


def volumes(*entries: str) -> str:
    """Return a file with one service that has these mounts."""
    lines = "".join(f"      - {entry}\n" for entry in entries)
    return f"services:\n  s:\n    image: x\n    volumes:\n{lines}"


def with_fixes(text: str, found: list[JudgedFinding]) -> str:
    """Return the text after the fixes of all findings, applied at once."""
    edits = [edit for one in found if one.finding.fix for edit in one.finding.fix.edits]
    assert found[0].span.source.text == text
    return apply_edits(found[0].span.source, edits)
