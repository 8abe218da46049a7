"""The fixtures of reports, of the command line and of trees, which these tests share."""

from __future__ import annotations

import pytest
from tests.cli import conftest as cli
from tests.report.conftest import Make

command, in_folder, process = cli.command, cli.in_folder, cli.process


@pytest.fixture(scope="session")
def make() -> Make:
    return Make()
