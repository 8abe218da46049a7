"""The scripts for shells, and each shell that is here, with its own line editor."""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tightship.annexes import COMMANDS
from tightship.cli.completion import SHELLS, every_command, script
from tightship.cli.main import _COMMANDS, _HELP
from tightship.rules import every_rule

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

BASH, ZSH, FISH = map(shutil.which, ("bash", "zsh", "fish"))


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_knows_every_command_option_rule_and_theme(command: Command, shell: str) -> None:
    assert command("completion", shell) == 0
    assert command.out == script(shell)
    words = {*re.findall(r"[\w./-]+", command.out)}
    for one in every_command():
        assert one.name in words
        for option in one.options:
            for form in option.forms:
                assert {form, form.lstrip("-")} & words, form
    for rule in every_rule():
        assert {rule.name, rule.theme} <= words


def test_the_commands_are_those_of_the_help() -> None:
    names = [one.name for one in every_command()]
    assert names == sorted((*_COMMANDS, *COMMANDS))
    for name in names:
        assert re.search(rf"^  {name} ", _HELP, re.MULTILINE)


def test_option_names_decide_the_completed_values() -> None:
    found = {
        (one.name, option.forms[-1]): option.value.kind
        for one in every_command()
        for option in one.options
    }
    assert found["check", "--fix"] == "nothing"
    assert found["check", "--severity"] == "words"
    assert found["check", "--fix-only"] == "words"
    assert found["check", "--output-format"] == "choices"
    assert found["check", "--env-file"] == "files"
    assert found["check", "--exclude"] == "files"
    assert found["check", "--reason"] == "text"
    assert found["explain", "--project-directory"] == "files"
    assert ("lsp", "--stdio") not in found  # hidden from people
    operands = {one.name: one.operands.kind for one in every_command()}
    assert operands == {
        "check": "files",
        "completion": "choices",
        "config": "files",
        "controls": "files",
        "convert": "files",
        "diff": "files",
        "explain": "files",
        "harden": "files",
        "image": "images",
        "init": "nothing",
        "lsp": "nothing",
        "map": "files",
        "migrate": "nothing",
        "policy": "files",
        "rule": "words",
        "try": "files",
    }


@pytest.mark.parametrize("arguments", [("completion",), ("completion", "csh")])
def test_an_unknown_shell_exits_with_2(command: Command, arguments: tuple[str, ...]) -> None:
    assert command(*arguments) == 2
    assert command.out == ""
    assert command.err.startswith("usage: tightship completion SHELL")


CASES = [
    ("tightship har", "harden"),
    ("tightship check --all", "--all-fixes"),
    ("tightship check --fail-on err", "error"),
    ("tightship check -v --fail-on err", "error"),
    ("tightship check --color alw", "always"),
    ("tightship check --select privileged-con", "privileged-container"),
    ("tightship check --select root-user,privileged-con", "privileged-container"),
    ("tightship check --output-format checks", "checkstyle"),
    ("tightship check --config tightsh", "tightship.toml"),
    ("tightship check web/Docker", "web/Dockerfile"),
    ("tightship harden web/Docker", "web/Dockerfile"),
    ("tightship rule mandatory", "mandatory_access"),
    ("tightship image postgr", "postgres"),
    ("tightship completion fi", "fish"),
    ("tightship config --isol", "--isolated"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with files, and the script of each shell beside them."""
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "Dockerfile").touch()
    (tmp_path / "tightship.toml").touch()
    for shell in SHELLS:
        (tmp_path / f"script.{shell}").write_text(script(shell), encoding="utf-8")
    return tmp_path


class Terminal:
    """A shell that runs in a terminal, and what it shows."""

    def __init__(self, folder: Path, *argv: str) -> None:
        import pty

        self._ours, theirs = pty.openpty()
        self._shell = subprocess.Popen(
            argv,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=folder,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(folder),
                "TERM": "dumb",
                "PS1": "> ",
                "LC_ALL": "C.UTF-8",
            },
            start_new_session=True,
        )
        os.close(theirs)
        self._shown = ""

    def type(self, text: str) -> None:
        os.write(self._ours, text.encode())

    def completed(self, line: str) -> str:
        """Return a line as the shell completes it."""
        self._shown = ""
        self.type(f"{line}\t")
        # What is there becomes the argument of a command that shows it.
        self.type("\x01echo 'RESULT:'\x05 :END\r")
        return self.wait_for(r"\nRESULT:(.*?):END")

    def wait_for(self, pattern: str) -> str:
        end = time.monotonic() + 30
        while not (match := re.search(pattern, self._shown, re.DOTALL)):
            assert time.monotonic() < end, self._shown
            if select.select([self._ours], [], [], 1)[0]:
                self._shown += os.read(self._ours, 10_000).decode(errors="replace")
        return match[1].strip()

    def close(self) -> None:
        self._shell.kill()
        self._shell.wait()
        os.close(self._ours)


@pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="needs bash")
def test_bash_completes(folder: Path) -> None:
    terminal = Terminal(folder, "bash", "--norc", "--noprofile", "-i")
    try:
        terminal.type("source script.bash; echo 'READY'':'\r")
        terminal.wait_for(r"\n(READY):")
        for line, word in CASES:
            assert terminal.completed(line).split()[-1].split(",")[-1] == word
    finally:
        terminal.close()


@pytest.mark.skipif(BASH is None or sys.platform == "win32", reason="needs bash")
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["tightship", "check", "--fail-on", "=", "wa"], ["warning"]),
        (["tightship", "check", "--fail-on", "="], ["error", "warning", "info", "never"]),
        (["tightship", "check", "--select", "users,network,name"], ["users,network,namespaces"]),
        (["tightship", "explain", "we"], ["web"]),
        (["tightship", "init", "we"], [""]),
        (["tightship", "no-command", "--"], [""]),
    ],
)
def test_bash_gets_these_candidates(folder: Path, words: list[str], expected: list[str]) -> None:
    quoted = " ".join(f"'{word}'" for word in words)
    run = (
        f"source script.bash; COMP_WORDS=({quoted}); COMP_CWORD={len(words) - 1};"
        " _tightship; printf '%s\\n' \"${COMPREPLY[@]}\""
    )
    done = subprocess.run(
        ["bash", "--norc", "-c", run],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        timeout=30,
    )
    assert done.stdout.splitlines() == expected
    assert done.stderr == ""


@pytest.mark.skipif(ZSH is None, reason="needs zsh")
@pytest.mark.parametrize("way", ["source script.zsh", "autoloaded"])
def test_zsh_completes(folder: Path, way: str) -> None:
    (folder / "functions").mkdir()
    if way == "autoloaded":
        (folder / "script.zsh").rename(folder / "functions" / "_tightship")
        way = ":"
    terminal = Terminal(folder, "zsh", "-f", "-i")
    try:
        terminal.type(
            "fpath=($PWD/functions $fpath); autoload -Uz compinit; compinit -u -D;"
            f" bindkey -e; {way}; echo 'READY'':'\r"
        )
        terminal.wait_for(r"\n(READY):")
        for line, word in CASES:
            assert terminal.completed(line).split()[-1].split(",")[-1] == word
    finally:
        terminal.close()


@pytest.mark.skipif(FISH is None, reason="needs fish")
def test_fish_completes(folder: Path) -> None:
    lines = "\n".join(f"echo '> '; complete -C '{line}'" for line, _ in CASES)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source script.fish\n{lines}"],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stderr == ""
    _, *shown = done.stdout.split("> \n")
    for (line, word), candidates in zip(CASES, shown, strict=True):
        words = [one.partition("\t")[0].split(",")[-1] for one in candidates.splitlines()]
        assert words == [word], line
