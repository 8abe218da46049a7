"""The rule `memory-limit-below-heap`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.memory_limit_below_heap import memory_limit_below_heap

if TYPE_CHECKING:
    from tests.conftest import Judge
    from tests.rules.conftest import Found


@pytest.mark.parametrize(
    ("settings", "marked"),
    [
        ("environment: {JAVA_OPTS: '-Xms1g -Xmx2g'}, mem_limit: 1g", "1g"),
        ("environment: ['_JAVA_OPTIONS=-Xmx2048m'], mem_limit: 1g", "1g"),
        ("command: [java, -Xmx2G, -jar, a.jar], mem_limit: 1g", "1g"),
        ("entrypoint: java -Xmx2g -jar a.jar, mem_limit: 1g", "1g"),
        ("command: sh -c 'exec java -Xmx2g -jar a.jar', mem_limit: 1g", "1g"),
        # A heap as large as the limit is nearly as bad, but it starts.
        ("environment: {JAVA_OPTS: -Xmx1g}, mem_limit: 1g", ""),
        ("environment: {JAVA_OPTS: -Xmx2g}", ""),
        ("environment: {JAVA_OPTS: -Xmx2g}, mem_limit: 0", ""),
        ("environment: {JAVA_OPTS: -Xmx2g}, mem_limit: '${LIMIT}'", ""),
        ("environment: {JAVA_OPTS: '${OPTIONS}'}, mem_limit: 1g", ""),
        ("environment: {JAVA_OPTS: -XmxLARGE}, mem_limit: 1g", ""),
        ("environment: {OTHER: -Xmx2g}, mem_limit: 1g", ""),
    ],
)
def test_a_heap_is_compared_with_the_limit(found: Found, settings: str, marked: str) -> None:
    text = f"services: {{s: {{image: x, {settings}}}}}\n"
    severity = [("warning", marked)] if marked else []
    assert found(text, memory_limit_below_heap) == severity


def test_the_message_names_the_setting(judge: Judge) -> None:
    text = "services: {s: {image: x, environment: {JAVA_OPTS: -Xmx2g}, mem_limit: 1g}}\n"
    [one] = judge(text, [memory_limit_below_heap])
    assert one.finding.message == (
        "the memory limit of service `s` is lower than the heap of 2g that `JAVA_OPTS` asks for"
    )
