"""What tests of rules about Dockerfiles share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

    from tightship.rules.definition import Rule


def image(body: str, base: str = "debian:13") -> dict[str, str]:
    """Return a Dockerfile of one stage."""
    return {"Dockerfile": f"FROM {base}\n{body}\n"}


def places(found: Found, text: str, rule: Rule) -> list[tuple[str, str]]:
    """Return grade and text of what a rule marks in a Dockerfile."""
    return found({"Dockerfile": text}, rule)


def after_fixes(judge: Judge, files: str | dict[str, str], rule: Rule) -> str:
    """Return the Dockerfile after all the fixes that a rule offers, in one round."""
    files = {"Dockerfile": files} if isinstance(files, str) else files
    fixes = [one.finding.fix for one in judge(files, [rule]) if one.finding.fix]
    edits = [edit for fix in fixes for edit in fix.edits]
    return apply_edits(edits[0].span.source, edits) if edits else files["Dockerfile"]
