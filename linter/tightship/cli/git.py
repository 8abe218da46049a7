"""Git, as Tightship asks it: the user's own program, with nothing that a repository adds.

This module starts a program: the user's own ``git``, for an option or a command that is
about changes. (ShellCheck is the only other one that Tightship starts.) Only Git knows reliably what has changed, and Git itself
decides whether it trusts a repository (``safe.directory``). A repository's configuration
can name programs for Git to start (a file system monitor, hooks, filters, diff and
textconv drivers, transports that fetch missing objects), so every call turns all of
these off.
"""

from __future__ import annotations

import os
import subprocess

from tightship.cli.console import UsageError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_SECONDS = 120
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
        """Return the top folder of the work tree."""
        code, out, error = self._ask("rev-parse", "--show-toplevel")
        if code:
            reason = _last(error)
            # Other reasons, such as a folder of another user, need another remedy.
            detail = "" if "not a git repository" in reason else f" ({reason})"
            raise UsageError(
                f"{self._asker}: {self._folder} is not in a Git repository{detail}"
            )
        top = os.fsdecode(out.removesuffix(b"\n"))
        return os.path.realpath(top)

    def disarm(self) -> None:
        """Turn off the filters that a repository configures.

        Without them, a large file that is stored elsewhere may count as changed.
        """
        _, out, _ = self._ask(
            "config", "-z", "--name-only", "--get-regexp", r"^filter\..*"
        )
        for key in dict.fromkeys(_split(out)):
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
        """Return the name of a commit."""
        end = "--end-of-options"
        wanted = f"{reference}^{{commit}}"
        code, out, _ = self._ask("rev-parse", "--verify", "--quiet", end, wanted)
        if code or not reference:
            raise UsageError(
                f"{self._asker}: unknown commit `{reference}` in {self._folder};"
                " a shallow clone may have to fetch it first"
            )
        return out.decode("ascii").strip()

    def names(self, *arguments: str) -> list[str]:
        """Return the file names that Git lists."""
        code, out, error = self._ask(*arguments)
        if code:
            raise UsageError(
                f"{self._asker}: git {arguments[0]} failed ({_last(error)})"
            )
        return _split(out)

    def start_program(self, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a command of Git that answers questions until its input ends."""
        try:
            return subprocess.Popen(
                [self._program, "--no-pager", "-C", self._folder, *arguments],
                env=_environment(os.environ, self._settings),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        except (OSError, ValueError) as error:
            raise UsageError(f"{self._asker}: cannot run git: {error}") from None

    def _ask(self, *arguments: str) -> tuple[int, bytes, bytes]:
        try:
            done = subprocess.run(
                [self._program, "--no-pager", "-C", self._folder, *arguments],
                env=_environment(os.environ, self._settings),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise UsageError(
                f"{self._asker}: git did not answer within {_SECONDS} seconds"
            ) from None
        except (OSError, ValueError) as error:
            raise UsageError(f"{self._asker}: cannot run git: {error}") from None
        return done.returncode, done.stdout, done.stderr


class Blobs:
    """Reads blobs, with one program for all of them."""

    def __init__(self, git: Git) -> None:
        self._git = git
        self._program: subprocess.Popen[bytes] | None = None

    def content(self, name: str, limit: int) -> bytes | None:
        """Return the content of a blob, cut off after ``limit`` bytes and one more.

        Return None if the repository does not have it.
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
        head = answer.readline().split()
        if len(head) != 3 or head[1] != b"blob":
            return None
        size = int(head[2])
        content = answer.read(min(size, limit + 1))
        left = size + 1 - len(content)  # with the line end
        while left > 0:
            piece = answer.read(min(left, _CHUNK))
            if not piece:
                return None
            left -= len(piece)
        return content

    def close(self) -> None:
        """End the program."""
        if self._program is not None:
            # It ends with its input.
            self._program.communicate()
            self._program = None


def _program(asker: str) -> str:
    """Return the path of Git; never one in the current folder."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise UsageError(f"{asker} asks Git what has changed, and `git` is missing")


def _environment(
    given: Mapping[str, str], settings: list[tuple[str, str]]
) -> dict[str, str]:
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


def _split(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _last(error: bytes) -> str:
    from tightship.report.terminal import brief

    lines = error.decode("utf-8", "replace").strip().splitlines()
    return brief(lines[0]) if lines else "it does not say why"
