"""Each security option that takes confinement away is one warning."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.mandatory_access.conftest import NNP, options
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("compose", "mandatory_access")


@pytest.mark.parametrize(
    ("item", "rule"),
    [
        ("seccomp=unconfined", "seccomp-unconfined"),
        ("seccomp:unconfined", "seccomp-unconfined"),
        ("apparmor=unconfined", "apparmor-unconfined"),
        ("apparmor:unconfined", "apparmor-unconfined"),
        ("label=disable", "selinux-disabled"),
        ("label:disable", "selinux-disabled"),
        ("label=type:spc_t", "selinux-disabled"),
        ("label:type:unconfined_t", "selinux-disabled"),
        ("label=type:container_runtime_t", "selinux-disabled"),
        ("systempaths=unconfined", "system-paths-unmasked"),
        ("no-new-privileges=false", "privilege-escalation-allowed"),
        ("no-new-privileges:f", "privilege-escalation-allowed"),
    ],
)
def test_each_option_is_one_warning(judge: Judge, item: str, rule: str) -> None:
    before = () if item.startswith("no-new") else (NNP,)
    [one] = judge(options(*before, item), RULES)
    assert (one.rule.name, one.severity.word) == (rule, "warning")
    assert one.span.text == item


@pytest.mark.parametrize(
    "items",
    [
        ("seccomp=profile.json",),
        ("seccomp=builtin",),
        ("seccomp=unconfined", "seccomp=profile.json"),
        ("apparmor=docker-default",),
        ("apparmor=unconfined", "apparmor=mine"),
        ("label=type:container_t",),
        ("label=type:spc_t", "label=type:container_t"),
        ("label=level:s0:c1,c2",),
        ("systempaths:unconfined",),
        ("seccomp=unconfined", "apparmor=unconfined", "label=type:spc_t", "${MORE}"),
        ('"seccomp=${A}"', '"apparmor=${B}"', '"label=${C}"'),
    ],
)
def test_confining_and_undecided_options_are_silent(judge: Judge, items: tuple[str, ...]) -> None:
    quoted = [f'"{item}"' if "$" in item and item[0] != '"' else item for item in items]
    assert judge(options(NNP, *quoted), RULES) == []
