"""Docker Compose itself loads the examples about several files, and what their fixes leave."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.rules.compose.correctness.duplicate_item_across_files import (
    duplicate_item_across_files as duplicate,
)
from tightship.rules.compose.correctness.hardening_lost_in_merge import (
    hardening_lost_in_merge as lost_in_merge,
)
from tightship.rules.compose.correctness.hardening_lost_in_override import (
    hardening_lost_in_override as lost_in_override,
)
from tightship.rules.compose.correctness.override_misses_extending_service import (
    override_misses_extending_service as misses,
)
from tightship.rules.compose.correctness.override_removes_nothing import (
    override_removes_nothing as removes_nothing,
)
from tightship.rules.example import Bad, Good, marked

if TYPE_CHECKING:
    from pathlib import Path


def examples() -> list[object]:
    return [
        pytest.param(files, id=f"{rule.name}-{index}-{what}")
        for rule in (duplicate, removes_nothing, lost_in_merge, lost_in_override, misses)
        for index, example in enumerate(rule.examples)
        for what, files in (
            ("written", example.files if isinstance(example, Good) else None),
            ("fixed", example.fixed if isinstance(example, Bad) else None),
        )
        if files is not None
    ]


def configuration(files: str | dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    texts = {"compose.yaml": files} if isinstance(files, str) else files
    for name, text in texts.items():
        (folder / name).write_text(marked(text)[0], encoding="utf-8")
    command = ["docker-compose", "config"]
    return subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "READ_ONLY": "true"},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("docker_compose")
@pytest.mark.parametrize("files", examples())
def test_compose_accepts_good_and_fixed_examples(
    files: str | dict[str, str], tmp_path: Path
) -> None:
    printed = configuration(files, tmp_path)
    assert printed.returncode == 0, printed.stderr


@pytest.mark.usefixtures("docker_compose")
def test_a_fixed_reset_removes_what_the_empty_value_did_not(tmp_path: Path) -> None:
    example = removes_nothing.examples[0]
    assert isinstance(example, Bad)
    assert example.fixed is not None
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    before = configuration(example.files, tmp_path / "a").stdout
    after = configuration(example.fixed, tmp_path / "b").stdout
    assert "SYS_ADMIN" in before
    assert "privileged: true" in before
    assert "SYS_ADMIN" not in after
    assert "privileged" not in after
