"""The rule `tmpfs-without-exec`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.tmpfs_without_exec import tmpfs_without_exec
from tightship.rules.compose.filesystem.tmpfs_weakened import tmpfs_weakened

if TYPE_CHECKING:
    from tests.rules.conftest import Found

IMAGE = "lscr.io/linuxserver/sonarr:4.0.15"


@pytest.mark.parametrize(
    ("tmpfs", "marked"),
    [
        ("[/run]", "/run"),
        ("/run", "/run"),
        ("['/run:size=64m,noexec']", "'/run:size=64m,noexec'"),
        ("['/run:exec']", ""),
        ("['/run:noexec,exec']", ""),
        ("['/run:exec,noexec']", "'/run:exec,noexec'"),
        ("['/run:${OPTIONS}']", ""),
        ("[/tmp]", ""),
    ],
)
def test_the_last_option_counts(found: Found, tmpfs: str, marked: str) -> None:
    text = f"services: {{s: {{image: '{IMAGE}', tmpfs: {tmpfs}}}}}\n"
    severity = [("warning", marked)] if marked else []
    assert found(text, tmpfs_without_exec) == severity


def test_options_needed_by_the_image_are_no_weakness(found: Found) -> None:
    text = f"services: {{s: {{image: '{IMAGE}', tmpfs: ['/run:exec', '/tmp:exec']}}}}\n"
    assert found(text, tmpfs_weakened) == [("info", "'/tmp:exec'")]
