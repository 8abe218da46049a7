"""The rule `missing-label`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.hygiene.missing_label import missing_label

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


def files(body: str, required: str = '["version"]') -> dict[str, str]:
    """Return a Dockerfile, and a configuration that asks for labels."""
    config = f"[rules.missing-label]\nrequired = {required}\n"
    return {**image(body), "tightship.toml": config}


def test_all_missing_labels_are_named(judge: Judge) -> None:
    wanted = '["version", "a.b", "maintainer"]'
    [one] = judge(files("LABEL maintainer=x", wanted), [missing_label])
    assert one.span.text == "debian:13"
    assert one.finding.message == ("the image lacks a required label: `version`, `a.b`")


@pytest.mark.parametrize(
    "body",
    [
        "LABEL version=1",
        "LABEL a=1 version=2",
        "LABEL version=1\nFROM alpine:3.22\nLABEL version=2",
        "ARG KEY\nLABEL $KEY=1",
    ],
)
def test_an_existing_label(found: Found, body: str) -> None:
    assert found(files(body), missing_label) == []


def test_a_stage_below_counts_and_another_does_not(found: Found) -> None:
    below = "LABEL version=1\nFROM alpine:3.22 AS a\nLABEL version=1\nFROM a"
    assert found(files(below), missing_label) == []
    other = "LABEL version=1\nFROM alpine:3.22"
    assert found(files(other), missing_label) == [("info", "alpine:3.22")]


def test_without_the_option_nothing_is_found(found: Found) -> None:
    assert found(image("RUN true"), missing_label) == []
