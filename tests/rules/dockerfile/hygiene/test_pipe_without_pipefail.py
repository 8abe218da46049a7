"""The rule `pipe-without-pipefail`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image, places

from tightship.rules.dockerfile.hygiene.pipe_without_pipefail import pipe_without_pipefail

if TYPE_CHECKING:
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "step",
    [
        "RUN «wget» -O- https://x.org | tar x",
        "RUN ls; «a» | b | c",
        "RUN (a | b)",
        "RUN echo x | a | b",
        "RUN <<EOF\na | b\nEOF",
        'SHELL ["/bin/bash", "-c"]\nRUN a | b',
        'RUN ["/bin/sh", "-c", "a | b"]',
        'SHELL ["/bin/bash", "-o", "pipefail", "-c"]\nRUN ["sh", "-c", "a | b"]',
        'RUN bash -c "a | b"',
        "RUN if x; then a | b; fi",
        "RUN for x in y; do a | b; done",
        "RUN f() { a | b; }; f",
        "RUN a \\\n # about pipefail\n | b",
        'RUN x="$(a | b)"',
        "RUN a | b && set -o pipefail && c | d",
        "RUN x=$(a | b) y=1 && c $x",
    ],
)
def test_a_pipe_that_hides_a_failure(found: Found, step: str) -> None:
    plain = step.replace("«", "").replace("»", "")
    assert len(found(image(plain), pipe_without_pipefail)) == 1


@pytest.mark.parametrize(
    "step",
    [
        "RUN a && b || c",
        "RUN echo x | a",
        "RUN printf x | a",
        "RUN yes | a",
        "RUN set -o pipefail && a | b",
        "RUN set -euxo pipefail; a | b",
        'SHELL ["/bin/bash", "-eo", "pipefail", "-c"]\nRUN a | b',
        "RUN if a | b; then c; fi",
        "RUN while a | b; do c; done",
        'RUN echo "$(a | b)"',
        "RUN export x=$(a | b)",
        "RUN x=$(echo $(a | b))",
        'RUN ["a", "|", "b"]',
        'RUN ["bash", "-o", "pipefail", "-c", "a | b"]',
        'RUN ["sh", "-c", "set -o pipefail; a | b"]',
        'RUN ["pwsh", "-Command", "a | b"]',
        'SHELL ["pwsh", "-Command"]\nRUN a | b',
        'SHELL ["bash", "-o", "pipefail", "-c"]\nONBUILD RUN a | b',
        "CMD a | b",
    ],
)
def test_a_pipe_that_hides_nothing(found: Found, step: str) -> None:
    assert found(image(step), pipe_without_pipefail) == []


def test_a_stage_below_may_set_the_shell(found: Found) -> None:
    shell = 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]'
    text = f"FROM debian:13 AS a\n{shell}\nFROM a\nRUN a | b\n"
    assert places(found, text, pipe_without_pipefail) == []
