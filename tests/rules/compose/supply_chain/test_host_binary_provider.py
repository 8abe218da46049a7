"""The rule `host-binary-provider`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tightship.rules.compose.supply_chain.host_binary_provider import host_binary_provider

if TYPE_CHECKING:
    from tests.rules.conftest import Found


def test_a_provider_without_a_type_is_still_one(found: Found) -> None:
    text = "services:\n  s: {provider: {options: {a: b}}}\n"
    assert found(text, host_binary_provider) == [("info", "s")]
