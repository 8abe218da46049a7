"""`tightship try` leaves the disk of the engine as it was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.lab.trying import Stage

if TYPE_CHECKING:
    from pathlib import Path

    from tests.lab.engine import Engine


def layers(running: Engine) -> set[str]:
    return {one.name for one in (running.folder / "data" / "overlay2").iterdir()}


def test_no_layer_is_left_in_the_folder_of_the_engine(running: Engine, tmp_path: Path) -> None:
    if not running.own:
        pytest.skip("the folder of the engine is another's")
    with Stage(running, tmp_path) as stage:
        stage.state()
        before = layers(running)
        done = stage.run("--yes", "--output-format", "json")
        assert done.returncode in (0, 1), done.stderr
        assert layers(running) <= before
