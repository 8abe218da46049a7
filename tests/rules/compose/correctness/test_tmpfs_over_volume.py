"""The rule `tmpfs-over-volume`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.conftest import service

from tightship.rules.compose.correctness.tmpfs_over_volume import tmpfs_over_volume

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    "body",
    [
        "tmpfs: /data, volumes: ['vol:/data/sub']",
        "tmpfs: /data/sub, volumes: ['vol:/data']",
        "tmpfs: /data, volumes: ['vol:${WHERE}']",
        "tmpfs: '${WHERE}', volumes: ['vol:/data']",
        # Two of memory are one.
        "tmpfs: [/data, '/data:size=1m']",
        "tmpfs: /data, volumes: [{type: tmpfs, target: /data}]",
    ],
)
def test_other_and_undecided_targets_are_silent(found: Found, body: str) -> None:
    assert found(service(body), tmpfs_over_volume) == []


@pytest.mark.parametrize(
    ("volume", "severity", "said"),
    [
        ("'vol:/data'", "warning", "instead of the volume"),
        ("'/data'", "warning", "instead of the volume"),
        ("{type: volume, source: vol, target: /data}", "warning", "instead of"),
        ("{type: bind, source: ., target: /data}", "warning", "instead of"),
        ("'./x:/data:ro'", "error", "will not start"),
        ("'/srv:/data'", "error", "will not start"),
        ("'vol:/data/'", "warning", "instead of the volume"),
        ("'./x:/data/'", "error", "will not start"),
    ],
)
def test_the_message_describes_the_engine_for_each_kind(
    judge: Judge, volume: str, severity: str, said: str
) -> None:
    (found,) = judge(service(f"tmpfs: /data, volumes: [{volume}]"), [tmpfs_over_volume])
    assert found.severity.word == severity
    assert said in found.finding.message
    assert found.span.text == "/data"
    (related,) = found.finding.because
    assert related.span.text == volume


def test_a_volume_of_the_override_counts(judge: Judge) -> None:
    files = {
        "compose.yaml": service("tmpfs: /data"),
        "compose.override.yaml": "services: {s: {volumes: ['vol:/data']}}\n",
    }
    (found,) = judge(files, [tmpfs_over_volume])
    assert found.span.source.name == "compose.yaml"


@pytest.mark.parametrize("volume", ["'vol:/data'", "'./x:/data'"])
def test_a_tmpfs_in_another_spelling_is_hidden(judge: Judge, volume: str) -> None:
    (found,) = judge(service(f"tmpfs: /data/, volumes: [{volume}]"), [tmpfs_over_volume])
    assert found.severity.word == "warning"
    assert found.finding.message == (
        "service `s` gets the volume at `/data`, which hides this tmpfs"
    )
