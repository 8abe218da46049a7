"""The rule `host-network-build`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.supply_chain.conftest import build

from tightship.rules.compose.supply_chain.host_network_build import host_network_build

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed


def test_the_build_keeps_what_it_shares(judge: Judge) -> None:
    text = "x: &b {context: ., network: host}\nservices:\n  s: {build: *b}\n"
    [one] = judge(text, [host_network_build])
    assert one.finding.fix is None


def test_an_empty_list_of_entitlements_is_removed(fixed: Fixed) -> None:
    text = build("entitlements: [network.host]")
    left = "services:\n  s: {build: {context: .}}\n"
    assert fixed(text, host_network_build) == left
