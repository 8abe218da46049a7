"""The role of a file before a change: other files decide it, which its project never reads."""

from __future__ import annotations

import os

from tightship.engine.change.concern import is_silent
from tightship.engine.disk.git_tree import Trees
from tightship.engine.roles.layout import layout_of
from tightship.engine.roles.tree import tree_before, tree_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.job import Job
    from tightship.engine.roles.decide import Roles
    from tightship.engine.roles.role import Role
    from tightship.engine.roles.tree import Tree


class RolesBefore:
    """The roles of files as they were before a change, with the settings of today."""

    def __init__(self, undone: UndoneChange) -> None:
        """Look at nothing yet; ``undone`` leads to the files as they were."""
        self._undone = undone
        self._roles: dict[str, Roles] = {}

    def changed(self, job: Job) -> Role | None:
        """Return the role that the candidate of a job had, if it has another one now."""
        path = job.candidate.path
        path = self._undone.former.get(path, path)
        root = job.files.root
        is_decided = job.candidate.language != "dockerfile" and not job.options.files
        if job.find_roles is None or not is_decided or not _is_repository(root):
            return None
        now = job.find_roles()
        before = self._of(root, now).of(path)
        is_same = decisive(before) == decisive(now.of(job.candidate.path))
        return None if is_same else before

    def newly_left_out(self, left_out: Iterable[tuple[Candidate, Roles]]) -> Iterator[str]:
        """Yield the paths of files that were judged, of those that their roles leave out now."""
        for one, now in left_out:
            former, root = self._undone.former.get(one.path, one.path), now.root
            was_there = self._undone.files(root).exists(former)
            if not was_there or not _is_repository(root):
                continue
            if one.with_role(self._of(root, now).of(former)).left_out is None:
                yield one.path

    def _of(self, root: str, now: Roles) -> Roles:
        if root not in self._roles:
            undone = self._undone
            # The commands of a large repository are searched again only if they may differ.
            is_same = all(is_silent(path, undone) for path in undone.entries)
            find = None if is_same else lambda: layout_of(self._tree(root))
            self._roles[root] = now.of_others(undone.files(root), find)
        return self._roles[root]

    def _tree(self, root: str) -> Tree:
        undone = self._undone
        return tree_of(undone.before) if isinstance(undone, Trees) else tree_before(root, undone)


def _is_repository(root: str) -> bool:
    """Return whether commands are searched in all files below a root."""
    return os.path.lexists(os.path.join(root, ".git"))


def decisive(role: Role) -> Hashable:
    """Return what decides how a file is judged; evidence moves with the lines above it."""
    chains = frozenset(
        (one.files, one.env_files, one.project_directory, one.profiles, one.name)
        for one in role.chains
    )
    return role.loading, role.purpose, chains, role.platform and role.platform[0]
