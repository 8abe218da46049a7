"""The rule `workdir-in-system-folder`, beyond its examples.

BuildKit 0.13.1 shows it: `RUN echo hi > file` fails below /proc and /sys, and the file is
gone from /dev; in /etc, /boot, /usr and /run it stays.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.dockerfile.conftest import image

from tightship.rules.dockerfile.correctness.workdir_in_system_folder import workdir_in_system_folder

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("path", "folder"),
    [
        ("/proc", "/proc"),
        ("/sys/app", "/sys"),
        ("/dev/", "/dev"),
        ("/srv/../proc/x", "/proc"),
        ("//dev/x", "/dev"),
    ],
)
def test_a_folder_that_is_mounted(judge: Judge, path: str, folder: str) -> None:
    [one] = judge(image(f"WORKDIR {path}"), [workdir_in_system_folder])
    assert (one.span.text, one.severity.word) == (path, "warning")
    assert one.finding.message == (
        f"each step and the container mount their own `{folder}`, which hides the image's"
        f" content of `{path}`"
    )


@pytest.mark.parametrize(
    "path", ["/", "/etc", "/boot", "/usr/src", "/run", "/devel", "dev", "$X/dev", "."]
)
def test_another_folder(judge: Judge, path: str) -> None:
    assert judge(image(f"WORKDIR {path}"), [workdir_in_system_folder]) == []


def test_the_default_of_an_argument_counts(judge: Judge) -> None:
    steps = image("ARG DIR=/sys\nWORKDIR ${DIR}/app")
    [one] = judge(steps, [workdir_in_system_folder])
    assert one.finding.message.endswith("(default of `ARG DIR`)")


def test_windows_has_no_such_folders(judge: Judge) -> None:
    steps = image("WORKDIR /dev", base="mcr.microsoft.com/windows/nanoserver:ltsc2025")
    assert judge(steps, [workdir_in_system_folder]) == []
