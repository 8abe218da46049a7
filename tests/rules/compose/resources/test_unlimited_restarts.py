"""The rule `unlimited-restarts`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.resources.unlimited_restarts import unlimited_restarts

if TYPE_CHECKING:
    from tests.rules.conftest import Found


def policy(text: str) -> str:
    return f"deploy: {{restart_policy: {{{text}}}}}"


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("restart: always", "always"),
        ("restart: unless-stopped", "unless-stopped"),
        ("restart: on-failure", "on-failure"),
        ("restart: 'on-failure:0'", "'on-failure:0'"),
        ("restart: 'on-failure:6'", "'on-failure:6'"),
        (policy("condition: any"), "any"),
        (policy("condition: on-failure, max_attempts: 6"), "on-failure"),
        (policy("condition: on-failure, max_attempts: 0"), "on-failure"),
    ],
)
def test_what_the_engine_restarts_without_a_limit(found: Found, body: str, marked: str) -> None:
    files = f"services:\n  s: {{image: x, {body}}}\n"
    assert found(files, unlimited_restarts) == [("info", marked)]


@pytest.mark.parametrize(
    "body",
    [
        "init: yes",
        "restart: 'no'",
        "restart: 'on-failure:5'",
        "restart: 'on-failure:${N}'",
        # Verified with Compose 2.26.1: without a condition there is no policy, ...
        policy(""),
        # ... and this one wins over `restart`.
        f"restart: always, {policy('condition: none')}",
        policy("condition: on-failure, max_attempts: 5"),
        policy("condition: on-failure, max_attempts: '${N}'"),
        policy("condition: '${C}'"),
    ],
)
def test_limited_and_undecided_policies_are_silent(found: Found, body: str) -> None:
    files = f"services:\n  s: {{image: x, {body}}}\n"
    assert found(files, unlimited_restarts) == []
