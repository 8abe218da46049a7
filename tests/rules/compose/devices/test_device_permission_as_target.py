"""The rule `device-permission-as-target`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service
from tests.rules.conftest import rules_of

from tightship.text import apply_edits

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "devices")


def test_permissions_in_place_of_the_path_are_moved(judge: Judge) -> None:
    text = block_service(
        "devices:\n"
        "      - '/dev/ttyS0:rw'  # modem\n"
        "      - /dev/ttyS1:/dev/rw\n"
        "      - /dev/ttyS2:r\n"
        "      - ${TTY:-/dev/ttyS3}:r\n"
        "      - ${TTY}:r\n"
        "      - /dev/ttyS4:x\n"
    )
    rules = [r for r in RULES if r.name == "device-permission-as-target"]
    found = judge(text, rules)
    assert [one.span.text for one in found] == [
        "'/dev/ttyS0:rw'",
        "/dev/ttyS2:r",
        "${TTY:-/dev/ttyS3}:r",
    ]
    fixes = [one.finding.fix for one in found]
    assert fixes[2] is None
    edits = [edit for fix in fixes if fix for edit in fix.edits]
    assert apply_edits(found[0].span.source, edits) == text.replace(
        "'/dev/ttyS0:rw'", "'/dev/ttyS0:/dev/ttyS0:rw'"
    ).replace("/dev/ttyS2:r\n", "/dev/ttyS2:/dev/ttyS2:r\n")
