"""The rule `latest-base-image`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.supply_chain.conftest import messages

from tightship.rules.dockerfile.supply_chain.latest_base_image import latest_base_image

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("ARG T=latest\nFROM nginx:${T}\n", "default of `ARG T`"),
        ("ARG T=latest\nFROM nginx:$T\n", "default of `ARG T`"),
        ("ARG A=latest\nARG T=${A}\nFROM nginx:$T\n", "default of `ARG T`"),
        ('ARG I="nginx"\nARG T=latest\nFROM $I:$T\n', "default of `ARG I`, default of `ARG T`"),
    ],
)
def test_defaults_decide_and_are_named(judge: Judge, text: str, end: str) -> None:
    said = f"`FROM` uses `nginx:latest` ({end}), a tag that moves from image to image"
    assert messages(judge, {"Dockerfile": text}, latest_base_image) == [said]
