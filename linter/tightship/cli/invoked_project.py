"""The projects that a command asks about: by paths, by `-f`, or the one that Compose loads here."""

from __future__ import annotations

import os

from tightship.cli.console import UsageError, print_error
from tightship.cli.operands import Operands, check_services, refuse_missing
from tightship.engine.disk.files import Files
from tightship.engine.disk.given import look_up
from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import project_root, real_path
from tightship.engine.judge.judge import judge
from tightship.engine.plan.candidates import Candidate, main_file
from tightship.engine.plan.job import job_for
from tightship.engine.verdict import Verdict
from tightship.lazy import TYPE_CHECKING, Record, lazy_property
from tightship.values.compose_name import OVERRIDE_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from tightship.cli.options import ComposeOptions
    from tightship.engine.disk.files import Disk
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.job import Job
    from tightship.engine.plan.plan import Plan
    from tightship.engine.plan.scope import RootedGap, SkippedFile
    from tightship.engine.roles.role import Role
    from tightship.engine.rule_runner import RuleRunner
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.report.json import Json


class InvokedProject:
    """A project that a command asks; ``files`` are those on the disk."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.files = job.files
        self.left_out = list["SkippedFile"]()

    def judged(self, runner: RuleRunner, files: Files | None = None) -> list[Verdict]:
        """Return the verdict on the project; none if it is no project."""
        found = [*judge(self.job.replaced(runner=runner, files=files or self.files))]
        self.left_out = [one for one in found if not isinstance(one, Verdict)]
        return [one for one in found if isinstance(one, Verdict)]

    @lazy_property
    def verdicts(self) -> list[Verdict]:
        """Return the verdict by the rules of the job."""
        return self.judged(self.job.runner)

    @property
    def loaded(self) -> LoadedProject | None:
        """Return the project if it has services."""
        found = self.verdicts[0].project if self.verdicts else None
        return found if found is not None and found.containers else None

    @property
    def has_gaps(self) -> bool:
        """Return whether a part of it could not be checked, or Compose rejects one."""
        return any(one.unchecked for one in self.verdicts)

    @property
    def services(self) -> list[str]:
        """Return the names of its services."""
        return [one.name for one in self.loaded.containers] if self.loaded else []

    @property
    def paths(self) -> list[str]:
        """Return the absolute paths of the files that Compose merges, the first one first."""
        compose = self.loaded.compose if self.loaded else None
        names = compose.paths if compose is not None else [self.job.candidate.path]
        return [self.files.path(name) for name in names]

    @property
    def command(self) -> str:
        """Return the `tightship explain` that loads the same, for a shell."""
        from shlex import quote  # rare

        from tightship.report.terminal import visible_path

        options, here = self.job.options, real_path(os.curdir)
        words = [word for one in self.shown_paths for word in ("-f", one)]
        for name, values in (
            ("--env-file", (os.path.relpath(one, here) for one in options.env_files)),
            ("--project-directory", filter(None, [options.project_directory])),
            ("--profile", options.profiles),
        ):
            words += (word for one in values for word in (name, one))
        return " ".join(("tightship explain", *(visible_path(quote(one)) for one in words)))

    @property
    def shown_paths(self) -> list[str]:
        """Return its paths as seen from the current folder."""
        here = real_path(os.curdir)
        return [os.path.relpath(path, here).replace(os.sep, "/") for path in self.paths]

    @property
    def data(self) -> dict[str, Json]:
        """Return the project as plain data for JSON: its first file, and all that are merged."""
        return {"project": self.shown_paths[0], "files": [*self.shown_paths]}

    @property
    def title(self) -> str:
        """Return the path of its first file, and those that a command merges over it."""
        first, *others = self.shown_paths
        named = (one for one in others if os.path.basename(one) not in OVERRIDE_NAMES)
        return " + ".join((first, *named))


class Invoked(Record):
    """The projects that a command line names, and the services.

    ``is_many`` tells that they may be several: a folder or several paths are named.
    ``is_whole`` is false if something below a folder could not be read. ``role`` is that of
    the only file that is named.
    """

    projects: Sequence[InvokedProject]
    names: Sequence[str] = ()
    is_many: bool = False
    is_whole: bool = True
    role: Role | None = None

    @property
    def has_gaps(self) -> bool:
        """Return whether a part of them could not be checked."""
        return not self.is_whole or any(one.has_gaps for one in self.projects)


def invoked(
    words: Sequence[str],
    options: ComposeOptions,
    configs: Configs,
    runner: RuleRunner | None = None,
    *,
    has_key: bool = False,
    disk: Disk | None = None,
) -> Invoked:
    """Return the projects and services that operands name; print what could not be checked.

    Args:
        words: the operands.
        options: those of Compose.
        configs: the settings.
        runner: runs the rules, in place of those that the settings select.
        has_key: whether the word after a service is a key, as for `explain`, which prints
            itself what Compose rejects.
        disk: what is known of the disk.

    Raises:
        ConfigError: if a configuration file is invalid.
        UsageError: if there is no such project or service.

    """
    operands = Operands.read(words, has_files=bool(options.loading.files), has_key=has_key)
    search = _Search(options, configs, runner, disk)
    if operands.paths:
        _refuse_ambiguous(operands, search)
        found = search.at(operands.paths)
    else:
        found = [search.here(operands.names)]
    if not has_key:
        _print_gaps([verdict for one in found for verdict in one.verdicts], search.unread)
    is_many = len(operands.paths) > 1 or any(map(os.path.isdir, operands.paths))
    if not found:
        search.refuse_left_out()
    names = operands.names[:1] if has_key else operands.names
    projects = _with_services(found, names, operands)
    return Invoked(projects, operands.names, is_many, search.is_whole, search.role)


def merged_paths(
    first: str, options: ComposeOptions, configs: Configs, disk: Disk
) -> Sequence[str]:
    """Return the paths of the project of a file, with what commands merge over it."""
    found = _Search(options, configs, None, disk).at([first])
    return found[0].paths if found else [first]


def _with_services(
    found: list[InvokedProject], names: Sequence[str], operands: Operands
) -> list[InvokedProject]:
    """Return the projects that have some services; all of them, without names.

    Raises:
        UsageError: if there is no project, or no such service.

    """
    known = [*dict.fromkeys(name for one in found for name in one.services)]
    if not found:
        raise UsageError(f"no Compose project below {', '.join(operands.paths)}")
    if not known:
        every = [one for project in found for one in project.verdicts]
        if any(one.unchecked for one in every):
            raise UsageError("the project has no services here; `tightship check` shows why")
        if all(one.noun == "service" for one in every):
            raise UsageError(
                "the project has no services here; Compose loads it and starts nothing"
            )
        raise UsageError("nothing here starts a container; `tightship check` checks what is built")
    check_services(names, known)
    if not names:
        return found
    return [one for one in found if not set(names).isdisjoint(one.services)]


def _refuse_ambiguous(operands: Operands, search: _Search) -> None:
    """Refuse a word that is both a folder and a service.

    Raises:
        UsageError: if there is one.

    """
    for word in operands.words:
        others = [path for path in operands.paths if path not in operands.words]
        for one in search.at(others) if others else search.here_if_any():
            if word in one.services:
                here = real_path(os.curdir)
                files = " ".join(f"-f {os.path.relpath(path, here)}" for path in one.paths)
                raise UsageError(
                    f"`{word}` is a folder and a service: `./{word}` means the folder, and"
                    f" `{files} {word}` the service"
                )


class _Search:
    """Finds projects; ``is_whole`` is false after something could not be read.

    ``role`` is that of the only file that was named.
    """

    def __init__(
        self,
        options: ComposeOptions,
        configs: Configs,
        runner: RuleRunner | None,
        disk: Disk | None = None,
    ) -> None:
        self._disk = disk
        self.role: Role | None = None
        self._options = options.loading
        self._configs = configs
        self._runner = runner
        self.is_whole = True
        self.left_out = list["SkippedFile"]()
        self.unread = list["SkippedFile"]()  # what starts containers below a folder

    def refuse_left_out(self) -> None:
        """Raise UsageError for the first file that was left out, if there is one."""
        for first in self.left_out:
            name = os.path.relpath(first.path, real_path(os.curdir)).replace(os.sep, "/")
            raise UsageError(f"{name} was not checked: {first.message}")

    def here(self, names: Sequence[str]) -> InvokedProject:
        """Return the project of `-f`, or the one that Compose loads in the current folder.

        Raises:
            UsageError: if there is none; one of the names may be meant as a path.

        """
        for one in self.here_if_any():
            return one
        for name in names:
            refuse_missing(name)
        from tightship.report.wording import counted, listed

        none = "no Compose file in this folder or above"
        below = [one.title for one in self.at([os.curdir]) if one.loaded is not None]
        if not below:
            raise UsageError(f"{none}; name a file or a folder")
        found = f"below are {counted(len(below), 'project')}: {listed(below)}"
        raise UsageError(f"{none}; {found}; name one, or `.` for all of them")

    def here_if_any(self) -> Iterator[InvokedProject]:
        """Yield that project, if there is one."""
        here, given = real_path(os.curdir), self._options.files
        named = [*map(look_up, given)]
        first = named[0].full if named else _main_file_above(here)
        if first is not None:
            near = named[0] if named else os.path.dirname(first)
            files = Files(project_root(near, others=named, here=here))
            candidate = Candidate(first, "named" if given else "main", first, "compose")
            found = self._project(job_for(candidate, files, self._configs, self._options))
            # Commands may merge what it lacks: they are searched for a path.
            yield found if given or not found.has_gaps else next(iter(self.at([first])), found)

    def at(self, paths: Sequence[str]) -> list[InvokedProject]:
        """Return the projects at and below paths, in the order in which they are checked.

        Raises:
            UsageError: if a path cannot be read, or means no project.

        """
        from tightship.engine.plan.planning import plan_paths

        plan = plan_paths(paths, self._configs, self._options, disk=self._disk)
        found: dict[tuple[str, ...], InvokedProject] = {}
        for job in plan.jobs():
            if isinstance(job, Refusal):
                self._refuse(job, paths)
                continue
            if job.candidate.kind == "named" and len(paths) == 1:
                self.role = job.candidate.role
            if job.candidate.language == "dockerfile":
                for one in self._building(job) if job.candidate.kind == "named" else ():
                    found.setdefault(tuple(one.paths), one)
            else:
                for one in self._projects(plan, job):
                    plan.add(job, one.verdicts)
                    for verdict in one.verdicts:
                        plan.scope.add(verdict)
                    one = self._whole(one)
                    if one.verdicts:
                        found.setdefault(tuple(one.paths), one)
                    elif job.candidate.kind == "named":
                        self.left_out += one.left_out
        self.unread += (one for one in plan.scope.left if one.does == "starts")
        return [*found.values()]

    def _projects(self, plan: Plan, job: Job) -> Iterable[InvokedProject]:
        found = [*map(self._project, job.projects)]
        merged = plan.completed(job, [verdict for one in found for verdict in one.verdicts])
        return found if merged is None else map(self._project, merged.projects)

    def _project(self, job: Job) -> InvokedProject:
        runner = self._runner or job.runner
        return InvokedProject(job.replaced(runner=runner, file_sets=None))

    def _whole(self, project: InvokedProject) -> InvokedProject:
        """Return the project of a file that Compose merges over another one."""
        first, job = project.paths[0], project.job
        if first == job.candidate.path:
            return project
        is_named = bool(job.options.files)
        whole = Candidate(first, "named" if is_named else "main", first, "compose")
        return self._project(job.replaced(candidate=whole))

    def _building(self, job: Job) -> list[InvokedProject]:
        """Return the projects above a Dockerfile that build it.

        Raises:
            UsageError: if there are none.

        """
        above = (self._project(part) for one in job.above for part in one.projects)
        found = [one for one in above if any(job.name in v.builders for v in one.verdicts)]
        if not found:
            raise UsageError(f"no service builds `{job.name}`: name a Compose file or a folder")
        return found

    def _refuse(self, refusal: Refusal, paths: Sequence[str]) -> None:
        if refusal.name in paths:
            raise UsageError(refusal.message)
        print_error(refusal.message)
        self.is_whole = False


def choice(titles: Sequence[str]) -> str:
    """Return what to do where one project is wanted, and there are several."""
    from tightship.report.wording import listed

    hint = "; `-f` takes several files" if any(" + " in one for one in titles) else ""
    return f"name one of {listed(titles)}{hint}"


def _print_gaps(verdicts: Sequence[Verdict], unread: Sequence[SkippedFile]) -> None:
    """Print what could not be checked, and what was not read."""
    gaps = unchecked(verdicts)
    if not gaps and not unread:
        return
    from tightship.report.wording import gap_lines, skipped_lines

    here = real_path(os.curdir)
    lines = [*gap_lines(gaps, here, is_whole=True)]
    lines += skipped_lines(unread, here, is_whole=False, lister="tightship check -v")
    for line in lines:
        print_error(line)


def unchecked(verdicts: Iterable[Verdict]) -> Sequence[RootedGap]:
    """Return what of projects could not be checked, or Compose rejects, without secrets."""
    from tightship.report.report import Summary

    summary = Summary()
    for one in verdicts:
        summary.add(one.replaced(gaps=one.unchecked))
    return summary.scope.gaps


def gaps_of(project: InvokedProject) -> list[Json]:
    """Return the same of a project as plain data for JSON."""
    from tightship.report.json import gap_data

    return [gap_data(gap) for _, gap in unchecked(project.verdicts)]


def _main_file_above(folder: str) -> str | None:
    while (found := main_file(folder)) is None:
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
    return found
