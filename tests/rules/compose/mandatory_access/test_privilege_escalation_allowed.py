"""The rule `privilege-escalation-allowed`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.mandatory_access.conftest import NNP, options

from tightship.rules.compose.mandatory_access.privilege_escalation_allowed import (
    privilege_escalation_allowed,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


pytestmark = pytest.mark.usefixtures("known_image")


def test_an_option_of_an_override_is_no_absence(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {image: x}\n",
        "compose.override.yaml": f"services:\n  s: {{security_opt: ['{NNP}']}}\n",
    }
    assert found(files, privilege_escalation_allowed) == []


def test_an_override_decides(judge: Judge) -> None:
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


def test_an_option_of_a_base_is_no_absence(found: Found) -> None:
    files = {
        "compose.yaml": "services:\n  s: {extends: {file: b.yaml, service: b}}\n",
        "b.yaml": f"services:\n  b: {{image: x, security_opt: ['{NNP}']}}\n",
    }
    assert found(files, privilege_escalation_allowed) == []


def test_the_option_is_added_to_the_existing_list(fixed: Fixed) -> None:
    text = options('"seccomp=web.json"')
    after = fixed(text, privilege_escalation_allowed)
    assert after == f'{text}      - "{NNP}"\n'


def test_the_option_is_not_written_twice(fixed: Fixed) -> None:
    text = options(NNP, "seccomp=web.json", "no-new-privileges:false")
    after = fixed(text, privilege_escalation_allowed)
    assert after == options(NNP, "seccomp=web.json")


def test_a_list_from_an_anchor_is_written_out_at_the_service(judge: Judge, fixed: Fixed) -> None:
    text = """\
x-options: &options
  security_opt: ["seccomp=web.json"]
services:
  s: {<<: *options, image: x}
"""
    [one] = judge(text, [privilege_escalation_allowed])
    assert (one.severity.word, one.span.text) == ("warning", "s")
    assert fixed(text, privilege_escalation_allowed).endswith(
        "security_opt: [seccomp=web.json, no-new-privileges:true]}\n"
    )


def test_an_empty_list_is_an_absence(found: Found) -> None:
    text = "services:\n  s: {image: x, security_opt: []}\n"
    assert found(text, privilege_escalation_allowed) == [("warning", "s")]


def test_a_rejected_list_is_not_judged(found: Found) -> None:
    assert found(options("no-new-privileges:nope"), privilege_escalation_allowed) == []


def test_an_option_in_an_anchor_that_merges_away_is_missed(found: Found) -> None:
    text = f"""
x-hard: &hard
  security_opt: ["{NNP}"]
services:
  s: {{<<: *hard, image: x, security_opt: ["seccomp=web.json"]}}
"""
    assert found(text, privilege_escalation_allowed) == [("warning", "s")]


def test_without_a_patch_that_is_known_to_work_an_absence_is_an_info(found: Found) -> None:
    text = "services:\n  s: {image: example/app:1.2}\n"
    assert found(text, privilege_escalation_allowed) == [("info", "s")]
    text = "services:\n  s: {image: 'postgres:17'}\n"
    assert found(text, privilege_escalation_allowed) == [("warning", "s")]
