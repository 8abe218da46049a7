"""Without an annexe, what it brings says which part is missing; all else is as before."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from tests.installed.cases import LINES
from tests.installed.installation import CHECKOUT, Installation, copied
from tests.installed.test_commands import outcome

from tightship.annexes import COMMANDS, FORMATS

if TYPE_CHECKING:
    from pathlib import Path

BROUGHT = {**COMMANDS, **{f"check --output-format {name}": FORMATS[name] for name in FORMATS}} | {
    "controls --output-format html": FORMATS["html"]
}
# One line for each command of the core; `completion` names the commands that are there.
OF_THE_CORE = {
    line.split()[0]: line
    for group in LINES.values()
    for line in group
    if line.split()[0] not in (*COMMANDS, "completion") and line not in BROUGHT
}


def annexe_of(module: str) -> str:
    return module.partition(".")[0]


@pytest.fixture(params=sorted({annexe_of(one) for one in BROUGHT.values()}))
def annexe(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def without(annexe: str, environment: Path, tmp_path: Path) -> Installation:
    """Return an installation without an annexe."""
    installation = copied(environment, tmp_path / "site")
    shutil.rmtree(tmp_path / "site" / "tightship_annexes" / annexe)
    return installation


def test_what_it_brings_names_it(
    annexe: str, without: Installation, project: Path, tmp_path: Path
) -> None:
    for line, module in BROUGHT.items():
        if annexe_of(module) == annexe:
            refused = outcome(without, line, project, tmp_path / "project")
            assert refused.code == 2, line
            assert f"needs the part `{annexe}`" in refused.errors
            assert "Traceback" not in refused.errors


def test_the_core_is_the_same(without: Installation, project: Path, tmp_path: Path) -> None:
    folder = tmp_path / "project"
    for line in OF_THE_CORE.values():
        assert outcome(without, line, project, folder) == outcome(CHECKOUT, line, project, folder)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_offers_what_is_there(
    shell: str, without: Installation, project: Path, tmp_path: Path
) -> None:
    line, folder = f"completion {shell}", tmp_path / "project"
    whole = outcome(CHECKOUT, line, project, folder)
    part = outcome(without, line, project, folder)
    assert part.code == 0, part.errors
    assert len(part.output) < len(whole.output)
