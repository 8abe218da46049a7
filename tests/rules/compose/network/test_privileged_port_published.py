"""The rule `privileged-port-published`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.network.privileged_port_published import privileged_port_published

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "entry",
    [
        "1023:80",
        "1:80",
        "53:53/udp",
        "[::1]:80:80",
        "${BIND}:80:80",
        "80-81:80-81",
        "1000-1100:1000-1100",
    ],
)
def test_low_ports_are_found(found: Found, entry: str) -> None:
    files = f"services:\n  s: {{image: x, ports: ['{entry}']}}\n"
    assert found(files, privileged_port_published) == [("info", f"'{entry}'")]


@pytest.mark.parametrize(
    "entry", ["1024:80", "0:80", "80", ":80", "80-90:80", "${P}:80", "8${P}:80"]
)
def test_others_are_silent(found: Found, entry: str) -> None:
    files = f"services:\n  s: {{image: x, ports: ['{entry}']}}\n"
    assert found(files, privileged_port_published) == []


@pytest.mark.parametrize("mode", ["host", "none", "service:t", "${MODE}"])
def test_a_network_that_may_publish_nothing_is_silent(found: Found, mode: str) -> None:
    files = f"services:\n  s: {{image: x, ports: ['80:80'], network_mode: '{mode}'}}\n  t: {{image: x}}\n"
    assert found(files, privileged_port_published) == []
