"""Changed paths, and the projects whose verdicts depend on them."""

from __future__ import annotations

import os

from tightship.engine.change.concern import is_silent
from tightship.engine.change.spared import ChangedFiles, Spared
from tightship.engine.disk.git_tree import Trees
from tightship.engine.disk.recorded import RecordedFiles
from tightship.engine.roles.layout import layout_of
from tightship.engine.roles.tree import tree_before, tree_of
from tightship.engine.verdict import Hiding
from tightship.findings import Gap, Severity
from tightship.values.compose_name import MAIN_NAMES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Hashable, Iterable, Iterator, Sequence

    from tightship.config.settings import Settings
    from tightship.engine.change.before import ProjectBefore
    from tightship.engine.disk.files import Files
    from tightship.engine.disk.git_tree import UndoneChange
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.job import Job
    from tightship.engine.roles.decide import Roles
    from tightship.engine.roles.role import Role
    from tightship.engine.roles.tree import Tree
    from tightship.engine.rule_runner import RuleRunner
    from tightship.engine.verdict import JudgedFinding, Verdict


class Changes:
    """Paths that have changed, absolute and without links.

    ``undone`` leads to the files as they were, and ``moved`` paths were added or removed. A
    folder means all files in it: Git lists submodules like that.

    ``settings`` are those before the change, if findings that the change hides count;
    ``may_configure`` is false if they surely are those after it. With ``reports_all``,
    findings that were there before count too, and with ``touches_all``, every project is
    touched.
    """

    def __init__(self, undone: UndoneChange, moved: Iterable[str]) -> None:
        self.undone = undone
        self.settings: Configs | None = None
        self.may_configure = False
        self.reports_all = False
        self.touches_all = False
        self._roles = RolesBefore(undone)
        names = undone.names if isinstance(undone, Trees) else None
        self._spared = Spared(ChangedFiles(names)) if names is not None else None
        self._moved = {os.path.normcase(path) for path in moved}
        self._edited = undone.entries.keys()
        self._folders = set[str](filter(undone.is_folder, self._edited))
        self._gone = set[str]()
        for path in self._moved:
            up = os.path.dirname(path)
            while up not in self._gone and not undone.is_there(up):
                self._gone.add(up)
                up = os.path.dirname(up)

    def spare(self, job: Job) -> Iterable[str] | None:
        """Return the files of a project that they surely leave as it was; None if unsure."""
        members = self._spared.members(job) if self._spared and not self.touches_all else None
        if members is None or self.name_first(job):
            return None
        return None if self.changed_role(job) else members

    def touch(self, files: Files) -> bool:
        """Return whether they touch recorded files; without a record, they do."""
        if self.touches_all or not isinstance(files, RecordedFiles):
            return True
        if any(self._is_edited(path) for path in _places(files, files.reads)):
            return True
        lookups = _places(files, files.lookups - files.reads)
        return any(path in self._moved or path in self._gone for path in lookups)

    def of(self, path: str) -> str:
        """Return what they do to a file: it is added, changed, removed or unchanged."""
        key = os.path.normcase(path)
        if key in self._moved:
            was = self.undone.entries.get(key) is not None
            return "removed" if not self.undone.is_there(path) else "changed" if was else "added"
        return "changed" if self._is_edited(key) else "unchanged"

    @property
    def paths(self) -> Iterable[str]:
        """Return the paths that have changed."""
        return sorted(self._edited)

    def text_before(self, path: str) -> str | None:
        """Return the text that a changed file had, or none."""
        content = self.undone.content(path)
        return None if content is None else content.decode("utf-8-sig", "replace")

    def _is_edited(self, path: str) -> bool:
        if path in self._edited:
            return True
        if not self._folders:
            return False
        up = os.path.dirname(path)
        while up not in self._folders and os.path.dirname(up) != up:
            up = os.path.dirname(up)
        return up in self._folders

    def record_lookups(self, job: Job) -> None:
        """Record the lookups of main files that decide how a job is judged.

        A main file in its folder makes another Compose file a side file, and one in a
        folder above may build a Dockerfile.
        """
        files, candidate = job.files, job.candidate
        if not isinstance(files, RecordedFiles):
            return
        folder = os.path.dirname(candidate.path)
        while True:
            names = (files.name(os.path.join(folder, name)) for name in MAIN_NAMES)
            files.lookups.update(name for name in names if name is not None)
            above = os.path.dirname(folder)
            if candidate.language == "compose" or folder in (files.root, above):
                break
            folder = above

    def changed_role(self, job: Job) -> Role | None:
        """Return the role that a file had, if it has another one after the changes."""
        above = os.path.normcase(job.files.root) + os.sep
        is_below = any(one.startswith(above) for one in self._edited)
        return self._roles.changed(job) if is_below else None

    def name_first(self, job: Job) -> bool:
        """Return whether a file is judged since they name it: no text before them did."""
        path, texts = job.candidate.path, job.candidate.by
        if not texts or not all(map(self._is_edited, texts)):
            return False
        from tightship.engine.plan.named import places_in

        former, root = self.undone.former.get(path, path), job.files.root
        before = ((one, self.undone.content(one)) for one in self._edited)
        return not any(
            former in places_in(one, text, root, self.undone.now) for one, text in before if text
        )

    def newly_left_out(self, left_out: Collection[tuple[Candidate, Roles]]) -> list[str]:
        """Return the files that were judged, of those that their roles leave out of the run."""
        return [*self._roles.newly_left_out(left_out)] if self._edited else []

    def with_strictest(self, job: Job) -> Job:
        """Return a job with what makes a run fail: a change cannot raise that for itself."""
        configs = self.settings
        if configs is None or not self.may_configure or configs.command_line.fail_on:
            return job
        settings = configs.of(os.path.dirname(job.candidate.path), job.files)
        return job.replaced(fail_on=strictest(job.fail_on, settings))


class ChangeOfJob:
    """What a change does to a job: whether it touches it, and what was there before.

    ``verdicts`` are those after the change, from files that record what they depend on.
    """

    def __init__(self, changes: Changes, job: Job, verdicts: Iterable[Verdict]) -> None:
        former = changes.changed_role(job)
        is_new = changes.name_first(job)
        self.touches = is_new or changes.touch(job.files) or former is not None
        self._changes = changes
        self._job = job
        self._before: ProjectBefore | None = None
        asks = not changes.reports_all or any(one.accepted for one in verdicts)
        if self.touches and asks and not is_new:
            from tightship.engine.change.before import ProjectBefore

            self._before = ProjectBefore(changes.undone, job, former)

    def without_earlier(self, verdicts: list[Verdict], runner: RuleRunner) -> list[Verdict]:
        """Return verdicts by some rules without findings that were there before.

        A proof of fixes, which runs all rules, needs every finding.
        """
        is_proof = runner is not self._job.runner
        if self._before is None or is_proof or self._changes.reports_all:
            return verdicts
        return self._before.without_earlier(verdicts)

    def with_hidden(self, verdicts: list[Verdict]) -> list[Verdict]:
        """Return verdicts in which findings count that comments of the change accept."""
        configs = self._changes.settings
        if self._before is None or configs is None:
            return verdicts
        found = [self._before.newly_accepted(one) for one in verdicts]
        if not any(found):
            return verdicts
        settings = configs.of(os.path.dirname(self._job.candidate.path), self._job.files)
        return [restored(*one, settings) for one in zip(verdicts, found, strict=True)]


def _places(files: RecordedFiles, names: Iterable[str]) -> Iterable[str]:
    """Yield the paths of names, and the targets of those that are links."""
    for name in names:
        path = files.path(name)
        yield os.path.normcase(path)
        real = files.place(name)
        if isinstance(real, str) and real != name:
            yield os.path.normcase(files.path(real))


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


def restored(
    verdict: Verdict, found: Sequence[JudgedFinding], settings: Settings | None
) -> Verdict:
    """Return a verdict in which findings count that the change accepts.

    Args:
        verdict: the verdict after the change.
        found: those of its accepted findings that new comments accept.
        settings: those before the change, which may allow that.

    """
    hidden = [one for one in found if not is_allowed(one, settings)]
    if not hidden:
        return verdict
    known = {id(one) for one in hidden}
    counting = [
        one.hidden(Hiding.at(one.accepted.place))
        for one in hidden
        if one.accepted is not None and one.accepted.place is not None
    ]
    gaps = [Gap(one.span, one.finding.message) for one in hidden if one.is_gap]
    return verdict.replaced(
        findings=sorted([*verdict.findings, *counting], key=lambda one: one.span.order),
        accepted=[one for one in verdict.accepted if id(one) not in known],
        gaps=[*verdict.gaps, *gaps],
    )


def is_allowed(one: JudgedFinding, settings: Settings | None) -> bool:
    """Return whether settings before a change allow that it accepts a finding.

    It has to give a reason, and nothing that may give away the host or every container
    is accepted: no error, whatever severity the settings give it, and none inside it.
    """
    if settings is None or not settings.accept_new_suppressions:
        return False
    if one.accepted is None or not one.accepted.reason:
        return False
    return not _is_error(one)


def strictest(fail_on: str, settings: Settings | None) -> str:
    """Return the stricter `fail-on` of a change and of the settings before it."""
    before = settings.fail_on if settings is not None else "warning"
    order = (*(one.word for one in Severity), "never")
    return min(fail_on, before, key=order.index)


def _is_error(one: JudgedFinding) -> bool:
    usual = one.finding.severity or one.rule.severity
    error = Severity.ERROR
    return error in (usual, one.severity) or any(map(_is_error, one.absorbed))
