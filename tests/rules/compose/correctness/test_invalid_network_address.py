"""The rule `invalid-network-address`, beyond its examples and the lab's pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_network_address import invalid_network_address

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

SUBNET = "{ipam: {config: [{subnet: 10.5.0.0/24}]}}"


def project(membership: str, network: str) -> str:
    return (
        f"services: {{s: {{image: x, networks: {{n: {membership}}}}}}}\n"
        f"networks: {{n: {network}}}\n"
    )


def test_the_message_names_the_subnet(judge: Judge) -> None:
    text = project("{ipv4_address: 10.6.0.5}", SUBNET)
    [one] = judge(text, [invalid_network_address])
    assert (one.severity.word, one.span.text) == ("error", "10.6.0.5")
    assert one.finding.message == (
        "service `s` will not start: Docker rejects the address `10.6.0.5`; write an"
        " address in `10.5.0.0/24`"
    )


@pytest.mark.parametrize(
    ("membership", "network"),
    [
        ("{ipv4_address: '${IP}'}", SUBNET),
        ("{ipv4_address: 10.6.0.5}", "{ipam: {config: [{subnet: '${SUBNET}'}]}}"),
        ("{ipv4_address: 10.6.0.5}", "{external: true}"),
        ("{ipv4_address: 10.6.0.5}", "{ipam: {driver: mine}}"),
        ("{ipv4_address: ''}", "{}"),
        ("{aliases: [a]}", "{}"),
        ("{ipv6_address: '2001:db8::5'}", "{ipam: {config: [{subnet: '2001:db8::/64'}]}}"),
        (
            "{ipv4_address: 10.6.0.5}",
            "{ipam: {config: [{subnet: 10.5.0.0/24}, {subnet: 10.6.0.0/24}]}}",
        ),
    ],
)
def test_valid_and_undecided_addresses_are_silent(
    found: Found, membership: str, network: str
) -> None:
    assert found(project(membership, network), invalid_network_address) == []


def test_a_network_of_another_file_is_unknown(found: Found) -> None:
    text = "services: {s: {image: x, networks: {n: {ipv4_address: 10.6.0.5}}}}\n"
    assert found(text, invalid_network_address) == []


def test_an_unused_network_is_not_created(found: Found) -> None:
    text = "services: {s: {image: x}}\nnetworks: {n: {ipam: {config: [{subnet: 1}]}}}\n"
    assert found(text, invalid_network_address) == []
