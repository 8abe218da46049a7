"""The rule `package-lists-refreshed-alone`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.correctness.package_lists_refreshed_alone import (
    package_lists_refreshed_alone,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "steps",
    [
        "RUN apt-get «update»\nRUN apt-get install -y a",
        "RUN apt-get «update» && rm -f /x\nRUN apt-get install -y a",
        "RUN apt «update»\nRUN apt-get install -y a\nRUN apt-get install -y b",
        "RUN apt-get «update»\nRUN apt-get upgrade -y",
        "RUN apk «update»\nRUN apk add a",
        "RUN apt-get update\nRUN apt-get «update»\nRUN apt-get install -y a",
    ],
)
def test_a_separate_refresh_is_found(found: Found, steps: str) -> None:
    plain = steps.replace("«", "").replace("»", "")
    assert found(image(plain), package_lists_refreshed_alone) == [("warning", "update")]


@pytest.mark.parametrize(
    "steps",
    [
        "RUN apt-get update",
        "RUN apt-get update && apt-get install -y a",
        "RUN apt-get update && apt-get install -y a\nRUN apt-get install -y b",
        "RUN apt-get update && ./install.sh\nRUN apt-get install -y b",
        "RUN apt-get update\nRUN apk add a",
        "RUN apk update\nRUN apk add --no-cache a",
        "RUN apk update\nRUN apk add -U a",
        "RUN yum makecache\nRUN yum install -y a",
        "ONBUILD RUN apt-get update\nRUN apt-get install -y a",
        "RUN apt-get update\nFROM debian:13\nRUN apt-get install -y a",
        "RUN apt-get install -y a\nRUN apt-get update",
    ],
)
def test_a_refresh_used_in_its_own_step_is_silent(found: Found, steps: str) -> None:
    assert found(image(steps), package_lists_refreshed_alone) == []


def test_the_message_names_both_and_the_place_of_use(judge: Judge) -> None:
    text = image("RUN apt-get update\nRUN apt-get install -y a")
    [one] = judge(text, [package_lists_refreshed_alone])
    assert one.finding.message == (
        "`apt-get update` is in a separate step: the build cache keeps its lists when"
        " the step with `apt-get install` changes"
    )
    assert [place.span.text for place in one.finding.because] == ["install"]
