"""Configurations given as texts."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING, Protocol

import pytest

from tightship.config.key import ConfigError
from tightship.config.read import read
from tightship.engine.check import check
from tightship.engine.plan.config_files import Configs
from tightship.engine.plan.planning import plan_paths
from tightship.engine.plan.settings_text import Vocabulary
from tightship.engine.settings import CommandLine
from tightship.syntax.toml import is_array, is_table
from tightship.text import Source

if TYPE_CHECKING:
    from pathlib import Path

    from tightship.config.settings import Settings
    from tightship.engine.verdict import Verdict

WORDS = Vocabulary()


def settings(text: str, name: str = "tightship.toml") -> Settings:
    found = read(Source(name, dedent(text)), "/project", WORDS)
    assert found is not None
    return found


def problems(text: str, name: str = "tightship.toml") -> list[str]:
    with pytest.raises(ConfigError) as caught:
        settings(text, name)
    return [str(problem) for problem in caught.value.problems]


def dumped(value: object) -> str:
    """Return a value as TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(char):08x}" for char in value) + '"'
    if is_array(value):
        return f"[{', '.join(map(dumped, value))}]"
    if is_table(value):
        items = (f"{dumped(key)} = {dumped(one)}" for key, one in value.items())
        return f"{{{', '.join(items)}}}"
    assert isinstance(value, int)
    return str(value)


class Tree(Protocol):
    """Write files into a new work tree, and return its folder."""

    def __call__(self, files: dict[str, str]) -> Path: ...


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def write(files: dict[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(dedent(text), encoding="utf-8")
        return tmp_path

    return write


class Run(Protocol):
    """Check a tree, with words of the command line, and return the verdicts."""

    def __call__(
        self,
        files: dict[str, str],
        *paths: str,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
    ) -> list[Verdict]: ...


@pytest.fixture
def run(tree: Tree) -> Run:
    def verdicts(
        files: dict[str, str],
        *paths: str,
        select: tuple[str, ...] = (),
        ignore: tuple[str, ...] = (),
    ) -> list[Verdict]:
        tree(files)
        configs = Configs(CommandLine(select, ignore))
        return list(check(plan_paths(paths or (".",), configs)))

    return verdicts
