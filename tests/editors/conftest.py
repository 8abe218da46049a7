"""What tests of real editors share. They run only when `make test-editors` asks."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
NAMES = HERE / "names"
DOCUMENTATION = HERE.parents[1] / "linter" / "docs" / "editors.md"
# The longest that an editor may take; it waits for the server less long than that.
PATIENCE = 120


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--editors", action="store_true", help="drive real editors")


WITH_INFOS = {
    "{ ignore = {} }": "{ infos = true }",  # Neovim
    "{ ignore = [] }": "{ infos = true }",  # Helix
    "(:ignore [])": "(:infos t)",  # Emacs
    "{'ignore': []}": "{'infos': v:true}",  # Vim
}
"""The settings in the documentation, and those that show infos."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--editors", default=False):
        return
    skip = pytest.mark.skip(reason="real editors are driven by `make test-editors`")
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(skip)


class Expected:
    """What any editor has to show of the project, and make of it."""

    compose = (
        "default-capabilities-kept",
        "default-capabilities-kept",
        "docker-socket-mounted",
        "privilege-escalation-allowed",
        "privilege-escalation-allowed",
        "timezone-mount-writable",
        "unlimited-resources",
        "unlimited-resources",
        "writable-root-filesystem",
        "writable-root-filesystem",
    )
    dockerfile = ("add-instead-of-copy", "inconsistent-casing")
    # Above `web` and `db`, and then with the mount fixed.
    lenses = (
        "grade D · 4 findings · 4 mechanisms are weak",
        "grade F · 6 findings · 6 mechanisms are weak",
    )
    lenses_fixed = (lenses[0], "grade F · 5 findings · 5 mechanisms are weak")

    def fixed(self, name: str) -> str:
        """Return a file after the quick fix of its mount, or all that is safe."""
        return (HERE / "fixed" / name).read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def expected() -> Expected:
    return Expected()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project that an editor may change."""
    folder = tmp_path.resolve() / "shop"
    shutil.copytree(HERE / "project", folder)
    return folder


@pytest.fixture
def names(tmp_path: Path) -> Path:
    """Return a project whose names are in several files."""
    folder = tmp_path.resolve() / "shop"
    shutil.copytree(NAMES, folder)
    return folder


def renamed(name: str) -> str:
    """Return a file of that project, with a service completed, and then one renamed."""
    text = (NAMES / name).read_text(encoding="utf-8")
    text = text.replace("- db\n", "- store\n").replace("  db:\n", "  store:\n")
    is_main = name == "compose.yaml"
    return text.replace("- store\n", "- store\n      - cache\n") if is_main else text


@pytest.fixture(scope="session")
def tightship() -> Path:
    """Return the Tightship of this checkout."""
    return Path(sys.executable).with_name("tightship")


class Program(Protocol):
    """Return the path of a program, or skip the test that needs it."""

    def __call__(self, name: str) -> str: ...


@pytest.fixture(scope="session")
def program() -> Program:
    def found(name: str) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        return path

    return found


class Documented(Protocol):
    """Return a file with the configuration that the documentation gives an editor."""

    def __call__(self, editor: str) -> Path: ...


@pytest.fixture
def documented(tmp_path: Path) -> Documented:
    text = DOCUMENTATION.read_text(encoding="utf-8")

    def written(editor: str) -> Path:
        block = re.search(rf"<!-- tried: {editor} -->\n```\w+\n(.*?)```\n", text, re.DOTALL)
        assert block, f"nothing is marked as tried in {editor}"
        file = tmp_path / editor
        # Two findings of the project are infos, which an editor shows on request.
        text_with_infos = block[1]
        for setting, infos in WITH_INFOS.items():
            text_with_infos = text_with_infos.replace(setting, infos)
        file.write_text(text_with_infos, encoding="utf-8")
        return file

    return written


class SeenBy(Protocol):
    """Run an editor that has Tightship on PATH, and return what it saw.

    That is the JSON on the last line it prints.
    """

    def __call__(self, command: Sequence[str | Path]) -> dict[str, Any]: ...


@pytest.fixture(scope="session")
def seen_by(tightship: Path) -> SeenBy:
    path = f"{tightship.parent}{os.pathsep}{os.environ['PATH']}"

    def run(command: Sequence[str | Path]) -> dict[str, Any]:
        done = subprocess.run(
            command,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        seen: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return seen

    return run


# Holds a lock for as long as the server lives, however it ends, and counts the servers.
SERVER = """\
#!{python}
import fcntl, os, sys
held = os.open({record!r}, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
fcntl.flock(held, fcntl.LOCK_SH)
os.write(held, b"started\\n")
os.set_inheritable(held, True)
os.execv({tightship!r}, ["tightship", *sys.argv[1:]])
"""


class Watched:
    """Tightship for editors that do not tell how they treat their servers."""

    def __init__(self, tightship: Path, folder: Path) -> None:
        self._record = folder / "servers"
        self._folder = folder / "bin"
        self._folder.mkdir()
        self.command = self._folder / "tightship"
        self.command.write_text(
            SERVER.format(
                python=sys.executable, record=str(self._record), tightship=str(tightship)
            ),
            encoding="utf-8",
        )
        self.command.chmod(0o755)

    def environment(self, home: Path) -> dict[str, str]:
        """Return the environment of an editor: this Tightship, and nobody's settings."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("XDG_", "TMUX", "VIM"))
        }
        return {
            **kept,
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": f"{self._folder}{os.pathsep}{os.environ['PATH']}",
        }

    def started(self) -> int:
        """Return how many servers there have been."""
        if not self._record.exists():
            return 0
        return len(self._record.read_bytes().splitlines())

    def ended(self) -> bool:
        """Tell whether none of them lives any more."""
        with self._record.open("rb") as record:
            try:
                fcntl.flock(record, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
        return True


@pytest.fixture
def watched(tightship: Path, tmp_path: Path) -> Watched:
    return Watched(tightship, tmp_path)


class Untouched(Protocol):
    """Tell whether the files of a folder are what they were."""

    def __call__(self) -> bool: ...


@pytest.fixture
def untouched(project: Path) -> Untouched:
    before = {path: path.read_bytes() for path in project.iterdir()}
    return lambda: before == {path: path.read_bytes() for path in project.iterdir()}
