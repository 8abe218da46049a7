"""The outputs of commands on pages: what the commands print.

A page is read from its top, in a work tree of its own. A block after
``<!-- file: NAME -->`` is written there unchanged. In a block of ``console``, each
command that begins with ``tightship`` or ``git`` is run by a shell. If the page shows
an output, it is the command's; the exit code is 0 or 1, or the one that
``# exits with N`` names. A block after ``<!-- output of …`` is made elsewhere.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from tests.generate.command import environment
from tests.generate.pages import DOCS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGES = sorted(DOCS.glob("*.md"))
BASH = shutil.which("bash")

_COMPOSE = """\
services:
  web:
    image: nginx:1.29
    ports: ["8080:80"]
  app:
    build: .
"""
_SCRIPT = """\
#!/bin/sh
docker run --detach --name web --publish 8080:80 \\
  --volume /var/run/docker.sock:/var/run/docker.sock \\
  nginx:1.29
"""
FILES = {
    "compose.yaml": _COMPOSE,
    "compose.prod.yaml": "services: {web: {restart: always}}\n",
    "Dockerfile": "FROM alpine:3.22\nUSER 1000\n",
    "start.sh": _SCRIPT,
}
"""What is there at first, unless a page has ``<!-- folder: empty -->``."""


def products() -> dict[str, Callable[[], dict[Path, str]]]:
    """Return what makes each page that shows commands, by the name of the page."""
    if BASH is None:
        return {}
    return {
        page.name: partial(_page, page) for page in PAGES if "```console" in page.read_text("utf-8")
    }


def _page(page: Path) -> dict[Path, str]:
    text = page.read_text("utf-8")
    files = {} if "<!-- folder: empty -->" in text else FILES
    with TemporaryDirectory() as name:
        folder = Folder(Path(name) / "project", files)
        return {page: "".join(_pieces(folder, text))}


def _pieces(folder: Folder, text: str) -> Iterator[str]:
    end = 0
    for name, language, body, start, stop in _blocks(text):
        if name:
            folder.write(name, body)
        if language == "console":
            yield text[end:start]
            yield from executed(folder, body)
            end = stop
    yield text[end:]


class Folder:
    """A work tree in which the commands of a page are run."""

    def __init__(self, path: Path, files: dict[str, str]) -> None:
        """Make the folder, with files in the first commit."""
        self.path = path
        self.environment = environment(path.parent) | {"GIT_CONFIG_NOSYSTEM": "1"}
        for who in ("AUTHOR", "COMMITTER"):
            for what in ("NAME", "EMAIL"):
                self.environment[f"GIT_{who}_{what}"] = "someone@example.org"
        path.mkdir()
        for name, text in files.items():
            self.write(name, text)
        if shutil.which("git") is not None:
            self.run("git init -q -b main && git add -A && git commit -q --allow-empty -m start")

    def write(self, name: str, text: str) -> None:
        """Write a file."""
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, command: str) -> tuple[int, str]:
        """Return the exit code of a command and all that it prints."""
        assert BASH is not None
        done = subprocess.run(
            [BASH, "-c", command],
            cwd=self.path,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=120,
            check=False,
        )
        return done.returncode, done.stdout


def _blocks(text: str) -> Iterator[tuple[str, str, str, int, int]]:
    """Yield name of the file, language, and body of each block, and where that is."""
    pattern = r"(?:^<!-- (?:file: (\S+)|(output) of.*) -->\n)?^```(\w*)\n(.*?)^```$"
    for found in re.finditer(pattern, text, re.MULTILINE | re.DOTALL):
        language = "" if found[2] else found[3]
        yield found[1] or "", language, found[4], found.start(4), found.end(4)


def _commands(body: str) -> Iterator[tuple[str, str]]:
    """Yield each command of a block, and the output that the page shows."""
    command, shown = "", list[str]()
    for line in body.splitlines(keepends=True):
        if line.startswith("$ "):
            if command:
                yield command, "".join(shown)
            command, shown = line, []
        else:
            shown.append(line)
    if command:
        yield command, "".join(shown)


def executed(folder: Folder, body: str) -> Iterator[str]:
    """Run the commands of a block; yield the block with their outputs."""
    for command, shown in _commands(body):
        line, _, comment = command.removeprefix("$ ").strip().partition("  #")
        if not line.startswith(("tightship ", "git ")):
            yield command + shown
            continue
        code, printed = folder.run(line)
        wanted = re.search(r"exits with (\d)", comment)
        codes = (int(wanted[1]),) if wanted else (0, 1)
        assert code in codes, f"{line}: {printed}"
        yield command + (printed if shown.strip() else shown)
