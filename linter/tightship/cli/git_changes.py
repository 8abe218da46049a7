"""``--changed-since``: the changes since a commit, according to Git.

Only this module of Tightship starts a program: the user's own ``git``, when the option
is given. Only Git knows reliably what has changed, and Git itself decides whether it
trusts a repository (``safe.directory``). A repository's configuration can name programs
for Git to start (a file system monitor, hooks, filters, diff and textconv drivers,
transports that fetch missing objects), so every call turns all of these off.
"""

from __future__ import annotations

import os
import subprocess

from tightship.cli.console import UsageError
from tightship.engine.disk.root import canonical
from tightship.engine.plan.changes import Changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_SECONDS = 120

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


def changes_since(reference: str, paths: Iterable[str]) -> Changes:
    """Return the changes since a commit in the work trees of some paths.

    They start at the merge base of ``HEAD`` and the commit, or at the commit itself if
    there is none. Uncommitted changes count, and so do untracked files that Git does not
    ignore.

    Raises:
        UsageError: if there is no work tree, no such commit, or no Git.

    """
    edited, moved = list[str](), list[str]()
    done = set[str]()
    for folder in dict.fromkeys(map(_folder, paths)):
        tree = Git(folder).top()
        if tree in done:
            continue
        done.add(tree)
        for name, is_moved in _of_tree(Git(tree), reference):
            path = os.path.join(tree, os.path.normpath(name))
            (moved if is_moved else edited).append(path)
    return Changes(edited, moved)


def _of_tree(git: Git, reference: str) -> Iterator[tuple[str, bool]]:
    """Yield changed files, and whether they were added or deleted."""
    git.disarm()
    start = git.start(reference)
    listed = git.names(
        *("diff", "--name-status", "-z", "--no-renames", "--no-ext-diff"),
        *("--no-textconv", "--ignore-submodules=dirty", "--no-relative", start, "--"),
    )
    yield from (
        (name, status != "M")
        for status, name in zip(listed[::2], listed[1::2], strict=True)
    )
    untracked = ("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
    yield from ((name, True) for name in git.names(*untracked))


class Git:
    """Runs Git in the repository of a folder."""

    def __init__(self, folder: str) -> None:
        self._folder = folder
        self._program = _program()
        self._settings = list(_SETTINGS)

    def top(self) -> str:
        """Return the top folder of the work tree."""
        code, out, error = self._ask("rev-parse", "--show-toplevel")
        if code:
            raise UsageError(
                f"--changed-since: {self._folder} is in no work tree of Git that can"
                f" be asked ({_last(error)})"
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

    def start(self, reference: str) -> str:
        """Return the commit at which changes start."""
        end = "--end-of-options"
        wanted = f"{reference}^{{commit}}"
        code, out, _ = self._ask("rev-parse", "--verify", "--quiet", end, wanted)
        if code or not reference:
            raise UsageError(
                f"--changed-since: there is no commit `{reference}` in {self._folder};"
                " a shallow clone may have to fetch it first"
            )
        commit = out.decode("ascii").strip()
        code, out, _ = self._ask("merge-base", commit, "HEAD")
        return commit if code else out.decode("ascii").strip()

    def names(self, *arguments: str) -> list[str]:
        """Return the file names that Git lists."""
        code, out, error = self._ask(*arguments)
        if code:
            raise UsageError(
                f"--changed-since: git {arguments[0]} failed ({_last(error)})"
            )
        return _split(out)

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
                f"--changed-since: git did not answer within {_SECONDS} seconds"
            ) from None
        except (OSError, ValueError) as error:
            raise UsageError(f"--changed-since: git cannot be run: {error}") from None
        return done.returncode, done.stdout, done.stderr


def _program() -> str:
    """Return the path of Git; never one in the current folder."""
    name = "git.exe" if os.name == "nt" else "git"
    for folder in os.get_exec_path():
        path = os.path.join(folder, name)
        if os.path.isabs(folder) and os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    raise UsageError("--changed-since asks Git what has changed, and `git` is missing")


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


def _folder(path: str) -> str:
    full = canonical(path)
    while not os.path.isdir(full):
        above = os.path.dirname(full)
        if above == full:
            break
        full = above
    return os.path.realpath(full)


def _split(output: bytes) -> list[str]:
    return [os.fsdecode(name) for name in output.split(b"\0") if name]


def _last(error: bytes) -> str:
    from tightship.report.terminal import brief

    lines = error.decode("utf-8", "replace").strip().splitlines()
    return brief(lines[0]) if lines else "it does not say why"
