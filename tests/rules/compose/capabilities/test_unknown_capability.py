"""The rule `unknown-capability`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.capabilities.unknown_capability import unknown_capability

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Fixed, Found


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("SYS_ADMN", "SYS_ADMIN"),
        ("NET-RAW", "NET_RAW"),
        ("cap_net_bind_servcie", "NET_BIND_SERVICE"),
        ("CAP_ALL", "ALL"),
        ('" KILL"', "KILL"),
    ],
)
def test_a_single_typo_is_corrected(judge: Judge, fixed: Fixed, written: str, meant: str) -> None:
    text = service(f"cap_drop: [CHOWN, {written}]")
    [one] = judge(text, [unknown_capability])
    assert one.finding.message.endswith(f"did you mean `{meant}`?")
    after = fixed(text, unknown_capability)
    assert judge(after, [unknown_capability]) == []
    assert meant in after


@pytest.mark.parametrize("item", ["NETWORK", "SYS_", "'${X:-SYS_ADMN}'"])
def test_ambiguous_names_are_not_corrected(judge: Judge, fixed: Fixed, item: str) -> None:
    text = service(f"cap_add: [{item}]")
    assert len(judge(text, [unknown_capability])) == 1
    assert fixed(text, unknown_capability) == text


def test_known_names_in_any_spelling(found: Found) -> None:
    text = service("cap_add: [cap_kill, Kill, ALL, '${X}'], cap_drop: [all, ]")
    assert found(text, unknown_capability) == []
