"""The rule `kernel-modules-exposed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import block_service
from tests.rules.conftest import rules_of

from tightship.rules import every_rule

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "host_interfaces")


def test_a_mount_of_modules_is_found_without_the_capability(judge: Judge) -> None:
    body = "cap_add: [SYS_MODULE]\n    volumes: [/lib/modules:/lib/modules:ro]"
    one, other = judge(block_service(body), RULES)
    assert one.span.text == "SYS_MODULE"
    assert (other.severity.word, other.span) == ("info", one.finding.because[0].span)
    assert [r.span.text for r in one.finding.because] == ["/lib/modules:/lib/modules:ro"]


def test_sys_module_is_reported_by_one_rule_only(judge: Judge) -> None:
    found = judge(block_service("cap_add: [SYS_MODULE]"), every_rule())
    assert len([one for one in found if one.span.text == "SYS_MODULE"]) == 1
