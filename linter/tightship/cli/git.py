"""Git, as Tightship asks it: the user's own program, with nothing that a repository adds.

This module starts a program: the user's own ``git``, for an option or a command that is
about changes. (ShellCheck is the only other one that Tightship starts.) Only Git knows
reliably what has changed, and Git itself decides whether it trusts a repository
(``safe.directory``). A repository's configuration
can name programs for Git to start (a file system monitor, hooks, filters, diff and
textconv drivers, transports that fetch missing objects), so every call turns all of
these off.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
from threading import Thread, Timer

from tightship.cli.console import UsageError
from tightship.engine.disk.git_folder import GitFolder, special_file
from tightship.engine.disk.regular import MAX_BYTES
from tightship.engine.process_limits import limit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import IO

TREE = ("ls-tree", "-r", "-t", "-z", "--full-tree")
"""Lists the files of a commit and its folders, so that empty ones count, too."""

_HASHES = (40, 64)

MOST_NAMES = 500_000
"""How many files and folders of a commit, or of a change, are read."""

_MOST_BYTES = 64_000_000  # of their names
_DEEPEST = 200  # folders that a file is in
_MOST_CONTENT = 1_000_000_000  # bytes that all files have that are read
_SECONDS = 60
_FEW_SECONDS = 10  # for what is in a few small files
_PROCESSOR = 30  # seconds of it, without those in which Git waits for the disk
_MEMORY = 1 << 30
_CHUNK = 1 << 16

# Settings from the environment override those of a repository.
_SETTINGS = (
    ("core.fsmonitor", "false"),
    ("core.hooksPath", os.devnull),
    ("core.untrackedCache", "false"),
    ("core.quotePath", "false"),
    ("core.attributesFile", os.devnull),
    ("safe.bareRepository", "explicit"),
    ("protocol.allow", "never"),
    # Larger files are neither loaded as a whole nor compared to find renames.
    ("core.bigFileThreshold", str(MAX_BYTES)),
)

# The variables of the user that choose Git's configuration. Others, such as GIT_DIR in
# a hook, would make Git look elsewhere than at the given paths.
_KEPT = ("GIT_CONFIG_", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM")
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "",  # fetch nothing into a partial clone ...
    "GIT_NO_LAZY_FETCH": "1",  # ... and do not try to
    "GIT_OPTIONAL_LOCKS": "0",  # do not write the index
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "LC_ALL": "C",
}


class Git:
    """Runs Git in the repository of a folder; errors begin with what asks for it."""

    def __init__(self, folder: str, asker: str) -> None:
        self._folder = folder
        self._asker = asker
        self._program = _program(asker)
        self._settings = list(_SETTINGS)

    def top(self) -> str:
        """Return the top folder of the work tree, which holds the folder."""
        folder = os.path.abspath(self._folder)
        self._refuse(special_file(folder))
        code, out, error = self._ask("rev-parse", "--show-toplevel")
        if code:
            reason = _last(error)
            # Other reasons, such as a folder of another user, need another remedy.
            detail = "" if "not a git repository" in reason else f" ({reason})"
            raise UsageError(f"{self._asker}: {self._folder} is not in a Git repository{detail}")
        top = _path(out)
        own = _path(self._ask("rev-parse", "--absolute-git-dir")[1])
        common = _path(self._ask("rev-parse", "--git-common-dir")[1])
        is_named = self._ask("config", "core.worktree")[0] == 0
        common = os.path.join(self._folder, common)
        found = GitFolder(top, own, common, is_named=is_named)
        self._refuse(found.fault(folder))
        return found.top

    def _refuse(self, fault: str | None) -> None:
        if fault:
            raise UsageError(f"{self._asker}: {self._folder} is not compared: {fault}")

    def disarm(self) -> None:
        """Turn off the filters that a repository configures.

        Without them, a large file that is stored elsewhere may count as changed.
        """
        _, out, _ = self._ask("config", "-z", "--name-only", "--get-regexp", r"^filter\..*")
        for key in dict.fromkeys(map(os.fsdecode, filter(None, out.split(b"\0")))):
            name = key.rpartition(".")[0]
            self._settings += [(f"{name}.clean", ""), (f"{name}.process", "")]
            self._settings += [(f"{name}.smudge", ""), (f"{name}.required", "false")]

    def start(self, reference: str, head: str | None = None) -> str:
        """Return the commit at which changes of ``head``, or of the work tree, start."""
        commit = self.commit(reference)
        other = "HEAD" if head is None else self.commit(head)
        code, out, _ = self._ask("merge-base", commit, other)
        return commit if code else out.decode("ascii").strip()

    def commit(self, reference: str) -> str:
        """Return the name of a commit.

        Raises:
            UsageError: if there is none.

        """
        found = self.commit_if_any(reference)
        if not found:
            raise UsageError(
                f"{self._asker}: unknown commit `{reference}` in {self._folder};"
                " a shallow clone may have to fetch it first"
            )
        return found

    def commit_if_any(self, reference: str) -> str:
        """Return the name of a commit; empty if there is none."""
        end = "--end-of-options"
        wanted = f"{reference}^{{commit}}"
        code, out, errors = self._ask("rev-parse", "--verify", "--quiet", end, wanted)
        if errors:
            self._refuse_failure("rev-parse", code, errors)
        return "" if code or not reference else out.decode("ascii").strip()

    def names(self, *arguments: str) -> Iterator[str]:
        """Yield the names that Git lists, as they come.

        Raises:
            UsageError: if Git fails, or lists more than Tightship reads.

        """
        with self.start_program(*arguments, errors=subprocess.PIPE) as process:
            timer = Timer(_SECONDS, process.kill)
            errors = _Beginning(process.stderr)
            timer.start()
            try:
                yield from _names_in(process.stdout)
                code, is_slow = process.wait(), timer.finished.is_set()
            except _BoundError as bound:
                commits = [one for one in arguments if len(one) in _HASHES]
                where = f"commit {commits[0][:12]}" if commits else "its work tree"
                raise self.too_much(f"{where} has {bound}") from None
            finally:
                timer.cancel()
                process.kill()
                errors.end()
        if is_slow:
            raise self.too_slow(arguments[0], _SECONDS)
        self._refuse_failure(arguments[0], code, errors.text)

    def _refuse_failure(self, command: str, code: int, errors: bytes) -> None:
        """Raise UsageError if Git has failed, or has reached a limit."""
        if -code == getattr(signal, "SIGXCPU", None):
            raise UsageError(
                f"{self._asker}: git {command} takes more than {_PROCESSOR} seconds of a"
                " processor; patterns with many `*` in a `.gitignore` can be the cause"
            )
        if code:
            raise UsageError(f"{self._asker}: git {command} failed ({_last(errors)})")

    def start_program(
        self, *arguments: str, errors: int = subprocess.DEVNULL
    ) -> subprocess.Popen[bytes]:
        """Start a command of Git that answers questions until its input ends."""
        try:
            process = subprocess.Popen(
                [self._program, "--no-pager", "-C", self._folder, *arguments],
                env=_environment(os.environ, self._settings),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
            )
        except (OSError, ValueError) as error:
            raise UsageError(f"{self._asker}: cannot run git: {error}") from None
        limit(process.pid, _MEMORY, _PROCESSOR)
        return process

    def _ask(self, *arguments: str) -> tuple[int, bytes, bytes]:
        seconds = _SECONDS if arguments[0] == "merge-base" else _FEW_SECONDS
        with self.start_program(*arguments, errors=subprocess.PIPE) as process:
            try:
                out, errors = process.communicate(timeout=seconds)
            except subprocess.TimeoutExpired:
                raise self.too_slow(arguments[0], seconds) from None
            finally:
                process.kill()
        return process.returncode, out, errors

    def too_much(self, what: str) -> UsageError:
        """Return the error that a repository is too large to compare."""
        return UsageError(
            f"{self._asker}: {self._folder} is too large to compare: {what}, and"
            " Tightship reads no more"
        )

    def too_slow(self, command: str, seconds: int) -> UsageError:
        """Return the error that Git does not answer."""
        return UsageError(
            f"{self._asker}: git {command} did not answer within {seconds} seconds;"
            " the disk is slow, or a file of the repository is a pipe or a device"
        )


class Blobs:
    """Reads blobs, with one program for all of them."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._program: subprocess.Popen[bytes] | None = None
        self._read = 0

    def content(self, name: str, limit: int) -> bytes | None:
        """Return the content of a blob, cut off after ``limit`` bytes and one more.

        Return None if the repository does not have it.

        Raises:
            UsageError: if all blobs together are too large: a tree may name one blob a
                thousand times, and a blob is smaller on the disk.

        """
        if self._program is None:
            self._program = self._git.start_program("cat-file", "--batch")
        given, answer = self._program.stdin, self._program.stdout
        if given is None or answer is None:
            return None
        try:
            given.write(name.encode("ascii") + b"\n")
            given.flush()
        except OSError:
            return None
        if os.name == "posix" and not select.select([answer], [], [], _SECONDS)[0]:
            raise self._git.too_slow("cat-file", _SECONDS)
        head = answer.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        size = int(head[2])
        content = answer.read(min(size, limit + 1))
        self._read += len(content)
        if self._read > _MOST_CONTENT:
            raise self._git.too_much(f"the files to read have more than {_MOST_CONTENT:,} bytes")
        if size > limit:
            self._stop()  # The rest may be long.
        elif answer.read(1) != b"\n":
            return None
        return content

    def close(self) -> None:
        """End the program."""
        self._stop()

    def _stop(self) -> None:
        if self._program is not None:
            self._program.kill()
            self._program.communicate()
            self._program = None


class _Beginning:
    """The beginning of a stream, which is read to its end: nobody waits to write it."""

    def __init__(self, stream: IO[bytes] | None) -> None:
        self._stream = stream
        self.text = b""
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        if self._stream is None:
            return
        with self._stream:
            self.text = self._stream.read(_CHUNK)
            while self._stream.read(_CHUNK):
                pass

    def end(self) -> None:
        """Wait for the end of the stream."""
        self._thread.join()


def _program(asker: str) -> str:
    """Return the path of Git; never one in the current folder."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise UsageError(f"{asker} asks Git what has changed, and `git` is missing")


def _environment(given: Mapping[str, str], settings: list[tuple[str, str]]) -> dict[str, str]:
    """Return the environment of a call, with the settings.

    ``-c`` cannot pass them: it would cut a name at a ``=``.
    """
    kept = {
        name: value
        for name, value in given.items()
        if not name.startswith("GIT_") or name.startswith(_KEPT)
    }
    kept.pop("GIT_CONFIG_PARAMETERS", None)
    try:
        count = max(int(kept.get("GIT_CONFIG_COUNT", "0")), 0)
    except ValueError:
        count = 0
    for number, (key, value) in enumerate(settings, count):
        kept[f"GIT_CONFIG_KEY_{number}"] = key
        kept[f"GIT_CONFIG_VALUE_{number}"] = value
    kept["GIT_CONFIG_COUNT"] = str(count + len(settings))
    return kept | _ENVIRONMENT


class _BoundError(Exception):
    """There are more names than Tightship reads; the message says of what."""


def _names_in(stream: IO[bytes] | None) -> Iterator[str]:
    """Yield the names that a stream has between NULs.

    Raises:
        _BoundError: if there is too much of it.

    """
    count, size, rest = 0, 0, b""
    while stream is not None and (piece := stream.read(_CHUNK)):
        size += len(piece)
        *parts, rest = (rest + piece).split(b"\0")
        count += len(parts)
        if count > MOST_NAMES:
            raise _BoundError(f"more than {MOST_NAMES:,} files and folders")
        if size > _MOST_BYTES:
            raise _BoundError(f"names of more than {_MOST_BYTES:,} bytes")
        if any(len(part) > _DEEPEST < part.count(b"/") for part in parts) or len(rest) > _CHUNK:
            raise _BoundError(f"a file in more than {_DEEPEST} folders")
        yield from filter(None, os.fsdecode(b"\0".join(parts)).split("\0"))


def _path(output: bytes) -> str:
    return os.fsdecode(output.removesuffix(b"\n"))


def _last(error: bytes) -> str:
    from tightship.report.terminal import brief

    lines = error.decode("utf-8", "replace").strip().splitlines()
    return brief(lines[0]) if lines else "it does not say why"
