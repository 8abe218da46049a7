"""The rule `privileged-hook`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.users.privileged_hook import privileged_hook

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


@pytest.mark.parametrize(
    ("key", "kind"),
    [("pre_start", "pre_start"), ("post_start", "post_start"), ("pre_stop", "pre_stop")],
)
def test_hooks_of_each_kind(judge: Judge, key: str, kind: str) -> None:
    text = service(f"{key}: [{{command: a, privileged: yes}}, {{command: b, user: 0:0}}]")
    first, second = judge(text, [privileged_hook])
    assert (first.severity.word, first.span.text) == ("warning", "yes")
    assert (second.severity.word, second.span.text) == ("info", "0:0")
    assert first.finding.message.startswith(f"`{kind}` of service `s`")


WATCH = """
services:
  s:
    image: x
    develop:
      watch:
        - action: sync+exec
          path: ./src
          target: /src
          exec:
            command: reload
            privileged: true
            user: root
"""


def test_a_command_of_develop_is_a_hook(judge: Judge, fixed: Fixed) -> None:
    first, second = judge(WATCH, [privileged_hook])
    assert (first.severity.word, first.span.text) == ("warning", "true")
    assert (second.severity.word, second.span.text) == ("info", "root")
    assert judge(fixed(WATCH, privileged_hook), [privileged_hook]) == []


@pytest.mark.parametrize(
    "hooks",
    [
        "[{command: a}]",
        "[{command: a, privileged: false, user: '1000'}]",
        "[{command: a, privileged: '${P}', user: '${U}'}]",
        "[{command: a, privileged: , user: }]",
        "[]",
        "a",
    ],
)
def test_hooks_without_rights_of_their_own(found: Found, hooks: str) -> None:
    assert found(service(f"post_start: {hooks}"), privileged_hook) == []


def test_a_hook_from_an_anchor_has_no_fix(judge: Judge) -> None:
    text = """
x-hook: &hook {command: a, privileged: true}
services:
  s: {image: x, post_start: [*hook]}
"""
    [one] = judge(text, [privileged_hook])
    assert one.finding.fix is None


def test_rights_that_an_anchor_would_bring_back_are_not_removed(judge: Judge) -> None:
    text = """
x-hook: &hook {command: a, user: root}
services:
  s: {image: x, post_start: [{<<: *hook, user: root}]}
"""
    [one] = judge(text, [privileged_hook])
    assert one.finding.fix is None
