"""Commands of the package managers of Linux distributions."""

from __future__ import annotations

import pytest

from tightship.commands.calls import calls
from tightship.commands.packages import PackageCommand
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.text import Source, Span


def command(script: str) -> PackageCommand | None:
    """Return the package command that a script of one command is."""
    source = Source("Dockerfile", script)
    [call] = calls(read(Text.of(Span(source, 0, len(script)))))
    return PackageCommand.of(call)


@pytest.mark.parametrize(
    ("script", "family", "action", "operands"),
    [
        ("apt-get install -y a b", "apt", "install", ["a", "b"]),
        ("apt-get -o A=b -t x install a", "apt", "install", ["a"]),
        ("sudo apt update", "apt", "refresh", []),
        ("aptitude full-upgrade", "apt", "upgrade", []),
        ("apk add -t .x --no-cache a", "apk", "install", ["a"]),
        ("apk del a", "apk", "remove", ["a"]),
        ("yum update", "yum", "upgrade", []),
        ("dnf --setopt a=b clean all", "yum", "clean", ["all"]),
        ("microdnf makecache", "yum", "refresh", []),
        ("zypper -n --repo x in a", "zypper", "install", ["a"]),
        ("zypper cc", "zypper", "clean", []),
    ],
)
def test_the_action_of_a_command(
    script: str, family: str, action: str, operands: list[str]
) -> None:
    found = command(script)
    assert found is not None
    assert (found.family, found.action) == (family, action)
    assert [word.value for word in found.operands] == operands


@pytest.mark.parametrize(
    "script", ["apt-get", "apt-get $VERB a", "apt-cache show a", "apk info", "pip install a"]
)
def test_other_commands_install_nothing(script: str) -> None:
    assert command(script) is None


@pytest.mark.parametrize("flag", ["--dry-run", "--download-only", "--assumeno", "-h"])
def test_a_command_that_changes_nothing(flag: str) -> None:
    shown, done = command(f"dnf install {flag} a"), command("dnf install -y a")
    assert shown is not None
    assert shown.only_shows
    assert done is not None
    assert not done.only_shows
