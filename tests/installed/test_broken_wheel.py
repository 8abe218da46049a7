"""A wheel that lacks something, or has something else, is noticed by the tests of this folder."""

from __future__ import annotations

import ast
import asyncio
from typing import TYPE_CHECKING

import pytest
from tests.installed.installation import CHECKOUT, copied
from tests.installed.test_commands import outcome
from tests.installed.test_inside import EVERY_FACT, HERE
from tests.installed.test_server import answers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.exhaustive


def _without(name: str) -> Callable[[Path], None]:
    return lambda site: (site / name).unlink()


def _with(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change(site: Path) -> None:
        text = (site / name).read_text("utf-8")
        assert old in text
        (site / name).write_text(text.replace(old, new), "utf-8")

    return change


def _without_docstring(site: Path) -> None:
    rule = site / "tightship/rules/compose/capabilities/privileged_container.py"
    tree = ast.parse(rule.read_text("utf-8"))
    assert ast.get_docstring(tree)
    del tree.body[0]
    rule.write_text(ast.unparse(tree), "utf-8")


@pytest.mark.parametrize(
    ("break_it", "line"),
    [
        (_without("tightship/facts/other_linters.py"), "migrate --compare hadolint.json"),
        (
            _without("tightship_annexes/review/html/templates/style.css"),
            "check --output-format html",
        ),
        (_without("tightship/cli/completion.py"), "completion fish"),
        (_without("tightship/facts/controls/bsi.py"), "controls --output-format json"),
        (_with("tightship/facts/host_paths.py", "docker.sock", "docker.sock2"), "check -v"),
    ],
)
def test_a_command_notices(
    break_it: Callable[[Path], None], line: str, environment: Path, project: Path, tmp_path: Path
) -> None:
    broken = copied(environment, tmp_path / "site")
    folder = tmp_path / "project"
    expected = outcome(CHECKOUT, line, project, folder)
    assert outcome(broken, line, project, folder) == expected
    break_it(tmp_path / "site")
    assert outcome(broken, line, project, folder) != expected


@pytest.mark.parametrize(
    "break_it",
    [
        _without("tightship_annexes/migration/translation.py"),
        _with("tightship/facts/images/p.py", "5432", "5433"),
        _without_docstring,
    ],
)
def test_a_look_at_everything_notices(
    break_it: Callable[[Path], None], environment: Path, project: Path, tmp_path: Path
) -> None:
    broken = copied(environment, tmp_path / "site")
    command = [str(HERE / "everything.py"), *EVERY_FACT]
    expected = CHECKOUT.run([str(CHECKOUT.python), *command], project)
    assert broken.run([str(broken.python), *command], project) == expected
    break_it(tmp_path / "site")
    assert broken.run([str(broken.python), *command], project) != expected


def test_an_editor_notices(environment: Path, project: Path, tmp_path: Path) -> None:
    broken = copied(environment, tmp_path / "site")
    assert asyncio.run(answers(broken, project)) == asyncio.run(answers(CHECKOUT, project))
    (tmp_path / "site/tightship_lsp/features/hover.py").unlink()
    with pytest.raises((OSError, RuntimeError)):  # the server has ended, or did not start
        asyncio.run(answers(broken, project))
