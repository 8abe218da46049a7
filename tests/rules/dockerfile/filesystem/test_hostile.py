"""Hostile Dockerfiles cost the rules about files little."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.conftest import rules_of
from tests.rules.dockerfile.conftest import image

if TYPE_CHECKING:
    from tests.conftest import Judge

RULES = rules_of("dockerfile", "filesystem")


@pytest.mark.exhaustive
def test_hostile_files_are_judged_in_time(judge: Judge) -> None:
    lines = [
        "RUN chmod 777" + " /a" * 20_000,
        "RUN find /" + " -exec chmod 777" * 5_000,
        "RUN " + " && ".join(["chmod 777 /x", "rm /y"] * 2_000),
        "RUN chmod " + "u+s," * 20_000 + " /x",
        "VOLUME" + " /a/b/docker.sock" * 2_000,
    ]
    assert len(judge(image("\n".join(lines)), RULES)) > 4_000
