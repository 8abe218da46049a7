"""The rule `unexpected-label`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.unexpected_label import unexpected_label

if TYPE_CHECKING:
    from tests.rules.conftest import Found


CONFIG = '[rules.unexpected-label]\nallowed = ["a", "b.*"]\n'


@pytest.mark.parametrize("key", ["c", "a.b", "bb", "b"])
def test_a_label_that_is_not_allowed(found: Found, key: str) -> None:
    files = {**image(f"LABEL {key}=1"), "tightship.toml": CONFIG}
    assert found(files, unexpected_label) == [("info", key)]


@pytest.mark.parametrize("key", ["a", "b.c", "b.c.d", "$KEY"])
def test_a_label_that_is_allowed(found: Found, key: str) -> None:
    files = {**image(f"ARG KEY\nLABEL {key}=1"), "tightship.toml": CONFIG}
    assert found(files, unexpected_label) == []


def test_without_the_option_nothing_is_found(found: Found) -> None:
    assert found(image("LABEL c=1"), unexpected_label) == []
