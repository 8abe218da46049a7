"""Limits of memory: from the image, from its settings, or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.resources.unlimited_resources import unlimited_resources

if TYPE_CHECKING:
    from tests.conftest import Judge


@pytest.mark.parametrize(
    ("service", "limit"),
    [
        # Several times the memory with which the image starts.
        ("image: postgres:17", "512m"),
        ("image: nginx:1.29", "256m"),
        # What is in /dev/shm counts.
        ("image: postgres:17, shm_size: 1g", "2g"),
        ("image: postgres:17, shm_size: '${SHM}'", None),
        # More than the heap that is asked for.
        (
            "image: elasticsearch:8.19.3, environment: {ES_JAVA_OPTS: '-Xms1g -Xmx1g'}",
            "2g",
        ),
        (
            "image: elasticsearch:8.19.3, environment: {ES_JAVA_OPTS: '-Xmx${HEAP}'}",
            None,
        ),
        # It keeps its data in memory: a setting bounds it, or else nothing does.
        ("image: redis:8", None),
        ("image: redis:8, command: redis-server --maxmemory 1gb", "2g"),
        # Nothing is known.
        ("image: example/app:1", None),
        ("image: nginx:1.29, entrypoint: [/start]", None),
    ],
)
def test_a_limit_leaves_room_for_what_is_known(
    judge: Judge, service: str, limit: str | None
) -> None:
    [one] = judge(f"services: {{s: {{{service}}}}}\n", [unlimited_resources])
    fix = one.finding.fix
    assert (fix is None) is (limit is None)
    if fix is not None:
        assert fix.title.startswith(f"Limit the memory to {limit} ")
