"""The rule `whole-file-system-copied`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import places

from tightship.rules.dockerfile.filesystem.whole_file_system_copied import whole_file_system_copied

if TYPE_CHECKING:
    from tests.rules.conftest import Found


def copied(step: str, base: str = "alpine:3.22", build: str = "debian:13") -> str:
    """Return a Dockerfile whose second stage copies from the first."""
    return f"FROM {build} AS b\nFROM {base}\n{step}\n"


@pytest.mark.parametrize(
    "step", ["COPY --from=b / /", "COPY --from=b /* /", "COPY --from=0 /. /", "COPY --from=b // /"]
)
def test_everything_of_a_stage(found: Found, step: str) -> None:
    [(grade, text)] = places(found, copied(step), whole_file_system_copied)
    assert (grade, text) == ("info", step.split()[2])


@pytest.mark.parametrize(
    "step",
    [
        "COPY --from=b /app /",
        "COPY --from=b / /rootfs",
        "COPY --from=nginx:1 / /",
        "COPY / /",
        "COPY . /",
        "ARG X\nCOPY --from=b $X /",
    ],
)
def test_a_part_of_a_file_system_is_silent(found: Found, step: str) -> None:
    assert places(found, copied(step), whole_file_system_copied) == []


def test_flattening_the_same_image_is_silent(found: Found) -> None:
    text = copied("COPY --from=b / /", "scratch")
    assert places(found, text, whole_file_system_copied) == []
    text = copied("COPY a /a\nCOPY --from=b / /", "scratch")
    assert places(found, text, whole_file_system_copied) == [("info", "/")]


def test_a_stage_of_files_alone_is_silent(found: Found) -> None:
    text = copied("COPY --from=b / /", build="scratch")
    assert places(found, text, whole_file_system_copied) == []
