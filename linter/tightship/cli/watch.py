"""Runs a check again whenever a file changes that it depends on.

Files are polled, which works on every file system and needs no library. A poll that takes
long is followed by a longer pause, so that an idle watch takes a twentieth of one core at
most.
"""

from __future__ import annotations

import os
import sys
from time import monotonic, sleep, strftime

from tightship.cli.console import obeys_escapes
from tightship.engine.disk.root import real_path
from tightship.engine.plan.candidates import language_of
from tightship.engine.plan.walk import is_skipped
from tightship.report.wording import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.engine.verdict import Verdict

    # Time of the last change, size, and number of the file, by path.
    State = dict[str, tuple[int, int, int]]

PAUSE = 0.5  # seconds between polls, at least
_SETTLING = 0.1  # seconds without a change, before a run starts
_MOST_SETTLING = 10  # pauses for a file that never stops changing
_SHARE = 20  # A pause takes that many times as long as a poll.
_CLEAR = "\x1b[2J\x1b[H"
_SUFFIXES = (".yml", ".yaml", ".env", ".dockerignore")
_NAMES = (".env", ".gitignore", "tightship.toml", ".tightship.toml", "pyproject.toml")


def watch(paths: Sequence[str], check: Callable[[Callable[[Verdict], None]], object]) -> None:
    """Check now, and again after each change, until the user interrupts.

    Args:
        paths: the files and folders that are checked.
        check: runs a check, and calls its argument with each verdict.

    """
    watched = Watched(paths)
    while True:
        before = watched.state()
        if obeys_escapes(sys.stdout):
            sys.stdout.write(_CLEAR)
        _tell(f"Checking at {strftime('%H:%M:%S')} ...")
        watched.forget()
        check(watched.read)
        state = before | watched.state_of_read(before)
        _tell(f"Watching {counted(len(state), 'file')}; press Ctrl-C to stop.")
        watched.wait(state)


class Watched:
    """The files that a check depends on: those that it has read, and those it may find."""

    def __init__(self, paths: Sequence[str]) -> None:
        self._paths = paths
        self._read = set[str]()

    def forget(self) -> None:
        """Forget which files the last check has read."""
        self._read.clear()

    def read(self, verdict: Verdict) -> None:
        """Add the files of a verdict, wherever they are and whatever they are called."""
        names = (*(source.name for source in verdict.sources), *verdict.variables)
        self._read.update(os.path.join(verdict.root, name) for name in names)

    def state(self) -> State:
        """Return the state of all files as of now; a file that is missing has none."""
        state: State = {}
        for path in (*self._found(), *self._read):
            if path not in state:
                _look(path, state)
        return state

    def state_of_read(self, known: State) -> State:
        """Return the state of the files that were read and are not known yet."""
        state: State = {}
        for path in self._read - known.keys():
            _look(path, state)
        return state

    def wait(self, state: State) -> None:
        """Return when the state is no longer this one, and has settled."""
        while True:
            begin = monotonic()
            now = self.state()
            if now != state:
                break
            sleep(max(PAUSE, _SHARE * (monotonic() - begin)))
        for _ in range(_MOST_SETTLING):
            sleep(_SETTLING)
            before, now = now, self.state()
            if now == before:
                return

    def _found(self) -> Iterator[str]:
        """Yield the files below the folders, and in those of files, that may matter."""
        for path in self._paths:
            if not os.path.isdir(path):
                yield real_path(path)
                folder = os.path.dirname(real_path(path))
                yield from (os.path.join(folder, name) for name in _NAMES)
                continue
            for folder, folders, names in os.walk(real_path(path)):
                above = os.path.basename(folder)
                folders[:] = [one for one in folders if not is_skipped(one, above)]
                for name in names:
                    if name.endswith(_SUFFIXES) or name in _NAMES or language_of(name):
                        yield os.path.join(folder, name)


def _look(path: str, state: State) -> None:
    try:
        now = os.stat(path)
    except (OSError, ValueError):
        return
    state[path] = now.st_mtime_ns, now.st_size, now.st_ino


def _tell(text: str) -> None:
    if sys.stderr is not None:
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
