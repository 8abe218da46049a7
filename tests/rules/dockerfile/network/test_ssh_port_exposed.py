"""The rule `ssh-port-exposed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.network.ssh_port_exposed import ssh_port_exposed

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "word", ["22", "22/tcp", "22/TCP", '"22"', "20-25", "2222:22", "127.0.0.1::22", "022"]
)
def test_ssh(word: str, found: Found) -> None:
    assert found(image(f"EXPOSE 80 {word}"), ssh_port_exposed) == [("info", word)]


@pytest.mark.parametrize(
    "words", ["22/udp", "2222", "1-1024", "22:2222", "220-225", "$PORT", "2${TWO}", "ssh"]
)
def test_no_ssh(words: str, found: Found) -> None:
    assert found(image(f"ARG TWO\nEXPOSE {words}"), ssh_port_exposed) == []


def test_a_variable_may_hold_several_ports(judge: Judge) -> None:
    [one] = judge(image('ENV P="80 22"\nEXPOSE $P'), [ssh_port_exposed])
    assert one.span.text == "$P"
    body = 'ONBUILD ARG P="80 22"\nONBUILD EXPOSE $P'
    [one] = judge(image(body), [ssh_port_exposed])
    assert one.finding.message == (
        "in each image that is built from this one: the image exposes port 22 (SSH)"
        " (default of `ARG P`)"
    )
