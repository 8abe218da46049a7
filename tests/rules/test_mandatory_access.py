"""The rules about seccomp, AppArmor, SELinux and privileges, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)
from tightship.rules.compose.mandatory_access.selinux_disabled import selinux_disabled

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found

RULES = rules_of("compose", "mandatory_access")

NNP = "no-new-privileges:true"


def options(*items: str) -> str:
    lines = "".join(f"      - {item}\n" for item in items)
    return f"services:\n  s:\n    image: x\n    security_opt:\n{lines}"


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
def test_options_that_confine_or_may(judge: Judge, items: tuple[str, ...]) -> None:
    quoted = [f'"{item}"' if "$" in item and item[0] != '"' else item for item in items]
    assert judge(options(NNP, *quoted), RULES) == []


def test_selinux_stays_off_whatever_comes_later(found: Found) -> None:
    text = options("label=disable", "label=type:container_t")
    assert found(text, selinux_disabled) == [("warning", "label=disable")]


def test_what_an_override_holds_is_no_absence(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {image: x}\n",
        "compose.override.yaml": f"services:\n  s: {{security_opt: ['{NNP}']}}\n",
    }
    assert found(files, privilege_escalation_allowed) == []


def test_an_override_has_the_last_word(judge: Judge) -> None:
    files = {
        "compose.yaml": options(NNP),
        "compose.override.yaml": options('"no-new-privileges:false"'),
    }
    [one] = judge(files, [privilege_escalation_allowed])
    assert one.span.source.name == "compose.override.yaml"
    assert one.severity.word == "warning"
    # The same item in base and override is what Compose refuses.
    assert one.finding.fix is not None
    assert NNP not in "".join(edit.text for edit in one.finding.fix.edits)


def test_what_a_base_gives_is_no_absence(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {extends: {file: b.yaml, service: b}}\n",
        "b.yaml": f"services:\n  b: {{image: x, security_opt: ['{NNP}']}}\n",
    }
    assert found(files, privilege_escalation_allowed) == []


def test_the_option_joins_the_list_that_is_there(fixed: Fixed) -> None:
    text = options('"seccomp=web.json"')
    after = fixed(text, privilege_escalation_allowed)
    assert after == f'{text}      - "{NNP}"\n'


def test_the_option_is_not_written_twice(fixed: Fixed) -> None:
    text = options(NNP, "seccomp=web.json", "no-new-privileges:false")
    after = fixed(text, privilege_escalation_allowed)
    assert after == options(NNP, "seccomp=web.json")


def test_a_list_from_an_anchor_is_written_out_at_the_service(
    judge: Judge, fixed: Fixed
) -> None:
    text = """\
x-options: &options
  security_opt: ["seccomp=web.json"]
services:
  s: {<<: *options, image: x}
"""
    [one] = judge(text, [privilege_escalation_allowed])
    assert (one.severity.word, one.span.text) == ("info", "s")
    assert fixed(text, privilege_escalation_allowed).endswith(
        "security_opt: [seccomp=web.json, no-new-privileges:true]}\n"
    )


def test_an_empty_list_is_an_absence(found: Found) -> None:
    text = "services:\n  s: {image: x, security_opt: []}\n"
    assert found(text, privilege_escalation_allowed) == [("info", "s")]


def test_what_the_daemon_refuses_is_not_judged(found: Found) -> None:
    assert found(options("no-new-privileges:nope"), privilege_escalation_allowed) == []


def test_an_option_in_an_anchor_that_merges_away_is_missed(found: Found) -> None:
    text = f"""
x-hard: &hard
  security_opt: ["{NNP}"]
services:
  s: {{<<: *hard, image: x, security_opt: ["seccomp=web.json"]}}
"""
    assert found(text, privilege_escalation_allowed) == [("info", "s")]
