"""``--changed-since`` and ``--settings-of``: the changes since a commit, and what they hide."""

from __future__ import annotations

import os

from tightship.cli.git import TREE, Blobs, Git
from tightship.engine.change.changes import Changes
from tightship.engine.change.concern import Ours
from tightship.engine.disk.git_tree import Entry, FilesBefore, UndoneChange
from tightship.engine.disk.root import Roots, canonical, real_path
from tightship.engine.hiding import ChangeCheck
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

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
        self._ours: list[Ours] = []
        edited, moved = list[str](), list[str]()
        entries: dict[str, Entry | None] = {}
        former: dict[str, str] = {}
        for folder in dict.fromkeys(map(_folder, paths)):
            tree = Git(folder, option).top()
            if tree in self._blobs:
                continue
            git = Git(tree, option)
            self._blobs[tree] = Blobs(git)
            git.disarm()
            start = git.start(reference)
            # Git gathers all differences before it prints the first: the size is checked here.
            self._ours.append(Ours(tree, git.names(*TREE, start)))
            for one in _of_tree(git, start):
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
        self.undone = undone

    def may_concern(self, paths: Iterable[str]) -> bool:
        """Return whether the changes may concern anything that is checked at some paths."""
        named = [*map(canonical, filter(os.path.isfile, paths))]
        return any(one.may_concern(self.undone, named) for one in self._ours)

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


def _of_tree(git: Git, start: str) -> Iterator[_ChangedFile]:
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


class HiddenFindings:
    """A second check of a change by the settings before it, if they differ."""

    def __init__(
        self,
        changes: Changes,
        undone: UndoneChange,
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
            undone: leads to the files before the change.
            configs: the settings after it.
            paths: what is checked.
            configuration: which configuration files the command line names.
            line: the settings that it gives.
            baseline: which baseline it names.
            is_whole: whether the run reports all findings, and not only new ones.

        """
        self._changes = changes
        self._paths = [*paths]
        self._undone = undone
        self._known: dict[str, Files] = {}
        self._before = configuration.configs_before(
            undone, line, files=self._files_before, baseline=baseline.load_before(undone)
        )
        given_changed = _changes_any(undone, configuration.file, baseline.file)
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
        if isinstance(files, FilesBefore):
            return files
        if files.root not in self._known:
            self._known[files.root] = FilesBefore(files.root, self._undone)
        return self._known[files.root]


def _changes_any(undone: UndoneChange, *paths: str) -> bool:
    """Return whether a change edits one of the files that the command line names."""
    return any(undone.changes(canonical(path)) for path in paths if path)
