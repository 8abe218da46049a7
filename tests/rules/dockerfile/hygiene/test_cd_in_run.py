"""The rule `cd-in-run`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.cd_in_run import cd_in_run

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "step",
    [
        "RUN cd /x && ls",
        "RUN cd x; ls",
        "RUN <<EOF\ncd /x\nls\nEOF",
        "RUN cd '/x y' && ls",
    ],
)
def test_a_step_that_begins_with_cd(found: Found, step: str) -> None:
    assert found(image(step), cd_in_run) == [("info", "cd")]


@pytest.mark.parametrize(
    "step",
    [
        "RUN ls && cd /x && ls",
        "RUN (cd /x && ls)",
        "RUN if cd /x; then ls; fi",
        "RUN cd /x",
        "RUN cd $X && ls",
        "RUN cd && ls",
        "RUN cd - && ls",
        'RUN ["cd", "/x"]',
        "ONBUILD RUN cd /x && ls",
        "RUN sh -c 'cd /x && ls'",
    ],
)
def test_another_cd_is_left_alone(found: Found, step: str) -> None:
    assert found(image(step), cd_in_run) == []
