"""The modules, facts, pages and the API of the wheel are those of the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.installed.inputs import COMPOSE, DOCKERFILE
from tests.installed.installation import CHECKOUT, ROOT

if TYPE_CHECKING:
    from tests.installed.installation import Installation

HERE = Path(__file__).parent
FACTS = ROOT / "linter/tightship/facts"
EVERY_FACT = [
    path.relative_to(FACTS).with_suffix("").as_posix() for path in sorted(FACTS.rglob("*.toml"))
]


@pytest.mark.parametrize(
    ("script", "wanted"),
    [("everything.py", EVERY_FACT), ("api.py", [".", COMPOSE, DOCKERFILE])],
    ids=["everything", "api"],
)
def test_it_has_what_the_checkout_has(
    script: str, wanted: list[str], installed: Installation, project: Path
) -> None:
    command = [str(HERE / script), *wanted]
    expected = CHECKOUT.run([str(CHECKOUT.python), *command], project)
    assert expected.code == 0, expected.errors
    assert len(expected.output.splitlines()) > len(wanted)
    assert installed.run([str(installed.python), *command], project) == expected
