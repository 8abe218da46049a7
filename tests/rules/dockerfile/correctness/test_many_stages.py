"""Many stages cost the rules about names no more than their number."""

from __future__ import annotations

import pytest
from tests.bounded import within

from tightship.rules.dockerfile.correctness.undefined_argument_in_from import (
    undefined_argument_in_from,
)
from tightship.rules.dockerfile.correctness.undefined_stage import undefined_stage


@pytest.mark.exhaustive
def test_many_stages_cost_no_more_than_their_number() -> None:
    from tightship.frontends.dockerfile.build import Build
    from tightship.syntax.dockerfile.read import read
    from tightship.text import Source

    lines = [
        f"FROM $UNKNOWN{n} AS stage{n}\nFROM stage{n}x\nCOPY --from=stagf{n} a b\n"
        f"COPY --from=9{n} a b"
        for n in range(4_000)
    ]
    build = Build(read(Source("Dockerfile", "\n".join(lines))))
    with within(5):
        assert len(list(undefined_stage.check(build))) >= 4_000
        for stage in build.stages:
            assert len(list(undefined_argument_in_from.check(stage))) < 2
