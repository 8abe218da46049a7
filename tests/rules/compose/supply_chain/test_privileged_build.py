"""The rule `privileged-build`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.supply_chain.conftest import build

from tightship.rules.compose.supply_chain.host_network_build import host_network_build
from tightship.rules.compose.supply_chain.privileged_build import privileged_build

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize("value", ["true", "yes", "'true'", "'${B:-on}'"])
def test_every_spelling_of_true_is_privileged(found: Found, value: str) -> None:
    text = build(f"privileged: {value}")
    assert found(text, privileged_build) == [("warning", value)]


def test_both_causes_of_privileges_are_marked(found: Found) -> None:
    text = build("privileged: true, entitlements: [security.insecure]")
    places = [("warning", "true"), ("warning", "security.insecure")]
    assert found(text, privileged_build) == places


@pytest.mark.parametrize(
    "body",
    [
        "privileged: false",
        "privileged: '${P}'",
        "entitlements: ['${E}']",
        "network: none",
        "network: '${N}'",
        "network: default",
    ],
)
def test_a_build_in_its_container_is_silent(judge: Judge, body: str) -> None:
    assert judge(build(body), [privileged_build, host_network_build]) == []
