"""What tests of rules about Compose files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tightship.engine.verdict import JudgedFinding

DEVICE_RULES = rules_of("compose", "devices")
FILE_RULES = rules_of("compose", "filesystem")
INTERFACE_RULES = rules_of("compose", "host_interfaces")

PATH_RULES = (
    *DEVICE_RULES,
    *INTERFACE_RULES,
    *(rule for rule in FILE_RULES if rule.name != "writable-root-filesystem"),
)
"""The rules about paths of the host: what one of them reports the others leave alone."""


def service(body: str) -> str:
    """Return a file with one service, written in one line."""
    return f"services:\n  s: {{image: x, {body}}}\n"


def block_service(body: str) -> str:
    """Return a file with one service, written in block style."""
    return f"services:\n  s:\n    image: x\n    {body}\n"


def said(found: list[JudgedFinding]) -> list[tuple[str, str]]:
    """Return rule and grade of each finding."""
    return [(one.rule.name, one.severity.word) for one in found]
