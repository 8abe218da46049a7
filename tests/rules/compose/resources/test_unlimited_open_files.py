"""The rule `unlimited-open-files`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.rules.compose.conftest import service

from tightship.rules.compose.resources.unlimited_open_files import unlimited_open_files

if TYPE_CHECKING:
    from tests.rules.conftest import Found


def test_a_soft_limit_alone_does_not_bind(found: Found) -> None:
    text = service("ulimits: {nofile: {soft: 99, hard: -1}}")
    assert found(text, unlimited_open_files) == [("info", "-1")]
    assert found(text.replace("-1", "999"), unlimited_open_files) == []
