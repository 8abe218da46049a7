"""What Git says of a change: both sides of it, for ``diff``, and what ``check`` has to know."""

from __future__ import annotations

import os
from hashlib import sha1, sha256

from tightship.cli.console import UsageError
from tightship.cli.git import TREE, Blobs, Git
from tightship.engine.change.changes import Changes
from tightship.engine.change.concern import Ours
from tightship.engine.disk.git_tree import (
    LINK,
    SUBMODULE,
    Entry,
    Listing,
    TreeFiles,
    Trees,
    UndoneChange,
)
from tightship.engine.disk.given import look_up
from tightship.engine.disk.regular import MAX_BYTES, read_regular
from tightship.engine.disk.root import Roots, canonical, real_path
from tightship.engine.hiding import ChangeCheck
from tightship.lazy import TYPE_CHECKING, Record, lazy_property

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Final

    from tightship.cli.check_options import BaselineOptions
    from tightship.cli.options import ConfigurationOptions
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.role_order import RoleOrder
    from tightship.engine.settings import CommandLine
    from tightship.engine.verdict import Verdict
    from tightship.text import Span


_RENAMES = ("--find-renames", "-l400")  # more files are only compared if they are equal
_ABSENT = "000000"
_REGULAR = "100644"
_SHA1 = 40  # digits


class ChangedFile(Record):
    """A file that differs: its name, and what it is on both sides.

    ``is_moved`` is true for one that came or went; ``former`` is the name that it had. An entry
    without a blob is as on the disk.
    """

    name: str
    before: Entry | None
    after: Entry | None
    is_moved: bool
    former: str = ""


class GitTree:
    """A change in a work tree: from a commit to another one, or to the files on the disk.

    Uncommitted changes count then, and so do untracked files that Git does not ignore.
    """

    def __init__(
        self, top: str, asker: str, base: str, head: str | None = None, *, is_exact: bool = False
    ) -> None:
        """Ask Git.

        Args:
            top: the top folder of the work tree.
            asker: the command or option that asks.
            base: a revision.
            head: another one, or None for the work tree.
            is_exact: whether the change starts at ``base`` itself, and not at the commit
                where the two went apart.

        Raises:
            UsageError: if there is no such commit.

        """
        self.top: Final = top
        git = self._git = Git(top, asker)
        git.disarm()
        self.start: Final = git.commit(base) if is_exact else git.start(base, head)
        self._head = None if head is None else git.commit(head)
        self.blobs: Final = Blobs(git)

    def listing(self) -> Iterator[str]:
        """Yield the long listing of the commit before."""
        return self._git.names(*TREE, self.start)

    def changed(self, *, writes_index: bool = True) -> Iterator[ChangedFile]:
        """Yield the files that differ; one with a conflict may come twice.

        Where only times of files differ, Git notes that in the index, if it may write it. If
        not, each changed file is read.
        """
        listed = self._git.names(
            *(("diff-tree", "-r") if self._head else ("diff" if writes_index else "diff-index",)),
            *("--raw", "-z", "--no-abbrev", *_RENAMES, "--no-ext-diff", "--no-textconv"),
            *("--ignore-submodules=dirty", "--no-relative", self.start),
            *([self._head] if self._head else []),
            "--",
        )
        gone = dict[str, str]()
        for line in listed:
            mode, new_mode, blob, new_blob, status = line.lstrip(":").split(" ")
            name, before = next(listed), None if mode == _ABSENT else Entry(mode, blob)
            after = None if new_mode == _ABSENT else self._after(name, new_mode, new_blob)
            if status == "U":  # it has no mode, and is as on the disk
                after = self._on_disk(name)
            if status.startswith("R"):
                yield ChangedFile(name, before, None, is_moved=True)
                new = next(listed)
                after = self._after(new, new_mode, new_blob)
                yield ChangedFile(new, None, after, is_moved=True, former=name)
            elif (
                before is None or mode != new_mode or writes_index or self._is_edited(name, before)
            ):
                if before is not None and after is None:
                    gone[before.blob] = name
                yield ChangedFile(name, before, after, is_moved=status != "M")
        if self._head is None:
            untracked = ("ls-files", "--others", "--exclude-standard", "-z", "--full-name")
            for name in self._git.names(*untracked):
                former = gone.pop(self._blob(name, gone), "")
                yield ChangedFile(name, None, self._on_disk(name), is_moved=True, former=former)

    def _blob(self, name: str, gone: Mapping[str, str]) -> str:
        """Return the name of the blob that an untracked file would be, if any is gone."""
        data = read_regular(self.path(name)) if gone else b""
        if not isinstance(data, bytes) or not gone:
            return ""
        made = sha1 if len(self.start) == _SHA1 else sha256
        return made(b"blob %d\0%b" % (len(data), data), usedforsecurity=False).hexdigest()

    def _is_edited(self, name: str, before: Entry) -> bool:
        """Return whether the content of a file differs, and not its times only."""
        if self._head is not None or before.mode in (LINK, SUBMODULE):
            return True
        content = self.blobs.content(before.blob, MAX_BYTES)
        return content is None or read_regular(self.path(name)) != content

    def _after(self, name: str, mode: str, blob: str) -> Entry | None:
        is_there = self._head is not None or os.path.lexists(self.path(name))
        return Entry(mode, blob if self._head is not None else "") if is_there else None

    def _on_disk(self, name: str) -> Entry | None:
        path = self.path(name)
        mode = LINK if os.path.islink(path) else _REGULAR
        return Entry(mode, "") if os.path.lexists(path) else None

    def path(self, name: str) -> str:
        """Return the absolute path of a name."""
        return os.path.join(self.top, os.path.normpath(name))

    @lazy_property
    def sides(self) -> Trees:
        """Return both sides of the change, as trees."""
        before = dict(self._entries())
        for _ in self._git.names(*TREE, self._head) if self._head else ():
            pass  # a bound is reached before Git gathers all differences
        after, former, edited = dict(before), dict[str, str](), set[str]()
        for one in self.changed(writes_index=False):
            # A folder is another repository.
            if one.name.endswith("/"):
                continue
            after.pop(one.name, None)
            if one.after is not None:
                after[one.name] = one.after
                edited |= {one.name} if not one.after.blob else set()
            if one.former:
                former[one.name] = one.former
        content = self.blobs.content
        return Trees(
            TreeFiles(self.top, Listing(before), content),
            TreeFiles(self.top, Listing(after), content, frozenset(edited)),
            former,
        )

    def _entries(self) -> Iterator[tuple[str, Entry]]:
        """Yield the files of the commit before, by name."""
        modes = dict[str, str]()
        for line in self.listing():
            attributes, _, name = line.partition("\t")
            parts = attributes.split(" ")
            if not name or len(parts) != 3:
                raise UsageError("diff: git ls-tree failed (its answer is not understood)")
            mode, kind, blob = parts
            if kind != "tree":
                yield name, Entry(modes.setdefault(mode, mode), blob)

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


class GitChanges:
    """The changes since a commit in the work trees of some paths.

    They start at the merge base of ``HEAD`` and the commit, or at the commit itself if
    there is none.
    """

    def __init__(self, reference: str, paths: Iterable[str], option: str) -> None:
        """Ask Git; ``option`` asks for it.

        Raises:
            UsageError: if there is no work tree, no such commit, or no Git.

        """
        self._trees: dict[str, GitTree] = {}
        self._ours: list[Ours] = []
        moved = list[str]()
        entries: dict[str, Entry | None] = {}
        former: dict[str, str] = {}
        for folder in dict.fromkeys(map(_folder, paths)):
            top = Git(folder, option).top()
            if top in self._trees:
                continue
            tree = self._trees[top] = GitTree(top, option, reference)
            # Git gathers all differences before it prints the first: the size is checked here.
            self._ours.append(Ours(tree.top, tree.listing()))
            for one in tree.changed():
                path = tree.path(one.name)
                moved += [path] if one.is_moved else []
                # A file with a conflict is listed twice, once without its content.
                if one.before is not None or path not in entries:
                    entries[path] = one.before and Entry(
                        one.before.mode, f"{tree.top}\0{one.before.blob}"
                    )
                if one.former:
                    former[path] = tree.path(one.former)
        self.changes = Changes(UndoneChange(entries, former, self._content), moved)

    def may_concern(self, paths: Iterable[str]) -> bool:
        """Return whether the changes may concern anything that is checked at some paths."""
        named = [*map(canonical, filter(os.path.isfile, paths))]
        return any(one.may_concern(self.changes.undone, named) for one in self._ours)

    def _content(self, name: str, limit: int) -> bytes | None:
        tree, _, blob = name.rpartition("\0")
        return self._trees[tree].blobs.content(blob, limit)

    def close(self) -> None:
        """End the programs that read blobs."""
        for tree in self._trees.values():
            tree.blobs.close()


def _folder(path: str) -> str:
    given = look_up(path)
    full = os.path.dirname(given.full) if given.refusal else given.real
    while not os.path.isdir(full) and full != os.path.dirname(full):
        full = os.path.dirname(full)
    return full


class HiddenFindings:
    """A second check of a change by the settings before it, if they differ."""

    def __init__(
        self,
        changes: Changes,
        configs: Configs,
        paths: Sequence[str],
        configuration: ConfigurationOptions,
        line: CommandLine,
        baseline: BaselineOptions,
        *,
        is_whole: bool,
    ) -> None:
        """Prepare the second check.

        Args:
            changes: the changed paths, which learn of the settings before.
            configs: the settings after it.
            paths: what is checked.
            configuration: which configuration files the command line names.
            line: the settings that it gives.
            baseline: which baseline it names.
            is_whole: whether the run reports all findings, and not only new ones.

        """
        self._changes = changes
        self._paths = [*paths]
        undone = changes.undone
        self._known: dict[str, Files] = {}
        self._before = configuration.configs_before(
            undone, line, files=self._files_before, baseline=baseline.load_before(undone)
        )
        given = filter(None, (configuration.file, baseline.file))
        given_changed = any(undone.changes(canonical(path)) for path in given)
        changes.settings = self._before
        changes.may_configure = any(path.endswith(".toml") for path in undone.entries)
        changes.reports_all = is_whole
        changes.touches_all = is_whole or given_changed
        roots = Roots(self._paths, real_path(os.curdir))
        about = changes, configs, self._before, roots, baseline.file
        self._check = ChangeCheck(*about, given_changed=given_changed)

    @property
    def added(self) -> Sequence[Span]:
        """Return the places of the settings that the change adds or removes."""
        return self._check.added

    def after(
        self,
        verdicts: Iterator[Verdict],
        judge: Callable[[Sequence[str], Configs], Iterator[Verdict]],
        roles: RoleOrder,
    ) -> Iterator[Verdict]:
        """Yield the verdicts of a run, and then those with hidden findings.

        Args:
            verdicts: those of the run.
            judge: checks paths by some settings, as the run does.
            roles: has the files that the run leaves out because of their roles.

        """
        yield from self._check.through(verdicts)

        def again(moved: list[str]) -> Iterator[Verdict]:
            self._changes.reports_all = True
            return judge([*self._paths, *moved], self._before)

        yield from self._check.hidden(again, roles.left_out.values())

    def _files_before(self, files: Files) -> Files:
        """Return the files below a root as they were before the change."""
        undone = self._changes.undone
        if undone.is_before(files):
            return files
        if files.root not in self._known:
            self._known[files.root] = undone.files(files.root)
        return self._known[files.root]
