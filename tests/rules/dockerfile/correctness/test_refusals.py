"""What BuildKit refuses is told once, by one rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.dockerfile.correctness.conftest import REFUSALS

from tightship.rules.dockerfile.correctness.reserved_stage_name import reserved_stage_name

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_each_cause_has_one_rule(judge: Judge) -> None:
    text = (
        "ARG X=\nFROM $X\nFROM $Y\nFROM Foo\nFORM b\nRUN a \\\n\n b\n"
        "COPY --from=9 a b\nCOPY --from=$X a b\nRUN --mount=from=5,target=/x true\n"
    )
    found = judge({"Dockerfile": text}, REFUSALS)
    spots = [one.span.start for one in found]
    assert len(spots) == len(set(spots)) == 7


def test_a_template_is_not_flooded(judge: Judge) -> None:
    text = (
        "FROM {{ base }} AS Scratch\n{% if x %}\nFORM a\n{% endif %}\nEXPOSE 99999\n"
        "COPY --from=7 a b\nFROM $NONE AS scratch\n"
    )
    rules = [rule for rule in REFUSALS if rule is not reserved_stage_name]
    assert judge({"Dockerfile": text}, rules) == []
