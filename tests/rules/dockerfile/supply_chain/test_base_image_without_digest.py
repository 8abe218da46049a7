"""The rule `base-image-without-digest`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.dockerfile.supply_chain.conftest import composed, messages

from tightship.rules.dockerfile.supply_chain.base_image_without_digest import (
    base_image_without_digest,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_two_services_that_build_differently_are_judged_each(judge: Judge) -> None:
    files = composed("{TAG: latest}")
    files["compose.yaml"] += "  old: {build: {context: web, args: {TAG: '1.28'}}}\n"
    assert sorted(messages(judge, files, base_image_without_digest)) == [
        "`FROM` uses `nginx:1.28`, whose tag can move (`TAG` from a build argument)",
        "`FROM` uses `nginx:latest`, whose tag can move (`TAG` from a build argument)",
    ]
