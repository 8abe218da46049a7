"""The rules about users, groups and hooks, beyond their examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.users.privileged_group import privileged_group
from tightship.rules.compose.users.privileged_hook import privileged_hook
from tightship.rules.compose.users.root_user import root_user

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def service(body: str) -> str:
    return f"services:\n  s: {{image: x, {body}}}\n"


@pytest.mark.parametrize(
    "user",
    [
        "root",
        "'0'",
        "0",
        "'00'",
        "'0:0'",
        "'0:1000'",
        "root:root",
        "'root:'",
        "':0'",
        "'+0'",
        "'0:${GID}'",
        "'${UID:-0}'",
        "'${UID:-root}:${GID:-root}'",
    ],
)
def test_root_in_every_spelling(found: Found, user: str) -> None:
    assert found(service(f"user: {user}"), root_user) == [("info", user)]


@pytest.mark.parametrize(
    "user",
    [
        "'1000:0'",
        "'1000'",
        "'10'",
        "''",
        "nobody:root",
        "rooty",
        "Root",
        "'${UID}'",
        "'${UID}:0'",
        "'0${REST}'",
        "'${UID:-1000}'",
        "'0x0'",
    ],
)
def test_what_is_not_root_or_may_not_be(found: Found, user: str) -> None:
    assert found(service(f"user: {user}"), root_user) == []


def test_no_user_is_for_the_image_to_say(found: Found) -> None:
    assert found(service("command: x"), root_user) == []


def test_a_user_that_dotenv_sets_is_named(judge: Judge) -> None:
    files = {"compose.yaml": service("user: '${APP_USER}'"), ".env": "APP_USER=0\n"}
    [one] = judge(files, [root_user])
    assert one.finding.message.endswith(", with `${APP_USER}` from `.env`")


def test_a_user_that_an_override_changes_is_gone(found: Found) -> None:
    files = {
        "compose.yaml": service("user: root"),
        "compose.override.yaml": "services:\n  s: {user: '1000'}\n",
    }
    assert found(files, root_user) == []


def test_a_user_from_an_anchor_has_no_fix(judge: Judge) -> None:
    text = "x: &r {user: root}\nservices:\n  s: {<<: *r, image: x}\n"
    [one] = judge(text, [root_user])
    assert one.finding.fix is None


@pytest.mark.parametrize(
    "group",
    [
        "root",
        "docker",
        "disk",
        "shadow",
        "kvm",
        "adm",
        "systemd-journal",
        "0",
        "'0'",
        "4",
        "'006'",
        "42",
        "'${G:-docker}'",
    ],
)
def test_groups_with_power(found: Found, group: str) -> None:
    text = service(f"group_add: [audio, {group}]")
    assert found(text, privileged_group) == [("warning", group)]


@pytest.mark.parametrize(
    "group", ["audio", "1000", "'${G}'", "''", "'00x'", "40", "60"]
)
def test_groups_without_power(found: Found, group: str) -> None:
    assert found(service(f"group_add: [{group}]"), privileged_group) == []


def test_a_number_is_explained(judge: Judge) -> None:
    [one] = judge(service("group_add: [6]"), [privileged_group])
    assert "group `6`, which is `disk`, and so may" in one.finding.message


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("pre_start", "pre_start"),
        ("post_start", "post_start"),
        ("pre_stop", "pre_stop"),
    ],
)
def test_hooks_of_each_kind(judge: Judge, key: str, kind: str) -> None:
    text = service(
        f"{key}: [{{command: a, privileged: yes}}, {{command: b, user: 0:0}}]"
    )
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


def test_what_runs_on_watched_changes_is_a_hook_too(judge: Judge, fixed: Fixed) -> None:
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
