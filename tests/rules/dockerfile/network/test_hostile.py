"""Hostile Dockerfiles cost the rules about ports little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("dockerfile", "network")


@pytest.mark.exhaustive
def test_hostile_files_are_judged_in_time(judge: Judge) -> None:
    stages = "\n".join(
        f"FROM s{n - 1} AS s{n}\nRUN apt-get install x y\nEXPOSE 5432 22" for n in range(1, 1_500)
    )
    text = f"FROM debian:13 AS s0\nEXPOSE{' 5432 22' * 2_000}\n{stages}\n"
    assert len(judge({"Dockerfile": text}, RULES)) == 2 * (2_000 + 1_499)
