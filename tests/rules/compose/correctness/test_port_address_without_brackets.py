"""IPv6 addresses of published ports, with and without brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.port_address_without_brackets import (
    port_address_without_brackets,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("port", "count"),
    [
        ('"::1:8080:80"', 1),
        ('"fe80::1:8080:80/udp"', 1),
        ('"${ADDRESS:-::1}:8080:80"', 1),
        ('"[::1]:8080:80"', 0),
        ('"127.0.0.1:8080:80"', 0),
        ('"${ADDRESS}:8080:80"', 0),
        ('{target: 80, published: "8080", host_ip: "::1"}', 0),
    ],
)
def test_an_ipv6_address_needs_brackets(judge: Judge, port: str, count: int) -> None:
    text = f"services:\n  s:\n    image: x\n    ports: [{port}]\n"
    assert len(judge(text, (port_address_without_brackets,))) == count
