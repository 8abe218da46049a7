"""What a fix leaves behind is what Compose takes, if it took what was there before."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from tightship.rules import every_rule
from tightship.rules.example import Bad, marked

if TYPE_CHECKING:
    from pathlib import Path

CASES = [
    pytest.param(example, id=f"{rule.name}-{index}")
    for rule in every_rule()
    if rule.language == "compose"
    for index, example in enumerate(rule.examples)
    if isinstance(example, Bad) and example.fixed is not None
]


def loads(folder: Path, files: str | dict[str, str]) -> bool:
    """Tell whether `docker-compose config` takes files, of which the first is main."""
    folder.mkdir()
    texts = {"compose.yaml": files} if isinstance(files, str) else files
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(marked(text)[0])
    done = subprocess.run(
        ["docker-compose", "-p", "x", "config", "-q"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        timeout=60,
    )
    return done.returncode == 0


@pytest.mark.usefixtures("docker_compose")
@pytest.mark.parametrize("example", CASES)
def test_compose_accepts_fixed_files(example: Bad, tmp_path: Path) -> None:
    assert example.fixed is not None
    if not loads(tmp_path / "before", example.files):
        pytest.skip("Compose refuses the example as it is")
    assert loads(tmp_path / "after", example.fixed)
