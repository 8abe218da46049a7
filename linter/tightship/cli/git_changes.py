"""``--changed-since``: the changes since a commit, according to Git."""

from __future__ import annotations

import os

from tightship.cli.git import Blobs, Git
from tightship.engine.disk.before import UndoneChange
from tightship.engine.disk.git_tree import Entry
from tightship.engine.disk.root import canonical, real_path
from tightship.engine.plan.changes import Changes
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RENAMES = ("--find-renames", "-l400")  # more files are only compared if they are equal
_ABSENT = "000000"


class GitChanges:
    """The changes since a commit in the work trees of some paths.

    They start at the merge base of ``HEAD`` and the commit, or at the commit itself if
    there is none. Uncommitted changes count, and so do untracked files that Git does not
    ignore.
    """

    def __init__(self, reference: str, paths: Iterable[str], option: str) -> None:
        """Ask Git; ``option`` asks for it.

        Raises:
            UsageError: if there is no work tree, no such commit, or no Git.

        """
        self._blobs: dict[str, Blobs] = {}
        edited, moved = list[str](), list[str]()
        entries: dict[str, Entry | None] = {}
        former: dict[str, str] = {}
        for folder in dict.fromkeys(map(_folder, paths)):
            tree = Git(folder, option).top()
            if tree in self._blobs:
                continue
            git = Git(tree, option)
            self._blobs[tree] = Blobs(git)
            for one in _of_tree(git, reference):
                path = os.path.join(tree, os.path.normpath(one.name))
                (moved if one.is_moved else edited).append(path)
                # A file with a conflict is listed twice, once without its content.
                if one.before is not None or path not in entries:
                    entries[path] = one.before and Entry(
                        one.before.mode, f"{tree}\0{one.before.blob}"
                    )
                if one.former:
                    former[path] = os.path.join(tree, os.path.normpath(one.former))
        undone = UndoneChange(entries, former, self._content)
        self.changes = Changes(edited, moved, undone)

    def _content(self, name: str, limit: int) -> bytes | None:
        tree, _, blob = name.rpartition("\0")
        return self._blobs[tree].content(blob, limit)

    def close(self) -> None:
        """End the programs that read blobs."""
        for blobs in self._blobs.values():
            blobs.close()


class _ChangedFile(Record):
    """A file that differs from a commit: its name, and what it was there.

    ``is_moved`` is true for one that came or went; ``former`` is the name that it had.
    """

    name: str
    before: Entry | None
    is_moved: bool
    former: str = ""


def _of_tree(git: Git, reference: str) -> Iterator[_ChangedFile]:
    git.disarm()
    start = git.start(reference)
    git.check_size(start)
    listed = git.names(
        *("diff", "--raw", "-z", "--no-abbrev", *_RENAMES, "--no-ext-diff"),
        *("--no-textconv", "--ignore-submodules=dirty", "--no-relative", start),
        "--",
    )
    for line in listed:
        mode, _, blob, _, status = line.lstrip(":").split(" ")
        name, before = next(listed), None if mode == _ABSENT else Entry(mode, blob)
        if status.startswith("R"):
            yield _ChangedFile(name, before, is_moved=True)
            yield _ChangedFile(next(listed), None, is_moved=True, former=name)
        else:
            yield _ChangedFile(name, before, is_moved=status != "M")
    untracked = ("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
    for name in git.names(*untracked):
        yield _ChangedFile(name, None, is_moved=True)


def _folder(path: str) -> str:
    full = canonical(path)
    while not os.path.isdir(full):
        above = os.path.dirname(full)
        if above == full:
            break
        full = above
    return real_path(full)
