"""The two sides of a change, as Git has them: trees, and what changed between them."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError
from tightship.cli.git import TREE, Blobs, Git
from tightship.engine.disk.git_tree import LINK, SUBMODULE, Entry, Listing, TreeFiles
from tightship.engine.disk.regular import MAX_BYTES, read_regular

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Final

_LIKE_DIFF = (
    *("-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-abbrev"),
    *("--ignore-submodules=dirty", "--no-relative"),
)
_GONE = "000000"
_REGULAR = "100644"


class GitRevisions:
    """The trees before and after a change, with the names of the files that differ.

    The work tree is the tree of the base with what Git says has changed since, and with
    the untracked files that Git does not ignore.
    """

    def __init__(self, folder: str, base: str, head: str | None, *, is_exact: bool) -> None:
        """Ask Git.

        Args:
            folder: a folder in the work tree.
            base: a revision.
            head: another one, or None for the work tree.
            is_exact: whether to start at ``base`` itself, and not at the commit where
                the two went apart.

        Raises:
            UsageError: if there is no work tree, no such commit, or no Git.

        """
        self.top: Final = Git(folder, "diff").top()
        git = self._git = Git(self.top, "diff")
        git.disarm()
        self.base: Final = git.commit(base) if is_exact else git.start(base, head)
        self.head: Final = None if head is None else git.commit(head)
        self._blobs = Blobs(git)
        before = _listing(git, self.base)
        if self.head is None:
            after = self._work_tree(git, before)
        else:
            after = _listing(git, self.head, before)
        # Equal entries are the same object.
        self.names = frozenset(
            name for name in {**before, **after} if before.get(name) is not after.get(name)
        )
        on_disk = self.names if self.head is None else frozenset[str]()
        self.before: Final = TreeFiles(self.top, Listing(before), self._blobs.content)
        self.after: Final = TreeFiles(self.top, Listing(after), self._blobs.content, on_disk)

    def _work_tree(self, git: Git, before: Mapping[str, Entry]) -> dict[str, Entry]:
        """Return the files of the work tree; those as in the base have the same entries."""
        after = dict(before)
        # `git diff` would write the index where only times of files differ.
        listed = git.names("diff-index", "--raw", *_LIKE_DIFF, self.base, "--")
        for change, name in zip(listed, listed, strict=True):
            if not self._is_edited(name, change, before):
                continue
            # A file with a conflict has no mode, and counts as it is on the disk.
            is_unmerged = change.endswith("U")
            mode = _REGULAR if is_unmerged else change.split(" ")[1]
            after.pop(name, None)
            if mode != _GONE and os.path.lexists(os.path.join(self.top, name)):
                after[name] = Entry(mode, "")
        for name in git.names("ls-files", "--others", "--exclude-standard", "-z"):
            # A folder is another repository.
            if not name.endswith("/"):
                is_link = os.path.islink(os.path.join(self.top, name))
                after[name] = Entry(LINK if is_link else _REGULAR, "")
        return after

    def _is_edited(self, name: str, change: str, before: Mapping[str, Entry]) -> bool:
        """Return whether the content of a listed file differs, and not its times only."""
        old_mode, new_mode = change.lstrip(":").split(" ")[:2]
        if old_mode != new_mode or old_mode in (LINK, SUBMODULE):
            return True
        content = read_regular(os.path.join(self.top, name))
        return content != self._blobs.content(before[name].blob, MAX_BYTES)

    @property
    def former(self) -> Mapping[str, str]:
        """Return no paths: a comparison recognizes moved projects by their services."""
        return {}

    def changes(self, path: str) -> bool:
        """Return whether the file at an absolute path differs."""
        return self.before.name(path) in self.names

    def content(self, path: str) -> bytes | None:
        """Return the content of a file before; None if there was none."""
        name = self.before.name(path)
        there = name is not None and self.before.listing.is_file(name)
        return self.before.bytes_of(name) if there and name is not None else None

    @property
    def removes_compose_files(self) -> bool:
        """Return whether a file with the name of a Compose file is gone."""
        before, after = self.before.listing.entries, self.after.listing.entries
        return any(
            name in before and name not in after and name.endswith((".yml", ".yaml"))
            for name in self.names
        )

    def refuse_revisions(self, paths: Iterable[str]) -> None:
        """Refuse paths that are also the names of revisions.

        Raises:
            UsageError: if one is.

        """
        for path in paths:
            if self._git.commit_if_any(path):
                raise UsageError(
                    f"`{path}` is a path and a revision: `./{path}` means the path, and"
                    f" `{path}~0` the revision"
                )

    def close(self) -> None:
        """End the program that reads blobs."""
        self._blobs.close()


def _listing(git: Git, commit: str, known: Mapping[str, Entry] | None = None) -> dict[str, Entry]:
    """Return the files of a commit, with equal entries of another one as they are."""
    found: dict[str, Entry] = {}
    known, modes = known or {}, dict[str, str]()
    for line in git.names(*TREE, commit):
        attributes, _, name = line.partition("\t")
        parts = attributes.split(" ")
        if not name or len(parts) != 3:
            raise UsageError("diff: git ls-tree failed (its answer is not understood)")
        mode, kind, blob = parts
        if kind == "tree":
            continue
        same = known.get(name)
        if same is None or (same.mode, same.blob) != (mode, blob):
            same = Entry(modes.setdefault(mode, mode), blob)
        found[name] = same
    return found
