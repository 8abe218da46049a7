"""Somebody exchanges a folder and a link in a loop: no run reads or writes where the link leads."""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tightship import api
from tightship.cli.main import main
from tightship.config.key import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.attack.conftest import Extent, Figure

_SECRET = "outside-secret"
_INSIDE = """\
services:
  inside:
    image: nginx:1.29
    security_opt: ["seccomp=unconfined"]
    volumes: ["/etc/localtime:/etc/localtime"]
"""
_OUTSIDE = _INSIDE.replace("inside", _SECRET)
_LOOP = """
import ctypes, random, time
call, here = ctypes.CDLL(None).renameat2, -100
while not call(here, b"d", here, b"l", 2):
    time.sleep(random.random() ** 4 / 20)
"""
_WORDS = (
    *("check d", "check .", "check d/compose.yaml", "check -f d/compose.yaml", "check d l"),
    *("check d --fix --all-fixes", "check . --fix --all-fixes", "check d --add-ignores"),
    *("check -f d/compose.yaml --fix --all-fixes", "check d --baseline d/known.json"),
    *("check d --output-format json=d/r.json", "check d --output-format sarif --output-file d/r"),
    *("check d --write-baseline", "check d --write-baseline --baseline d/b.json"),
    *("check d --config d/tightship.toml", "check d --facts d/tightship-facts.toml"),
    *("explain d", "explain d --isolation", "explain -f d/compose.yaml", "map d", "controls d"),
    *("map -f d/compose.yaml", "config d", "diff d kept", "diff d/compose.yaml kept/compose.yaml"),
    *("harden d", "harden d --write", "harden d --to d/new.yaml"),
    *("harden -f d/compose.yaml --to d/new.yaml", "convert d/run.sh"),
)


def _can_exchange() -> bool:
    return hasattr(ctypes.CDLL(None), "renameat2") if os.name == "posix" else False


if not _can_exchange():
    pytest.skip("needs the call renameat2 of Linux", allow_module_level=True)


class Place:
    """A repository with a folder `d` and a link `l` out of it, which are exchanged."""

    def __init__(self, top: Path) -> None:
        self.root, self.outside = top / "p", top / "outside"
        (self.root / ".git").mkdir(parents=True)
        self._fill(self.root / "d", _INSIDE)
        shutil.copytree(self.root / "d", self.root / "kept")
        self._fill(self.outside, _OUTSIDE)
        (self.root / "l").symlink_to("../outside")
        self._folder = os.open(self.root / "d", os.O_RDONLY)
        self._before = self._snapshot()

    @staticmethod
    def _fill(folder: Path, text: str) -> None:
        folder.mkdir()
        (folder / "compose.yaml").write_text(text)
        (folder / "Dockerfile").write_text("FROM alpine:3\n")
        (folder / "tightship.toml").write_text('select = ["default"]\n')
        (folder / "run.sh").write_text("docker run --name inside --privileged nginx:1.29\n")
        if text == _OUTSIDE:
            (folder / "run.sh").write_text(f"docker run --name {_SECRET} nginx:1.29\n")
            (folder / f"{_SECRET}.compose.yaml").write_text(text)
            (folder / "tightship.toml").write_text(f'select = ["{_SECRET}"]\n')
            (folder / "known.json").write_text(f"{_SECRET}\n")
            (folder / "tightship-facts.toml").write_text(f'["{_SECRET}"]\n')

    def _snapshot(self) -> dict[str, tuple[bytes, int]]:
        return {
            one.name: (one.read_bytes(), one.stat().st_mtime_ns) for one in self.outside.iterdir()
        }

    def restore(self) -> None:
        """Give the folder its first text again, wherever it is now."""
        for name in os.listdir(self._folder):
            if name not in ("Dockerfile", "run.sh", "tightship.toml"):
                os.unlink(name, dir_fd=self._folder)
        handle = os.open("compose.yaml", os.O_WRONLY | os.O_CREAT, dir_fd=self._folder)
        os.write(handle, _INSIDE.encode())
        os.close(handle)

    def assert_untouched(self) -> None:
        assert self._snapshot() == self._before


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    made = Place(tmp_path)
    monkeypatch.chdir(made.root)
    exchanger = subprocess.Popen([sys.executable, "-c", _LOOP])
    try:
        time.sleep(0.1)
        if exchanger.poll() is not None:
            pytest.skip("the file system exchanges no names")
        yield made
        assert exchanger.poll() is None
    finally:
        exchanger.kill()
        exchanger.wait()


@pytest.mark.parametrize("words", _WORDS)
def test_no_run_reads_or_writes_behind_the_link(
    words: str, place: Place, extent: Extent, figure: Figure, capfd: pytest.CaptureFixture[str]
) -> None:
    end, codes = time.monotonic() + extent.seconds, list[int]()
    for _ in range(extent.times(650, 12)):
        codes.append(main(words.split()))
        shown = "".join(capfd.readouterr())
        assert codes[-1] in (0, 1, 2) or "cannot write" in shown, shown
        assert _SECRET not in shown
        place.assert_untouched()
        place.restore()
        if time.monotonic() > end:
            break
    figure(f"{words}: {len(codes)} runs, {codes.count(2)} with exit code 2")


@pytest.mark.parametrize("path", ["d", "."])
def test_the_api_reads_nothing_behind_the_link(
    path: str, place: Place, extent: Extent, figure: Figure
) -> None:
    places, runs = set[str](), extent.times(1000, 60)
    for _ in range(runs):
        try:
            result = api.check(path)
        except ConfigError as error:
            pytest.fail(f"{path}: {error.problems}")
        assert _SECRET not in repr(result)
        places |= {one.file for one in result.findings}
    place.assert_untouched()
    figure(f"{path}: {runs} runs, findings in {', '.join(sorted(places))}")
