"""``--changed-since`` and ``--settings-of``: the changes since a commit, and what they hide."""

from __future__ import annotations

import os

from tightship.cli.git import Git
from tightship.cli.git_trees import GitTree
from tightship.engine.change.changes import Changes
from tightship.engine.change.concern import Ours
from tightship.engine.disk.git_tree import Entry, UndoneChange
from tightship.engine.disk.given import look_up
from tightship.engine.disk.root import Roots, canonical, real_path
from tightship.engine.hiding import ChangeCheck

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
        undone = self._changes.undone
        if undone.is_before(files):
            return files
        if files.root not in self._known:
            self._known[files.root] = undone.files(files.root)
        return self._known[files.root]


def _changes_any(undone: UndoneChange, *paths: str) -> bool:
    """Return whether a change edits one of the files that the command line names."""
    return any(undone.changes(canonical(path)) for path in paths if path)
