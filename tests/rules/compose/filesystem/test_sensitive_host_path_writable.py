"""The rule `sensitive-host-path-writable`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import said
from tests.rules.compose.filesystem.conftest import MOUNT_RULES, volumes, with_fixes

from tightship.rules.compose.filesystem.sensitive_host_path_writable import (
    sensitive_host_path_writable,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_read_only_is_written_in_each_syntax(judge: Judge) -> None:
    text = volumes(
        "/etc:/a",
        '"/etc:/b:rw"',
        "'/etc:/c:cached,z'  # kept",
        "{type: bind, source: /etc, target: /d}",
        "type: bind\n        source: /etc\n        target: /e\n        read_only: false",
        "type: bind\n        source: /etc\n        target: /f\n        bind: {}",
    )
    [*found] = [
        one for one in judge(text, MOUNT_RULES) if one.rule.name == "sensitive-host-path-writable"
    ]
    assert with_fixes(text, found) == volumes(
        "/etc:/a:ro",
        '"/etc:/b:ro"',
        "'/etc:/c:cached,z,ro'  # kept",
        "{type: bind, source: /etc, target: /d, read_only: true}",
        "type: bind\n        source: /etc\n        target: /e\n        read_only: true",
        "type: bind\n        source: /etc\n        target: /f\n        bind: {}\n"
        "        read_only: true",
    )


@pytest.mark.parametrize(
    "text",
    [
        "x: &v [/etc:/e]\nservices: {s: {image: x, volumes: *v}}\n",
        "x: &v /etc:/e\nservices: {s: {image: x, volumes: [*v]}}\n",
        "x: &b {volumes: [/etc:/e]}\nservices: {s: {<<: *b, image: x}}\n",
        "services: {s: {image: x, volumes: ['${V:-/etc}:/e']}}\n",
        "services:\n  s: {image: x, volumes_from: [t]}\n"
        "  t: {image: x, volumes: ['/opt/x:/e'], volumes_from: [u]}\n"
        "  u: {image: x, volumes: ['/etc:/f']}\n",
    ],
)
def test_shared_mounts_are_not_edited(judge: Judge, text: str) -> None:
    found = [one for one in judge(text, MOUNT_RULES) if one.subject.name == "s"]
    assert said(found) == [("sensitive-host-path-writable", "error")]
    assert found[0].finding.fix is None


def test_a_mount_that_its_image_writes_to_stays_writable(judge: Judge) -> None:
    text = "services: {{dns: {{image: '{}', volumes: ['/etc/pihole:/etc/pihole']}}}}\n"
    for image, is_offered in (("pihole/pihole:2025.08", False), ("x", True)):
        [one] = judge(text.format(image), [sensitive_host_path_writable])
        assert (one.finding.fix is not None) is is_offered
