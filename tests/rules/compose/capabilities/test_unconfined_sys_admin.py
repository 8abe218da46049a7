"""The rule `unconfined-sys-admin`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said, service
from tests.rules.conftest import rules_of

from tightship.rules.compose.capabilities.unconfined_sys_admin import unconfined_sys_admin

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found

RULES = (
    *(
        rule
        for rule in rules_of("compose", "capabilities")
        if rule.name != "default-capabilities-kept"
    ),
    *(
        rule
        for rule in rules_of("compose", "mandatory_access")
        if rule.name != "privilege-escalation-allowed"
    ),
)


@pytest.mark.parametrize("name", ["SYS_ADMIN", "cap_sys_admin", "ALL"])
@pytest.mark.parametrize("option", ["apparmor=unconfined", "apparmor:unconfined"])
def test_the_pair_is_one_finding(judge: Judge, name: str, option: str) -> None:
    found = judge(service(f"cap_add: [{name}], security_opt: ['{option}']"), RULES)
    assert said(found) == [("unconfined-sys-admin", "error")]
    assert sorted(one.rule.name for one in found[0].absorbed) == [
        "apparmor-unconfined",
        "host-takeover-capability",
    ]


def test_other_capabilities_and_options_keep_their_findings(judge: Judge) -> None:
    body = (
        "cap_add: [SYS_ADMIN, SYS_MODULE],"
        " security_opt: ['apparmor=unconfined', 'seccomp=unconfined']"
    )
    assert sorted(said(judge(service(body), RULES))) == [
        ("host-takeover-capability", "error"),
        ("seccomp-unconfined", "warning"),
        ("unconfined-sys-admin", "error"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "cap_add: [SYS_ADMIN]",
        "security_opt: ['apparmor=unconfined']",
        "cap_add: [SYS_ADMIN], security_opt: ['apparmor=mine']",
        "cap_add: [SYS_ADMIN], security_opt: ['apparmor=${P}']",
        "cap_add: [SYS_ADMIN], security_opt: ['apparmor=unconfined', 'apparmor=mine']",
        "cap_add: ['${C}'], security_opt: ['apparmor=unconfined']",
        "cap_add: [SYS_MODULE], security_opt: ['apparmor=unconfined']",
        "cap_add: [ALL], cap_drop: [SYS_ADMIN], security_opt: ['apparmor=unconfined']",
        "privileged: true, cap_add: [SYS_ADMIN], security_opt: ['apparmor=unconfined']",
    ],
)
def test_a_single_or_undecided_setting_is_silent(found: Found, body: str) -> None:
    assert found(service(body), unconfined_sys_admin) == []
