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
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the environment with the wheel, which all processes of this run share."""
    if os.name == "nt":
        pytest.skip("the environment is made of links and runs programs of Unix")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "installed"
    made = folder / "environment"
    try:
        folder.mkdir()
    except FileExistsError:
        _wait_for(folder / "done")
        return made
    install(build(folder), made)
    (folder / "done").touch()
    return made


@pytest.fixture(scope="session")
def installed(environment: Path) -> Installation:
    """Return the installed wheel."""
    return Installation(python_of(environment))


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
