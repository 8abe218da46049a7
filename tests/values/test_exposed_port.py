"""The words of EXPOSE."""

from __future__ import annotations

import pytest

from tightship.values.port import exposed_ports, parse_exposed


@pytest.mark.parametrize(
    ("text", "first", "last", "protocol"),
    [
        ("22", 22, 22, "tcp"),
        ("20-25/TCP", 20, 25, "tcp"),
        ("22/", 22, 22, "tcp"),
        ("53/udp", 53, 53, "udp"),
        ("2222:22", 22, 22, "tcp"),
        ("127.0.0.1:80:8080/tcp", 8080, 8080, "tcp"),
    ],
)
def test_a_port(text: str, first: int, last: int, protocol: str) -> None:
    port = parse_exposed(text)
    assert port is not None
    assert (port.first, port.last, port.protocol) == (first, last, protocol)


@pytest.mark.parametrize(
    "text", ["", "http", "25-20", "65536", "22/tcp/udp", "${PORT}", "-22", "٢٢"]
)
def test_no_port(text: str) -> None:
    assert parse_exposed(text) is None


def test_only_a_narrow_range_of_tcp_belongs_to_one_program() -> None:
    found = [list(port.of_one_program) for port in exposed_ports("20-25 1-999 22/udp 80")]
    assert found == [[20, 21, 22, 23, 24, 25], [], [], [80]]
