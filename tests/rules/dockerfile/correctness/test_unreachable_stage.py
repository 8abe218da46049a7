"""The rule `unreachable-stage`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import places

from tightship.rules.dockerfile.correctness.unreachable_stage import unreachable_stage

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("FROM a:1\nFROM b:1\n", 1),
        ("FROM a:1\nFROM b:1\nFROM c:1\n", 2),
        ("FROM a:1\nFROM b:1 AS b\nFROM b\n", 1),
        ("FROM a:1\nFROM b:1\nCOPY --from=1 a b\nFROM c:1\nCOPY --from=1 a b\n", 1),
        ("FROM a:1 AS a\nFROM b:1\n", 0),
        ("FROM a:1\nFROM b:1\nCOPY --from=0 a b\n", 0),
        ("FROM a:1\n", 0),
        ("FROM a:1\nFROM b:1\nARG N\nCOPY --from=$N a b\n", 0),
    ],
)
def test_stages_that_nothing_needs(found: Found, text: str, count: int) -> None:
    assert places(found, text, unreachable_stage) == [("warning", "FROM")] * count


def test_the_message_names_the_base(judge: Judge) -> None:
    [one] = judge({"Dockerfile": "FROM a:1\nFROM b:1\n"}, [unreachable_stage])
    assert one.finding.message == (
        "nothing uses the stage from `a:1`, and `--target` cannot build it without a name"
    )
