"""Tightship as a user has it: the wheel, installed into an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import venv
from importlib.metadata import distribution
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from packaging.requirements import Requirement
from tests.cli.test_own_rules import install as install_rules

from tightship.cli.own_rules import template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).parents[2]
SOURCES = (ROOT / "linter", ROOT / "lsp")
LIMIT = 120.0


class Outcome(NamedTuple):
    """What a command printed, returned and left in the folder."""

    code: int
    output: str
    errors: str
    files: Mapping[str, bytes]


class Installation:
    """A Python with Tightship: that of an environment, or that of the checkout.

    ``path`` lists folders that Python searches for modules before its own.
    """

    def __init__(self, python: Path, path: Sequence[Path] = ()) -> None:
        self.python = python
        self.path = path

    def environment(self, home: Path) -> dict[str, str]:
        """Return variables that are the same for each installation, but for its programs."""
        programs = (str(self.python.parent), "/usr/local/bin", "/usr/bin", "/bin")
        return {
            "PATH": os.pathsep.join(programs),
            "HOME": str(home),
            "PYTHONPATH": os.pathsep.join(map(str, self.path)),
            "LC_ALL": "C.UTF-8",
            "DOCKER_HOST": f"unix://{home}/no-engine.sock",
            "GIT_CONFIG_GLOBAL": os.devnull,
        }

    def module(self, *arguments: str) -> list[str]:
        """Return the command that runs Tightship as a module."""
        return [str(self.python), "-m", "tightship", *arguments]

    def server(self) -> list[str]:
        """Return the command that starts the server, in any environment."""
        path = [*map(str, self.path)]
        start = f"import sys; sys.path[:0] = {path}; from tightship.cli.main import main; main()"
        return [str(self.python), "-c", start, "lsp"]

    def run(self, command: Sequence[str], folder: Path, typed: str = "") -> Outcome:
        """Run a command in a folder, and return what became of it."""
        done = subprocess.run(
            command,
            cwd=folder,
            env=self.environment(folder.parent),
            input=typed.encode(),
            capture_output=True,
            timeout=LIMIT,
            check=False,
        )
        files = {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and ".git" not in path.relative_to(folder).parts
        }
        return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode(), files)


CHECKOUT = Installation(Path(sys.executable), SOURCES)


def build(folder: Path) -> Path:
    """Build the wheel of the checkout, and return it."""
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(folder), "-t", "wheel"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=LIMIT)
    [wheel] = folder.glob("*.whl")
    return wheel


def install(wheel: Path, folder: Path) -> Installation:
    """Install a wheel into a new environment, with what its extras need and nothing else.

    No package index is asked: the packages are those of this environment, by links.
    """
    venv.create(folder, symlinks=True)
    installation = Installation(python_of(folder))
    python, site = installation.python, site_of(folder)
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet"]
    options = ["--no-index", "--no-deps", "--disable-pip-version-check"]
    subprocess.run([*command, *options, str(wheel)], check=True, capture_output=True, timeout=LIMIT)
    packages = Path(sysconfig.get_path("purelib"))
    for name in _needed("tightship[all]"):
        for top in _tops(name):
            (site / top).symlink_to(packages / top)
    (python.parent / "shellcheck").symlink_to(Path(sys.executable).parent / "shellcheck")
    return installation


def python_of(environment: Path) -> Path:
    """Return the Python of an environment."""
    return environment / "bin" / "python"


def site_of(environment: Path) -> Path:
    """Return the folder for packages of an environment."""
    [site] = environment.glob("lib/python*/site-packages")
    return site


def add_own_rules(site: Path) -> None:
    """Install the package that `tightship rule --new corp` writes."""
    written = template("corp").items()
    files = {name[4:]: text for name, text in written if name.startswith("src/")}
    install_rules(site, "corp_tightship_rules", "corp", "corp_tightship_rules:PACKAGE", files)


def _needed(wanted: str) -> set[str]:
    """Return the names of the packages that one needs, with its extras, without itself."""
    known, asked = set[tuple[str, str]](), [Requirement(wanted)]
    names = set[str]()
    while asked:
        one = asked.pop()
        for extra in ("", *one.extras):
            if (one.name, extra) in known:
                continue
            known.add((one.name, extra))
            for text in distribution(one.name).requires or ():
                needs = Requirement(text)
                if needs.marker is None or needs.marker.evaluate({"extra": extra}):
                    asked.append(needs)
                    names.add(needs.name)
    return names - {"tightship"}


def _tops(name: str) -> set[str]:
    """Return the folders and modules of a package in the folder for packages."""
    tops = {file.parts[0] for file in distribution(name).files or ()}
    return tops - {"..", "__pycache__"}


def copied(environment: Path, folder: Path) -> Installation:
    """Return an installation whose modules of Tightship are in a folder, to be changed there."""
    for top in ("tightship", "tightship_annexes", "tightship_lsp"):
        shutil.copytree(site_of(environment) / top, folder / top)
    return Installation(python_of(environment), [folder])
