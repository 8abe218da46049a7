"""What tests of rules about images and builds share."""

from __future__ import annotations

DIGEST = "sha256:" + "0123456789abcdef" * 4


def image(ref: str) -> str:
    """Return a file with one service that runs an image."""
    return f"services:\n  s: {{image: '{ref}'}}\n"


def build(body: str) -> str:
    """Return a file with one service that is built."""
    return f"services:\n  s: {{build: {{context: ., {body}}}}}\n"
