"""The rule `tmpfs-weakened`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said
from tests.rules.compose.filesystem.conftest import MOUNT_RULES, with_fixes

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("tmpfs", "left"),
    [
        ("/tmp:exec", "/tmp"),
        ("[/a, '/b:exec,size=1m', /c]", "[/a, '/b:size=1m', /c]"),
        ("['/b:noexec,exec,suid,nosuid']", "['/b:noexec,suid,nosuid']"),
        ("[/a:dev]", "[/a]"),
    ],
)
def test_a_tmpfs_loses_its_weakening_options_only(judge: Judge, tmpfs: str, left: str) -> None:
    text = f"services: {{s: {{image: x, tmpfs: {tmpfs}}}}}\n"
    found = judge(text, MOUNT_RULES)
    assert said(found) == [("tmpfs-weakened", "info")]
    assert with_fixes(text, found) == text.replace(tmpfs, left)


@pytest.mark.parametrize(
    "tmpfs", ["/exec", "/tmp:noexec", "['/tmp:exec,noexec']", "'${TMP}'", "/a:size=1"]
)
def test_a_default_tmpfs_is_silent(judge: Judge, tmpfs: str) -> None:
    text = f"services: {{s: {{image: x, tmpfs: {tmpfs}}}}}\n"
    assert said(judge(text, MOUNT_RULES)) == []


def test_a_tmpfs_that_an_anchor_brings_is_not_edited(judge: Judge) -> None:
    text = "x: &b {tmpfs: '/t:exec'}\nservices: {s: {<<: *b, image: x}}\n"
    [one] = judge(text, MOUNT_RULES)
    assert one.finding.fix is None
