"""The rule `needed-capability-dropped`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.needed_capability_dropped import needed_capability_dropped

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


def web(body: str) -> str:
    return f"services:\n  web: {{image: 'nginx:1.29', {body}}}\n"


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("cap_drop: [ALL]", "[ALL]"),
        ("cap_drop: [CAP_CHOWN]", "[CAP_CHOWN]"),
        ("cap_drop: [chown, NET_RAW]", "[chown, NET_RAW]"),
        ("cap_drop: [NET_RAW]", ""),
        ("cap_drop: ['${DROP}']", ""),
        ("cap_drop: [ALL], cap_add: ['${ADD}']", ""),
        ("cap_drop: [ALL], cap_add: [ALL]", ""),
        ("cap_drop: [ALL], privileged: true", ""),
        ("cap_drop: [ALL], user: '101'", ""),
        ("cap_drop: [ALL], user: '${WHO}'", ""),
        ("cap_drop: [ALL], command: [sleep, infinity]", ""),
        ("cap_drop: [ALL], command: [nginx, -g, 'daemon off;']", "[ALL]"),
        ("cap_drop: [ALL], entrypoint: [/start]", ""),
    ],
)
def test_only_surely_needed_capabilities_are_reported(found: Found, body: str, marked: str) -> None:
    severity = [("warning", marked)] if marked else []
    assert found(web(body), needed_capability_dropped) == severity


def test_the_message_names_all_that_is_missing_with_a_reason(judge: Judge) -> None:
    [one] = judge(web("cap_drop: [ALL], cap_add: [CHOWN]"), [needed_capability_dropped])
    assert one.finding.message.startswith(
        "service `web` drops `SETGID`, `SETUID`, which its image needs: "
    )


def test_a_capability_needed_on_a_restart_is_described_as_such(judge: Judge) -> None:
    text = (
        "services: {db: {image: 'postgres:17', cap_drop: [ALL],"
        " cap_add: [CHOWN, FOWNER, SETGID, SETUID]}}\n"
    )
    [one] = judge(text, [needed_capability_dropped])
    assert "which its image needs on a restart: " in one.finding.message


def test_the_fix_leaves_nothing_to_find(fixed: Fixed, judge: Judge) -> None:
    left = fixed(web("cap_drop: [ALL]"), needed_capability_dropped)
    assert "cap_add: [CHOWN, SETGID, SETUID]" in left
    assert judge(left, [needed_capability_dropped]) == []


def test_non_default_capabilities_are_not_dropped(found: Found) -> None:
    text = (
        "services: {vpn: {image: ghcr.io/wg-easy/wg-easy, cap_drop: [ALL], cap_add: [NET_RAW]}}\n"
    )
    assert found(text, needed_capability_dropped) == []
