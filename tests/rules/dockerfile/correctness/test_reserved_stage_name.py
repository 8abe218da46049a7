"""The rule `reserved-stage-name`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import places

from tightship.rules.dockerfile.correctness.reserved_stage_name import reserved_stage_name

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize("name", ["scratch", "CONTEXT"])
def test_a_reserved_name_is_found_in_any_case(found: Found, name: str) -> None:
    text = f"FROM a:1 AS {name}\n"
    assert places(found, text, reserved_stage_name) == [("warning", name)]
