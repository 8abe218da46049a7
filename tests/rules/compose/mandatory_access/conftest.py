"""What tests of rules about security options share."""

from __future__ import annotations

NNP = "no-new-privileges:true"


def options(*items: str) -> str:
    """Return a file with one service that has these security options."""
    lines = "".join(f"      - {item}\n" for item in items)
    return f"services:\n  s:\n    image: x\n    security_opt:\n{lines}"
