"""Users and groups that no container can have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.invalid_user import invalid_user

if TYPE_CHECKING:
    from tests.conftest import Judge


def found(judge: Judge, keys: str, dockerfile: str = "") -> list[str]:
    image = "build: ." if dockerfile else "image: x"
    files = {"compose.yaml": f"services:\n  s: {{{image}, {keys}}}\n"}
    files |= {"Dockerfile": dockerfile} if dockerfile else {}
    return [one.span.text for one in judge(files, (invalid_user,))]


@pytest.mark.parametrize(
    "user", ['"-1"', '"4294967295"', '"2147483648"', '"1000:-1"', '"${ID:-2147483648}"']
)
def test_a_number_out_of_range(judge: Judge, user: str) -> None:
    assert found(judge, f"user: {user}") == [user]


@pytest.mark.parametrize(
    "user", ['"0"', '"2147483647"', "app", '"0x0"', ":1000", '"1000:1000:-1"', "${ID}", '""']
)
def test_users_that_an_image_may_have(judge: Judge, user: str) -> None:
    assert found(judge, f"user: '{user}'" if user[0] == ":" else f"user: {user}") == []


@pytest.mark.parametrize(
    ("steps", "rejected"),
    [
        ("COPY app /app", True),
        ("COPY passwd /etc/passwd", False),
        ("COPY group /etc/group", False),
        ("COPY rootfs /", False),
        ("ARG TO\nCOPY app $TO", False),
    ],
)
@pytest.mark.parametrize("keys", ["user: app", 'user: "1000:app"', "group_add: [app]"])
def test_an_image_from_scratch_has_no_names(
    judge: Judge, keys: str, steps: str, rejected: bool
) -> None:
    assert bool(found(judge, keys, f"FROM scratch\n{steps}\n")) is rejected


def test_another_base_image_may_have_the_name(judge: Judge) -> None:
    assert found(judge, "user: app", "FROM debian:13\nCOPY app /app\n") == []
