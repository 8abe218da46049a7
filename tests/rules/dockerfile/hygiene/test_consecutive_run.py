"""The rule `consecutive-run`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.consecutive_run import consecutive_run

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_each_step_that_follows_another(judge: Judge) -> None:
    one, other = judge(image("RUN a\nRUN b\nRUN c && d"), [consecutive_run])
    assert one.span.text == other.span.text == "RUN"
    assert one.finding.message == ("this RUN can be joined to the one before it, in one layer")
    assert [place.span.text for place in one.finding.because] == ["RUN"]


@pytest.mark.parametrize(
    "steps",
    [
        "RUN a",
        "RUN a\nENV B=1\nRUN b",
        "RUN a\n# cached for itself\nRUN b",
        "RUN a && b && c\nRUN d",
        "RUN a\nRUN --network=none b",
        "RUN a\nRUN <<EOF\nb\nEOF",
        'RUN a\nRUN ["b"]',
        "ONBUILD RUN a\nRUN b",
        "RUN a\nFROM debian:13\nRUN b",
        "RUN a\nRUN b\nFROM debian:13\nCOPY --from=0 /x /x",
    ],
)
def test_separated_steps_are_silent(found: Found, steps: str) -> None:
    assert found(image(steps), consecutive_run) == []


@pytest.mark.parametrize(
    "comment", ["# tightship: ignore[x] y", "# hadolint ignore=DL3003", "# check=skip=A"]
)
def test_a_directive_separates_nothing(found: Found, comment: str) -> None:
    assert len(found(image(f"RUN a\n{comment}\nRUN b"), consecutive_run)) == 1
