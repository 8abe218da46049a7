"""The rule `unknown-user-name`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.users.conftest import dockerfile

from tightship.rules.dockerfile.users.unknown_user_name import unknown_user_name

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "user", ["nobody", "root", "daemon", "www-data", "_apt", "0", "1000:app", ":app"]
)
def test_users_that_debian_has(found: Found, user: str) -> None:
    assert found(dockerfile(f"FROM debian\nUSER {user}\n"), unknown_user_name) == []


@pytest.mark.parametrize(
    ("base", "user"), [("nginx", "nginx"), ("node:24-alpine", "node"), ("ubuntu", "ubuntu")]
)
def test_users_that_an_image_brings(found: Found, base: str, user: str) -> None:
    assert found(dockerfile(f"FROM {base}\nUSER {user}\n"), unknown_user_name) == []
    other = dockerfile(f"FROM scratch\nUSER {user}\n")
    assert found(other, unknown_user_name) == [("info", user)]


def test_names_of_base_stages_are_known(found: Found) -> None:
    text = "FROM python AS a\nRUN useradd app\nFROM a\nUSER app\n"
    assert found(dockerfile(text), unknown_user_name) == []
    text = "FROM python AS a\nRUN useradd app\nFROM python\nUSER app\n"
    assert found(dockerfile(text), unknown_user_name) == [("info", "app")]


def test_a_name_that_an_argument_gives_is_explained(judge: Judge) -> None:
    text = "FROM python\nARG U=app\nUSER $U:$U\n"
    [one] = judge(dockerfile(text), [unknown_user_name])
    assert one.finding.message == (
        "user `app` is unknown to the image: no step creates it, and `python` does not"
        " have it (default of `ARG U`)"
    )


@pytest.mark.parametrize("user", ["${U}", '"app', "$U:app"])
def test_undecided_names(found: Found, user: str) -> None:
    text = f"FROM scratch\nARG U\nUSER {user}\n"
    assert found(dockerfile(text), unknown_user_name) == []


def test_a_later_build_may_create_the_user(found: Found) -> None:
    text = "FROM scratch\nONBUILD USER app\n"
    assert found(dockerfile(text), unknown_user_name) == []
