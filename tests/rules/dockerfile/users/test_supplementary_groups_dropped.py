"""The rule `supplementary-groups-dropped`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import after_fixes, image, places

from tightship.rules.dockerfile.users.supplementary_groups_dropped import (
    supplementary_groups_dropped,
)

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "script",
    [
        "useradd -G video app",
        "useradd --groups=video app",
        "useradd app && usermod -aG video app",
        "useradd app && gpasswd -a app video",
        "adduser -D app && addgroup app video",
        "adduser app video",
    ],
)
def test_groups_that_are_lost(judge: Judge, script: str) -> None:
    steps = image(f"RUN {script}\nUSER app:app")
    [one] = judge(steps, [supplementary_groups_dropped])
    assert one.span.text == "app:app"
    assert one.finding.message == ("with a group, `USER` drops the other groups of `app`: `video`")
    assert "USER app\n" in after_fixes(judge, steps, supplementary_groups_dropped)


@pytest.mark.parametrize(
    "steps",
    [
        "RUN useradd -G video app\nUSER app",
        "RUN useradd -G video app\nUSER app:video",
        "RUN useradd -G video other\nUSER app:app",
        "RUN useradd -g video app\nUSER app:app",
        "RUN useradd -G $GROUPS app\nUSER app:app",
        "RUN useradd app\nUSER app:app",
        "RUN useradd -G video app\nUSER 1000:1000",
        "USER app:app\nRUN useradd -G video app",
        "RUN useradd -G video app\nUSER $WHO",
        "RUN addgroup -S app && adduser -S -G app app\nUSER app:app",
    ],
)
def test_commands_that_keep_groups_are_silent(found: Found, steps: str) -> None:
    assert found(image(steps), supplementary_groups_dropped) == []


def test_a_stage_below_counts(found: Found) -> None:
    text = "FROM debian:13 AS a\nRUN useradd -G video app\nFROM a\nUSER app:app\n"
    assert places(found, text, supplementary_groups_dropped) == [("info", "app:app")]
