"""The plan of a run: its jobs, in the order in which they are judged.

The command line, the API and the language server judge the same jobs in the same order.
They differ in where candidates come from, and in when each is judged.
"""

from __future__ import annotations

import os
from functools import partial

from tightship.engine.disk.regular import Refusal
from tightship.engine.disk.root import holds, real_path
from tightship.engine.plan.candidates import COMMANDS, Candidate, main_file
from tightship.engine.plan.job import USUAL, Job, job_for, planned_file_sets
from tightship.engine.plan.role_order import RoleOrder
from tightship.engine.plan.scope import Scope
from tightship.engine.roles.layout import Layout
from tightship.engine.roles.role import PROJECT
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from tightship.engine.disk.files import Files
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.verdict import Verdict
    from tightship.frontends.compose.loading.invocation import Options
    from tightship.isolation.loaded_project import LoadedProject

_MOST_LOADED = 1_000
_LACKING = ("incomplete", "undefined")


class Inputs(Record):
    """What a run judges.

    ``found`` are the candidates, and the paths that are refused. ``files_of`` returns the
    files that a candidate is read from, by its path, and ``main_files`` the main files
    above a path, up to a root. File sets count if they are below one of the ``folders``.
    ``layout_of`` looks at the repository with a root, and ``excluded`` tells whether to leave
    out a file that an invocation in it names.
    """

    found: Sequence[Candidate | Refusal]
    files_of: Callable[[str], Files]
    main_files: Callable[[str, str], Iterator[Candidate]]
    folders: Sequence[str] = ()
    layout_of: Callable[[str], Layout] = lambda _: Layout()
    excluded: Callable[[str], bool] = lambda _: True


class Plan:
    """The jobs of a run.

    Which candidates are judged by themselves depends on the verdicts before: those on each
    job have to be added.
    """

    def __init__(
        self, inputs: Inputs, configs: Configs, options: Options = USUAL, scope: Scope | None = None
    ) -> None:
        """Plan a run.

        Args:
            inputs: what is judged.
            configs: the settings.
            options: the options of the invocation of Compose.
            scope: takes what the search leaves out, and the run.

        Raises:
            UnknownWordError: if the command line names no rule, theme, set or id.
            MissingExtraError: if it names a set whose extra is not installed.

        """
        self.inputs = inputs
        self.configs = configs
        self.scope = Scope() if scope is None else scope
        self.usual_runner = configs.plain_runner()
        self._options = options
        self._parts = set[str]()
        self._done = set[tuple[str, ...]]()
        self._builders: dict[str, frozenset[str]] = {}
        self.roles = RoleOrder(inputs, configs)
        self._loaded: dict[str, LoadedProject] = {}

    @property
    def asks_shellcheck(self) -> bool:
        """Return whether any rule asks for the comments of ShellCheck."""
        return self.usual_runner.asks_shellcheck or self.configs.mention_shellcheck()

    @property
    def compose_files(self) -> int:
        """Return the number of Compose files that were found."""
        found = self.inputs.found
        return sum(isinstance(one, Candidate) and one.language == "compose" for one in found)

    def again(self) -> Plan:
        """Return the same plan from the start, with a scope of its own."""
        made = Plan(self.inputs, self.configs, self._options)
        made.roles = self.roles
        return made

    def candidates(self) -> Iterator[Candidate | Refusal]:
        """Yield the candidates with their roles, in their order."""
        if self._options.files:
            return iter(self.inputs.found)
        return self.roles.candidates(self.scope)

    def jobs(self, found: Iterable[Candidate | Refusal] | None = None) -> Iterator[Job | Refusal]:
        """Yield the jobs in their order; ``found`` stands for the candidates if it is given.

        Raises:
            ConfigError: if a configuration is invalid.

        """
        found = self.candidates() if found is None else found
        for one in in_order(found, self._file_sets_left, self._parts.__contains__):
            yield one if isinstance(one, Refusal) else self._job(one)

    def add(self, job: Job, verdicts: Iterable[Verdict]) -> None:
        """Add the verdicts on a job: files that are a part of it are no jobs themselves."""
        path, is_named = job.candidate.path, job.candidate.kind == "named"
        if job.file_sets is not None and is_named:
            return
        builders = set[str]()
        for verdict in verdicts:
            # For a named Dockerfile, the rest of its project is not reported.
            if job.name not in verdict.builders:
                self._parts.update(self._parts_of(job, verdict))
                builders.update(map(job.files.path, verdict.builders))
                if verdict.project is not None:
                    self._builders[path] = frozenset(builders)

    def add_parts(self, paths: Iterable[str]) -> None:
        """Add files that are part of a project which nobody judges."""
        self._parts.update(paths)

    def _parts_of(self, job: Job, verdict: Verdict) -> Iterator[str]:
        """Yield the files that are judged with a project, and not by themselves.

        What an invocation merges may be in others, too, or a project by itself.
        """
        for source in verdict.members:
            is_part = not job.is_merged or source.name in verdict.builders
            if is_part and (path := job.files.path(source.name)) != job.candidate.path:
                yield path
        yield from map(job.files.path, verdict.parts)

    def completed(self, job: Job, verdicts: Iterable[Verdict]) -> Job | None:
        """Return the job of a named main file that other files complete, by a command.

        Commands are searched only if the file lacks something: that takes time.
        """
        candidate = job.candidate
        is_usual = candidate.kind == "named" and candidate.role is PROJECT
        if not is_usual or candidate.language != "compose" or job.file_sets is not None:
            return None
        from tightship.frontends.compose.project import ComposeProject  # is loaded by now

        loaded = (one.project.compose for one in verdicts if one.project is not None)
        found = (one.inconsistencies for one in loaded if isinstance(one, ComposeProject))
        if not any(fault.kind in _LACKING for faults in found for fault in faults):
            return None
        merged = self._job(candidate.with_role(self.roles.of(job.files).of(candidate.path)))
        return merged if merged.is_merged else None

    def keep_loaded(self, job: Job, verdicts: Iterable[Verdict]) -> None:
        """Keep what was loaded for a Dockerfile alone, for its job."""
        for verdict in verdicts:
            loaded = verdict.project
            is_alone = loaded is not None and loaded.compose is None
            if loaded is not None and is_alone and len(self._loaded) < _MOST_LOADED:
                self._loaded[job.candidate.path] = loaded

    def _job(self, candidate: Candidate) -> Job:
        files = self.inputs.files_of(candidate.path)
        job = job_for(candidate, files, self.configs, self._options)
        job = job.replaced(find_roles=partial(self.roles.of, files))
        if job.runner.asks_shellcheck:
            from tightship.engine.shellcheck.program import shellcheck_program

            shellcheck_program()
        if candidate.kind != "named" and job.file_sets is not None:
            left = [one for one in job.file_sets if one.paths not in self._done]
            self._done.update(one.paths for one in left)
            return job.replaced(file_sets=left)
        if candidate.language is None:
            from tightship.engine.plan.unusual import declares_containers, is_dockerfile

            given = candidate.path, candidate.kind, candidate.project
            if is_dockerfile(files, candidate.path):
                candidate = Candidate(*given, "dockerfile", candidate.folder)
            elif declares_containers(files, candidate.path):
                return job.replaced(candidate=Candidate(*given, COMMANDS, candidate.folder))
        if candidate.language != "dockerfile":
            return job
        loaded = self._loaded.pop(candidate.path, None)
        return job.replaced(candidate=candidate, find_above=self._above, loaded=loaded)

    def _above(self, job: Job) -> Iterator[Job]:
        """Yield the jobs of the projects above a Dockerfile, judged by its rules."""
        path = job.candidate.path
        for main in self.inputs.main_files(path, job.files.root):
            if main.path in self._parts:
                continue
            settings = self.configs.of(os.path.dirname(main.path), job.files)
            file_sets = planned_file_sets(main, settings, self._options)
            runner = job.runner.for_dockerfiles
            above = job.files.apart(), main, runner, self._options, file_sets
            facts = self.configs.facts(os.path.dirname(main.path), job.files)
            yield Job(
                *above,
                settings=settings,
                facts=facts,
                find_roles=job.find_roles,
                changes=job.changes,
            )
        if any(one.front_ends for one in self.configs.met()):
            yield from self._bakes_above(job)

    def _bakes_above(self, job: Job) -> Iterator[Job]:
        """Yield the jobs of the bake files above a Dockerfile, where the settings ask for them."""
        from tightship.engine.plan.front_ends import bake_files_above

        for one in bake_files_above(job.candidate.path, job.files.root, job.files.exists):
            settings = self.configs.of(one.folder, job.files)
            if settings is not None and "bake" in settings.front_ends:
                yield job.replaced(
                    files=job.files.apart(),
                    candidate=one,
                    settings=settings,
                    find_above=None,
                    loaded=None,
                )

    def _file_sets_left(self) -> Iterator[FileSet]:
        """Yield the configured file sets that were not judged."""
        for one in file_sets_below(self.inputs.folders, self.configs.file_sets()):
            if one.paths not in self._done:
                yield one


def in_order(
    candidates: Iterable[Candidate | Refusal],
    file_sets: Callable[[], Iterable[FileSet]],
    judged: Callable[[str], bool],
) -> Iterator[Candidate | Refusal]:
    """Yield candidates in the order in which they are judged, each with its project.

    Compose files come as they are found, then the file sets without a candidate, then
    Dockerfiles, since a Dockerfile that a service builds is judged with that service.

    Args:
        candidates: the candidates of discovery.
        file_sets: returns the file sets that no candidate stands for.
        judged: returns whether a path is part of a project that was judged before.

    """
    dockerfiles = list[Candidate]()
    for one in candidates:
        if isinstance(one, Refusal):
            yield one
        elif one.language == "dockerfile":
            dockerfiles.append(one)
        elif not judged(one.path):
            yield one
    for file_set in file_sets():
        yield Candidate(file_set.paths[0], "side", None, "compose")
    for one in dockerfiles:
        if not judged(one.path):
            yield one


def file_sets_below(folders: Iterable[str], file_sets: Iterable[FileSet]) -> Iterator[FileSet]:
    """Yield the file sets whose main file is in or below one of some folders."""
    folders = [real_path(folder) for folder in folders]
    for one in file_sets:
        if any(holds(folder, one.paths[0]) for folder in folders):
            yield one


def main_files_above(
    path: str,
    root: str,
    exists: Callable[[str], bool] = os.path.lexists,
    read: Callable[[str], bytes | Refusal] | None = None,
    *,
    top: str = "",
) -> Iterator[Candidate]:
    """Yield the main Compose file of a path's folder, and of the folders up to a root.

    A project in a folder above may build a Dockerfile, or include a Compose file.

    Args:
        path: the absolute path of a file.
        root: the highest folder.
        exists: tells whether there is a file at an absolute path.
        read: gives the bytes of `.env`; without it, the disk does.
        top: the folder of the repository; without it, the disk is asked.

    """
    folder = os.path.dirname(path)
    while True:
        main = main_file(folder, exists, read, top=top)
        if main is not None:
            yield Candidate(main, "main", main, "compose", folder)
        above = os.path.dirname(folder)
        if folder == root or above == folder:
            return
        folder = above
