"""The rule `capability-drop-defeated`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.capabilities.capability_drop_defeated import capability_drop_defeated
from tightship.values.capability import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_an_addition_defeats_a_drop_in_any_spelling(judge: Judge) -> None:
    text = service("cap_drop: [net_raw, KILL], cap_add: [CAP_NET_RAW]")
    [one] = judge(text, [capability_drop_defeated])
    assert one.span.text == "net_raw"
    assert one.severity.word == "warning"
    assert [r.span.text for r in one.finding.because] == ["CAP_NET_RAW"]


@pytest.mark.parametrize(
    "body",
    [
        "cap_drop: [ALL], cap_add: [NET_RAW]",
        "cap_drop: [ALL, SYS_ADMIN]",
        "cap_drop: ['${DROP}', SYS_ADMIN]",
        "cap_drop: [SYS_ADMIN], cap_add: [ALL]",
        "cap_drop: [SYS_ADMIN], cap_add: ['${ADD}']",
        "cap_drop: [SYSADMIN]",
        "cap_drop: [NET_RAW], cap_add: [CHOWN]",
    ],
)
def test_a_drop_that_may_take_effect(found: Found, body: str) -> None:
    assert found(service(body), capability_drop_defeated) == []


def test_beside_all_an_item_is_still_defeated_by_its_addition(found: Found) -> None:
    text = service("cap_drop: [ALL, NET_RAW], cap_add: [NET_RAW]")
    assert found(text, capability_drop_defeated) == [("warning", "NET_RAW")]


@pytest.mark.parametrize(("change", "expected"), [(0, [("warning", "ALL")]), (1, []), (2, [])])
def test_all_is_defeated_if_every_default_is_added_back(
    found: Found, change: int, expected: list[tuple[str, str]]
) -> None:
    added = sorted(DEFAULT_CAPABILITIES)
    # One is missing, or only a run can tell.
    added = [added, added[1:], [*added[1:], "'${CAP}'"]][change]
    text = service(f"cap_drop: [ALL], cap_add: [{', '.join(added)}]")
    assert found(text, capability_drop_defeated) == expected


def test_under_privileged_the_whole_list_is_dead_once(found: Found) -> None:
    text = service("privileged: true, cap_drop: [NET_RAW, KILL], cap_add: [KILL]")
    assert found(text, capability_drop_defeated) == [("info", "[NET_RAW, KILL]")]
