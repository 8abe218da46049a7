"""The wheel is built once for a run, and installed once."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest
from tests.installed.inputs import write_project
from tests.installed.installation import Installation, build, install, python_of

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 180.0


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """Return the installation that all processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installed"
    environment = folder / "environment"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(folder / "done")
        return Installation(python_of(environment))
    installation = install(build(folder), environment)
    (folder / "done").touch()
    return installation


def _wait_for(done: Path) -> None:
    end = time.monotonic() + PATIENCE
    while not done.exists():
        assert time.monotonic() < end, "the process that installs the wheel has not ended"
        time.sleep(0.1)


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository with each kind of input."""
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    return folder
