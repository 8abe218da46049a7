"""The site, built once for all its tests, and served below a path as a code host does."""

from __future__ import annotations

import functools
import http.server
import os
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from tests.report.chromium import PROGRAM, Browser

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CONFIGURATION = ROOT / "linter" / "site" / "mkdocs.yml"
_PATH = "/some-project/"
_BUILD = """\
import pathlib, sys, tightship
tightship.REPOSITORY = sys.argv.pop(1)
sys.path.insert(0, "linter/site")
import pages
pages.PLAYGROUND = pathlib.Path(sys.argv.pop(1))
from mkdocs.__main__ import cli
cli()
"""


class BuiltSite:
    """The folder of a built site, and what the build printed."""

    def __init__(self, folder: Path, printed: str) -> None:
        self.folder = folder
        self.printed = printed

    @property
    def pages(self) -> list[Path]:
        """Return the pages that are made of Markdown, and the rest of the HTML."""
        return sorted(self.folder.rglob("*.html"))


def build(folder: Path, repository: str = "", playground: Path = ROOT) -> BuiltSite:
    """Build the site of a project that is published at an address, or nowhere yet.

    Without the folder of a built playground, the site has none.
    """
    if find_spec("mkdocs") is None or find_spec("material") is None:
        pytest.skip("Material for MkDocs is not installed: the extra `site` brings it")
    options: list[str | Path] = [
        "build",
        "--strict",
        "--config-file",
        CONFIGURATION,
        "--site-dir",
        folder,
    ]
    done = subprocess.run(
        [sys.executable, "-c", _BUILD, repository, playground, *options],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout
    return BuiltSite(folder, done.stdout)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """Return the site as it is, built by the first process of a run that asks for it."""
    place = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        place = place.parent
    folder, log, claimed = place / "site", place / "site.log", place / "site.claimed"
    try:
        claimed.mkdir()
    except FileExistsError:
        end = time.monotonic() + 300
        while not log.exists():
            assert time.monotonic() < end, "the other process has not built the site"
            time.sleep(0.1)
        printed = log.read_text("utf-8")
        assert (folder / "index.html").exists(), printed
        return BuiltSite(folder, printed)
    printed = "the build failed in another test"
    try:
        printed = build(folder).printed
    finally:
        whole = log.with_suffix(".part")
        whole.write_text(printed, "utf-8")
        whole.replace(log)
    return BuiltSite(folder, printed)


class _BelowAPath(http.server.SimpleHTTPRequestHandler):
    def translate_path(self, path: str) -> str:
        """Return the file for a path below that of the site; there is nothing else."""
        if not path.startswith(_PATH):
            return os.devnull
        return super().translate_path(path.removeprefix(_PATH))

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing."""


@pytest.fixture(scope="session")
def address(site: BuiltSite) -> Iterator[str]:
    """Return where the site is served: below a path, and from the loopback alone."""
    handler = functools.partial(_BelowAPath, directory=str(site.folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}{_PATH}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if PROGRAM is None:
        pytest.skip("there is no Chromium")
    with Browser() as one:
        one.emulate("light", 1400)
        yield one
