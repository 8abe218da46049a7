"""The rule `unknown-account-on-scratch`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.correctness.unknown_account_on_scratch import (
    unknown_account_on_scratch as rule,
)
from tightship.rules.dockerfile.users.unknown_user_name import unknown_user_name

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("step", "place"),
    [
        ("USER app", "app"),
        ("USER 1000:app", "1000:app"),
        ("COPY --chown=app a /a", "app"),
        ("ADD --chown=0:app a /a", "0:app"),
        ("ARG U=app\nUSER $U", "$U"),
        ("COPY a /srv/etc/\nUSER app", "app"),
    ],
)
def test_each_way_to_name_an_account(found: Found, step: str, place: str) -> None:
    assert found(image(step, "scratch"), rule) == [("warning", place)]


@pytest.mark.parametrize(
    "step",
    [
        "USER 1000",
        "USER 1000:1000",
        "COPY --chown=1000:1000 a /a",
        "COPY a /a",
        "ARG U\nUSER $U",
        "COPY etc /etc\nUSER app",
        "ADD rootfs.tar /\nUSER app",
        'RUN ["/bin/busybox", "adduser", "app"]\nUSER app',
        "ONBUILD USER app",
    ],
)
def test_numbers_and_possible_accounts_are_silent(found: Found, step: str) -> None:
    assert found(image(step, "scratch"), rule) == []


def test_a_name_is_one_finding(judge: Judge) -> None:
    found = judge(image("USER app", "scratch"), [rule, unknown_user_name])
    assert [one.rule.name for one in found] == ["unknown-account-on-scratch"]
