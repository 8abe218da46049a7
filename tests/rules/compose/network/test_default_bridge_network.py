"""The rule `default-bridge-network`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.network.default_bridge_network import default_bridge_network

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize("body", ["network_mode: host", "networks: [bridge]", "init: yes"])
def test_other_networks_are_silent(found: Found, body: str) -> None:
    files = f"services:\n  s: {{image: x, {body}}}\n"
    assert found(files, default_bridge_network) == []


def test_the_last_file_counts(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {image: x, network_mode: bridge}\n",
        "compose.override.yaml": "services:\n  s: {network_mode: none}\n",
    }
    assert found(files, default_bridge_network) == []
