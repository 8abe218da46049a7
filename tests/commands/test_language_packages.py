"""Installations by the package managers of programming languages."""

from __future__ import annotations

import pytest

from tightship.commands.calls import calls
from tightship.commands.packages import Installation
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span


def installation(script: str) -> Installation | None:
    """Return the installation that a script of one command is."""
    source = Source("Dockerfile", script)
    [call] = calls(read(Text.of(Span(source, 0, len(script)))))
    return Installation.of(call)


@pytest.mark.parametrize(
    ("script", "name", "unpinned"),
    [
        ("pip3.12 install a b==1", "pip", ["a"]),
        ("python -m pip install -r x.txt a", "pip", ["a"]),
        ("npm install --prefix /x a @s/b @s/c@1", "npm", ["a", "@s/b"]),
        ("gem install a b:1", "gem", ["a"]),
        ("gem install a -v 1", "gem", []),
        ("go install -tags x e.com/a e.com/b@v1 ./c", "go", ["e.com/a"]),
    ],
)
def test_packages_without_a_version(script: str, name: str, unpinned: list[str]) -> None:
    found = installation(script)
    assert found is not None
    assert found.name == name
    assert [word.value for word in found.unpinned] == unpinned


@pytest.mark.parametrize(
    "script", ["pip", "pip list", "python -m venv x", "npm ci", "gem list", "go build", "apk add a"]
)
def test_other_commands_install_nothing(script: str) -> None:
    assert installation(script) is None
