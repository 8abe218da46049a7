"""The rule `root-user`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.users.root_user import root_user

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


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
        "'${UID:-1000}'",
        "'0x0'",
    ],
)
def test_users_other_than_root_and_undecided_users(found: Found, user: str) -> None:
    assert found(service(f"user: {user}"), root_user) == []


def test_without_user_the_image_decides(found: Found) -> None:
    assert found(service("command: x"), root_user) == []


def test_a_user_that_dotenv_sets_is_named(judge: Judge) -> None:
    files = {"compose.yaml": service("user: '${APP_USER}'"), ".env": "APP_USER=0\n"}
    [one] = judge(files, [root_user])
    assert one.finding.message.endswith(" (`${APP_USER}` from `.env`)")


def test_a_user_changed_by_an_override_is_silent(found: Found) -> None:
    files = {
        "compose.yaml": service("user: root"),
        "compose.override.yaml": "services:\n  s: {user: '1000'}\n",
    }
    assert found(files, root_user) == []


def test_a_user_from_an_anchor_has_no_fix(judge: Judge) -> None:
    text = "x: &r {user: root}\nservices:\n  s: {<<: *r, image: x}\n"
    [one] = judge(text, [root_user])
    assert one.finding.fix is None
