"""Flags of RUN that open the sandbox of a build are removed, and the rest of the step stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes
from tests.rules.dockerfile.supply_chain.conftest import names

from tightship.rules.dockerfile.supply_chain.host_network_build_step import host_network_build_step
from tightship.rules.dockerfile.supply_chain.insecure_build_step import insecure_build_step

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUN --network=host ls\n", "RUN ls\n"),
        ("RUN   --network=host\t ls\n", "RUN   ls\n"),
        ("ONBUILD RUN --network=host ls\n", "ONBUILD RUN ls\n"),
        ('RUN --network=host ["ls"]\n', 'RUN ["ls"]\n'),
        ("RUN --network=host <<E\nls\nE\n", "RUN <<E\nls\nE\n"),
        ("RUN --network=host \\\n  ls\n", "RUN \\\n  ls\n"),
        ("RUN \\\n  --network=host \\\n  ls\n", "RUN \\\n  ls\n"),
        ("RUN \\\r\n  --network=host \\\r\n  ls\r\n", "RUN \\\r\n  ls\r\n"),
        ("RUN \\\n  --network=host ls\n", "RUN \\\n  ls\n"),
        (
            "RUN --mount=type=cache,target=/c --network=host ls\n",
            "RUN --mount=type=cache,target=/c ls\n",
        ),
    ],
)
def test_only_the_flag_is_removed(judge: Judge, before: str, after: str) -> None:
    base = "FROM a\n"
    fixed = after_fixes(judge, base + before, host_network_build_step)
    assert fixed == base + after
    insecure = before.replace("--network=host", "--security=insecure")
    assert after_fixes(judge, base + insecure, insecure_build_step) == base + after
    assert judge({"Dockerfile": fixed}, [host_network_build_step]) == []


@pytest.mark.parametrize(
    "step",
    [
        "RUN --network=none ls",
        "RUN --network=HOST ls",
        "RUN --network=${NET} ls",
        "RUN docker run --network=host a",
        'RUN ["docker", "run", "--network=host"]',
        "RUN --security=sandbox ls",
        "RUN ls --security=insecure",
    ],
)
def test_other_steps_are_confined(judge: Judge, step: str) -> None:
    rules = (insecure_build_step, host_network_build_step)
    text = f"ARG NET=host\nFROM a\nARG NET\n{step}\n"
    assert names(judge, text, rules) == []
