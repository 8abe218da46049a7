"""More downloads than are followed to the commands that use them."""

from __future__ import annotations

import pytest

from tightship.api import check_text

ONE = "RUN curl -fsSLO https://x.org/f{i}\n"


def gaps(text: str) -> list[str]:
    found = check_text(f"FROM alpine:3.22\n{text}", "Dockerfile").findings
    return [one.message for one in found if "files are downloaded" in one.message]


@pytest.mark.parametrize(
    "text",
    [
        "".join(ONE.format(i=i) for i in range(101)) + "RUN sh f100\n",
        "RUN " + " && ".join(f"wget https://x.org/f{i}" for i in range(101)) + "\n",
        "RUN wget " + " ".join(f"https://x.org/f{i}" for i in range(101)) + "\n",
    ],
)
def test_downloads_beyond_the_limit_are_a_gap(text: str) -> None:
    assert len(gaps(text)) == 1


def test_a_hundred_downloads_are_followed() -> None:
    assert gaps("".join(ONE.format(i=i) for i in range(100))) == []
