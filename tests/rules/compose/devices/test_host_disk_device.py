"""The rule `host-disk-device`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "devices")


def test_the_message_names_the_access_to_the_disk(judge: Judge) -> None:
    body = "devices: ['/dev/sda:/a:r', '/dev/sdb:/b:w', /dev/sdc, '/dev/sdd:/d:${P}']"
    messages = [one.finding.message for one in judge(block_service(body), RULES)]
    assert [message.split(" can ")[1] for message in messages] == [
        "read the raw disk `/dev/sda`",
        "write the raw disk `/dev/sdb`",
        "read and write the raw disk `/dev/sdc`",
        "use the raw disk `/dev/sdd`",
    ]


def test_a_device_comes_through_a_volume_too(judge: Judge) -> None:
    text = """
services:
  s: {image: x, volumes: ["disk:/disk"], privileged: "${P:-no}"}
volumes:
  disk: {driver_opts: {type: none, o: bind, device: /dev/sdb}}
"""
    [one] = judge(text, RULES)
    assert said([one]) == [("host-disk-device", "warning")]
    assert one.span.text == "/dev/sdb"
    assert [r.span.text for r in one.finding.because] == ['"disk:/disk"']
