"""The rule `root-user`, where the image that is built has a user of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.users.conftest import built

from tightship.rules.compose.users.root_user import root_user

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("steps", "grade"),
    [
        ("USER app", "warning"),
        ("USER 1000:0", "warning"),
        ("ARG U=app\nUSER $U", "warning"),
        ("USER app\nFROM a", "warning"),
        ("USER root", "info"),
        ("RUN true", "info"),
        ("ARG U\nUSER $U", "info"),
        ("RUN useradd -ou 0 app\nUSER app", "info"),
    ],
)
def test_root_over_the_user_of_an_image(found: Found, steps: str, grade: str) -> None:
    files = built("  web: {build: ., user: '0'}\n", f"FROM debian AS a\n{steps}\n")
    assert found(files, root_user) == [(grade, "'0'")]


def test_the_overridden_user_is_shown(judge: Judge) -> None:
    files = built("  web: {build: ., user: root}\n", "FROM debian\nUSER app\n")
    [one] = judge(files, [root_user])
    assert one.finding.message == "service `web` runs as root, although its image does not"
    [related] = one.finding.because
    assert (related.span.text, related.span.source.name) == ("app", "Dockerfile")


def test_a_missing_dockerfile_makes_an_info(found: Found) -> None:
    text = "services:\n  web: {build: ., user: root}\n"
    assert found({"compose.yaml": text}, root_user) == [("info", "root")]
