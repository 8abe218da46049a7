"""What tests of rules about base images share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.dockerfile.supply_chain.base_image_without_digest import (
    base_image_without_digest,
)
from tightship.rules.dockerfile.supply_chain.latest_base_image import latest_base_image
from tightship.rules.dockerfile.supply_chain.untagged_base_image import untagged_base_image

if TYPE_CHECKING:
    from tests.conftest import Judge

    from tightship.rules.definition import Rule

IMAGES = (untagged_base_image, latest_base_image, base_image_without_digest)

DIGEST = "sha256:" + "0" * 64


def names(judge: Judge, text: str, rules: tuple[Rule, ...] = IMAGES) -> list[str]:
    """Return what is found in a Dockerfile: rule and place."""
    found = judge({"Dockerfile": text}, rules)
    return [f"{one.rule.name} {one.span.text}" for one in found]


def messages(judge: Judge, files: dict[str, str], rule: Rule) -> list[str]:
    """Return what a rule says."""
    return [one.finding.message for one in judge(files, [rule])]


def composed(arguments: str) -> dict[str, str]:
    """Return a service that passes arguments to the build of `nginx:${TAG}`."""
    service = f"{{build: {{context: web, args: {arguments}}}}}"
    return {
        "compose.yaml": f"services:\n  web: {service}\n",
        "web/Dockerfile": "ARG TAG=1.29\nFROM nginx:${TAG}\n",
    }
