"""The rule `oom-killer-disabled`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.oom_killer_disabled import oom_killer_disabled

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize("value", ["true", "yes", "'true'", "'${KILL:-on}'"])
def test_every_spelling_of_true_disables_the_killer(judge: Judge, value: str) -> None:
    [one] = judge(service(f"oom_kill_disable: {value}"), [oom_killer_disabled])
    assert one.span.text == value
