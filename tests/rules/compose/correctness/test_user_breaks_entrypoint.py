"""The rule `user-breaks-entrypoint`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.user_breaks_entrypoint import user_breaks_entrypoint

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("image: gitea/gitea:1.24, user: '1000'", "'1000'"),
        ("image: gitea/gitea:1.24, user: git", "git"),
        ("image: gitea/gitea:1.24-rootless, user: '1000'", ""),
        ("image: 'gitea/gitea:${TAG}', user: '1000'", ""),
        ("image: gitea/gitea:1.24, user: root", ""),
        ("image: gitea/gitea:1.24, user: '0:1000'", ""),
        ("image: gitea/gitea:1.24, user: '${WHO}'", ""),
        ("image: gitea/gitea:1.24, user: '1000', entrypoint: [gitea]", ""),
        ("image: gitea/gitea:1.24", ""),
    ],
)
def test_only_an_image_that_has_to_start_as_root_is_broken(
    found: Found, body: str, marked: str
) -> None:
    severity = [("warning", marked)] if marked else []
    assert found(f"services: {{s: {{{body}}}}}\n", user_breaks_entrypoint) == severity
