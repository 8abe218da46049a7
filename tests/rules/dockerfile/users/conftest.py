"""What tests of rules about an image's users share."""

from __future__ import annotations


def dockerfile(text: str) -> dict[str, str]:
    return {"Dockerfile": text}


def built(services: str, text: str) -> dict[str, str]:
    """Return services and the Dockerfile that they build."""
    return {"compose.yaml": f"services:\n{services}", "Dockerfile": text}
