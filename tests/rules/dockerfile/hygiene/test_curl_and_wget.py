"""The rule `curl-and-wget`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.curl_and_wget import curl_and_wget

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def test_the_second_one_is_marked(judge: Judge) -> None:
    steps = image("RUN wget https://a.b && curl https://a.b\nRUN curl https://c.d")
    [one] = judge(steps, [curl_and_wget])
    assert one.span.text == "curl"
    assert one.finding.message == ("`curl` and `wget` do the same: one of them is enough")


@pytest.mark.parametrize(
    "steps",
    [
        "RUN curl https://a.b && curl https://c.d",
        "RUN apt-get install -y curl wget && curl https://a.b",
        "RUN curl https://a.b\nFROM debian:13\nRUN wget https://a.b",
        "RUN curl https://a.b && wget --version",
        "RUN curl https://a.b\nONBUILD RUN wget https://a.b",
    ],
)
def test_one_of_them_is_enough(found: Found, steps: str) -> None:
    assert found(image(steps), curl_and_wget) == []
