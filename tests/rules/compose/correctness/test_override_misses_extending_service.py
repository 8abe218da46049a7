"""The rule `override-misses-extending-service`, beyond its examples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.rules.compose.correctness.conftest import say, two

from tightship.rules.compose.correctness.override_misses_extending_service import (
    override_misses_extending_service as misses,
)

if TYPE_CHECKING:
    from tests.conftest import Judge


def test_hardening_in_a_base_file_misses_extending_services(judge: Judge) -> None:
    files = two(
        "services: {base: {read_only: true}}\n",
        "services: {base: {image: nginx}, web: {extends: base}}\n",
    )
    [found] = judge(files, [misses])
    assert found.span.source.name == "compose.yaml"
    assert "`compose.override.yaml`" in found.finding.message


def test_a_longer_chain_misses_it_too(judge: Judge) -> None:
    files = two(
        """
        services:
          base: {image: nginx, pid: host}
          mid: {extends: base}
          web: {extends: mid}
        """,
        "services: {base: {pid: !reset null}}\n",
    )
    [message] = say(judge, files, misses)
    assert message.startswith("`mid`, `web` extend `base` as it is in `compose.yaml`")


@pytest.mark.parametrize(
    "web",
    [
        "{extends: base, read_only: false}",  # it says so itself
        "{extends: base, read_only: '${READ_ONLY}'}",
        "{image: nginx}",
        "{extends: {file: other.yaml, service: base}}",
    ],
)
def test_settings_that_extends_never_passes_on_are_silent(judge: Judge, web: str) -> None:
    files = two(
        f"services: {{base: {{image: nginx}}, web: {web}}}\n",
        "services: {base: {read_only: true}}\n",
    )
    files["other.yaml"] = "services: {base: {image: nginx}}\n"
    assert say(judge, files, misses) == []
