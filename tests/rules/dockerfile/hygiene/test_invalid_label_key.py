"""The rule `invalid-label-key`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.invalid_label_key import invalid_label_key

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "key", ["A", "a_b", "a..b", "a--b", "a.", "1a", "-a", "io.docker.x", "a/b"]
)
def test_an_invalid_key(found: Found, key: str) -> None:
    assert found(image(f"LABEL {key}=1"), invalid_label_key) == [("info", key)]


@pytest.mark.parametrize("key", ["a", "a.b-c", "a1", "org.x.build-date", "$KEY", "com.dockerx.a"])
def test_a_valid_key(found: Found, key: str) -> None:
    assert found(image(f"ARG KEY\nLABEL {key}=1"), invalid_label_key) == []
