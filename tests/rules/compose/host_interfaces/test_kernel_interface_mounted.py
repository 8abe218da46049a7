"""The rule `kernel-interface-mounted`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service, said
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "host_interfaces")


def test_a_read_only_interface_is_for_the_strict_set(judge: Judge) -> None:
    [readable] = judge(block_service("volumes: [/proc:/p:ro]"), RULES)
    [writable] = judge(block_service("volumes: [/proc:/p]"), RULES)
    assert readable.finding.strict
    assert not writable.finding.strict


def test_a_mount_from_another_service_is_marked_at_volumes_from(judge: Judge) -> None:
    text = """
services:
  a: {image: x, volumes: ["/proc:/p"]}
  b: {image: x, volumes_from: ["a:ro"]}
"""
    first, second = judge(text, RULES)
    assert said([first, second]) == [
        ("kernel-interface-mounted", "error"),
        # Compose 2.26.1 drops the mode of a service.
        ("kernel-interface-mounted", "error"),
    ]
    assert second.span.text == '"a:ro"'
    places = [r.span.text for r in second.finding.because]
    assert places == ['"a:ro"', '"/proc:/p"']
