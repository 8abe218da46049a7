"""The rule `default-capabilities-kept`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.capabilities.default_capabilities_kept import default_capabilities_kept
from tightship.values.capability import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


@pytest.mark.parametrize(
    "body",
    [
        "cap_drop: [ALL]",
        "cap_drop: [all, NET_RAW]",
        "cap_drop: ['${DROP:-ALL}']",
        "extends: base",
        "cap_add: [ALL]",
        f"cap_drop: [{', '.join(DEFAULT_CAPABILITIES)}]",
    ],
)
def test_only_kept_defaults_are_reported(found: Found, body: str) -> None:
    assert found(service(body), default_capabilities_kept) == []


def test_kept_capabilities_are_counted(judge: Judge) -> None:
    text = service("cap_drop: [CAP_NET_RAW, SYS_ADMIN], cap_add: [chown]")
    [one] = judge(text, [default_capabilities_kept])
    assert "keeps 12 of Docker's default capabilities" in one.finding.message


@pytest.mark.usefixtures("known_image")
def test_a_drop_list_from_an_anchor_is_written_out_at_the_service(fixed: Fixed) -> None:
    text = """\
x-drop: &drop
  cap_drop: [NET_RAW]
services:
  s:
    <<: *drop
    image: x
"""
    after = fixed(text, default_capabilities_kept)
    assert after == f"{text}    cap_drop: [NET_RAW, ALL]\n"


@pytest.mark.parametrize(
    ("body", "dropped", "added"),
    [
        # The server wants NET_ADMIN, which no container has by default.
        ("image: ghcr.io/wg-easy/wg-easy", "[ALL]", "[NET_RAW]"),
        ("image: ghcr.io/wg-easy/wg-easy, cap_add: [NET_ADMIN]", "[ALL]", "[NET_ADMIN, NET_RAW]"),
        ("image: nginx, cap_drop: [CHOWN]", "[CHOWN, ALL]", "[SETGID, SETUID]"),
    ],
)
def test_a_fix_grants_no_new_capability(fixed: Fixed, body: str, dropped: str, added: str) -> None:
    after = fixed(f"services: {{s: {{{body}}}}}\n", default_capabilities_kept)
    assert f"cap_drop: {dropped}" in after
    assert f"cap_add: {added}" in after
