"""``--changed-since``: the changes since a commit, according to Git."""

from __future__ import annotations

import os

from tightship.cli.git import Git
from tightship.engine.disk.root import canonical
from tightship.engine.plan.changes import Changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_OPTION = "--changed-since"


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
        tree = Git(folder, _OPTION).top()
        if tree in done:
            continue
        done.add(tree)
        for name, is_moved in _of_tree(Git(tree, _OPTION), reference):
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


def _folder(path: str) -> str:
    full = canonical(path)
    while not os.path.isdir(full):
        above = os.path.dirname(full)
        if above == full:
            break
        full = above
    return os.path.realpath(full)
