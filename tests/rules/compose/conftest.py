"""What tests of rules about Compose files share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.compose.devices import RULES as DEVICE_RULES
from tightship.rules.compose.filesystem import RULES as FILE_RULES
from tightship.rules.compose.host_interfaces import RULES as INTERFACE_RULES

if TYPE_CHECKING:
    from tightship.engine.verdict import Judged

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


def said(found: list[Judged]) -> list[tuple[str, str]]:
    """Return rule and grade of each finding."""
    return [(one.rule.name, one.severity.word) for one in found]
