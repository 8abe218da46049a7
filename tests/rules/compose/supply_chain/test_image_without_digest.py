"""The rule `image-without-digest`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.supply_chain.conftest import DIGEST, image

from tightship.rules.compose.supply_chain.image_without_digest import image_without_digest

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("ref", "count"),
    [
        *(("nginx:1.29", 1), ("${REGISTRY}/app:1", 1), (f"nginx:1@{DIGEST}", 0)),
        *(("nginx:${TAG}", 0), ("nginx:${TAG:-1}", 1), ("nginx@${DIGEST}", 0)),
    ],
)
def test_only_a_digest_pins_an_image(judge: Judge, ref: str, count: int) -> None:
    assert len(judge(image(ref), [image_without_digest])) == count
