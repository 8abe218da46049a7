"""Jobs: what is judged in one go, and how, and the files of its project."""

from __future__ import annotations

import os

from tightship.engine.plan.candidates import COMMANDS
from tightship.frontends.compose.loading.invocation import Options, invocation
from tightship.lazy import Record
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Protocol

    from tightship.config.settings import Settings
    from tightship.engine.accept.baseline import Baseline
    from tightship.engine.disk.files import Files
    from tightship.engine.plan.candidates import Candidate
    from tightship.engine.plan.config_files import Configs
    from tightship.engine.plan.file_sets import FileSet
    from tightship.engine.roles.decide import Roles
    from tightship.engine.rule_runner import RuleRunner
    from tightship.images.own_facts import OwnFacts
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject
    from tightship.model.asking import Asked

    class Changed(Protocol):
        """The paths that a change touches, and the texts that they had."""

        @property
        def paths(self) -> Iterable[str]:
            """Return the paths."""
            ...

        def of(self, path: str) -> str:
            """Return what it does to a file."""
            ...

        def touch(self, files: Files) -> bool:
            """Return whether it touches recorded files."""
            ...

        def text_before(self, path: str) -> str | None:
            """Return the text that a file had."""
            ...

    class Memory(Protocol):
        """What the last judgement of the same project has left."""

        def begin(self) -> Asked:
            """Return what takes note of the questions in a new judgement."""
            ...

        def judging(self, job: Job, loaded: LoadedProject) -> Judging | None:
            """Return the judgement of a project, if something of it can be kept or was kept."""
            ...

    class Judging(Protocol):
        """One judgement of a project."""

        def subjects(self, container: Container) -> Iterable[object]:
            """Yield what is known about a container, or else what the rules find now."""
            ...

        def end(self) -> None:
            """Keep what was found, for the next judgement."""

    from tightship.engine.roles.role import Role
    from tightship.frontends.compose.loading.invocation import Invocation
    from tightship.model.reading import Variables

USUAL = Options()
"""Compose, called without options."""


class Job(Record):
    """A candidate, the files that it is read from, and how it is judged.

    ``runner`` runs the rules that are selected for its folder, and ``options`` are those of
    the invocation of Compose. ``file_sets`` are the projects that the configuration defines
    for it, or None if it belongs to the project that Compose loads by itself. ``baseline``
    holds the known findings there, and findings of severity ``fail_on`` and above make a
    run fail. ``find_above`` returns the jobs of the projects above a Dockerfile, which may
    build it. A Dockerfile that is ``loaded`` is not read again. ``check_cancelled`` is
    called between subjects; an exception from it ends the work. ``find_roles`` returns
    what decides the roles of its files. ``settings`` say what something else provides,
    whichever rules run, and ``facts`` are those of the user's own, for fixes. ``changes``
    are for facts that ask for them. ``memory`` has what the last judgement found.
    """

    files: Files
    candidate: Candidate
    runner: RuleRunner
    options: Options = USUAL
    file_sets: Sequence[FileSet] | None = None
    baseline: Baseline | None = None
    fail_on: str = "warning"
    find_above: Callable[[Job], Iterable[Job]] | None = None
    loaded: LoadedProject | None = None
    check_cancelled: Callable[[], None] | None = None
    find_roles: Callable[[], Roles] | None = None
    settings: Settings | None = None
    facts: OwnFacts | None = None
    changes: Changed | None = None
    memory: Memory | None = None

    @property
    def name(self) -> str:
        """Return the name of the candidate, as findings show it."""
        path = self.candidate.path
        return self.files.name(path) or path

    @property
    def is_merged(self) -> bool:
        """Return whether an invocation in the repository says what it is merged with."""
        role = self.candidate.role
        return self.file_sets is not None and role is not None and bool(role.chains)

    @property
    def above(self) -> Iterable[Job]:
        """Return the jobs of the projects above, which may build a Dockerfile."""
        return self.find_above(self) if self.find_above is not None else ()

    @property
    def projects(self) -> list[Job]:
        """Return a job for each project to judge, with the options of its invocation."""
        if self.file_sets is None:
            return [self]
        return [
            self.replaced(
                candidate=one.candidate(self.candidate), options=one.options, file_sets=None
            )
            for one in self.file_sets
        ]


def job_for(candidate: Candidate, files: Files, configs: Configs, options: Options = USUAL) -> Job:
    """Return the job of a candidate.

    Args:
        candidate: a file, and its relation to its folder.
        files: gives files, those of configurations included.
        configs: the settings of the run.
        options: the options of the invocation of Compose.

    Raises:
        ConfigError: if a configuration file is invalid.

    """
    folder = os.path.dirname(candidate.path)
    settings = configs.of(folder, files)
    usual = settings.fail_on if settings is not None else "warning"
    return Job(
        files,
        candidate,
        configs.runner(folder, files),
        options,
        planned_file_sets(candidate, settings, options),
        configs.baseline(folder, files),
        configs.command_line.fail_on or usual,
        settings=settings,
        facts=configs.facts(folder, files),
    )


def planned_file_sets(
    candidate: Candidate, settings: Settings | None, options: Options = USUAL
) -> list[FileSet] | None:
    """Return the file sets that a candidate is judged with, or None.

    A Dockerfile has none, and neither has a project that the command line names.
    """
    is_defined = settings is not None and (settings.file_sets or settings.platform)
    is_merged = candidate.role is not None and candidate.role.chains
    if options.files or not (is_defined or is_merged):
        return None
    if candidate.language in ("dockerfile", COMMANDS):
        return None
    from tightship.engine.plan.file_sets import file_sets_for

    return file_sets_for(candidate, settings, options)


class ProjectFiles(Record):
    """The files of a project.

    ``paths`` are the files that Compose would load, absolute, the main one first.
    ``is_side`` is true for a single file that Compose does not load by itself, and
    ``is_overlay`` for one that is merged over others, which are not known. ``platform`` adds
    parts to them: its name in the configuration, and what shows it.
    """

    paths: list[str]
    directory: str
    variables: Variables
    is_side: bool = False
    is_overlay: bool = False
    platform: tuple[str, str] | None = None


def project_files(files: Files, candidate: Candidate, options: Options) -> ProjectFiles:
    """Return the files of the project that a candidate stands for.

    A file that Compose loads in its folder stands for the project there, any other file
    for itself.
    """

    def called(folder: str, options: Options) -> Invocation:
        return invocation(
            folder,
            options,
            exists=files.exists,
            read=files.read,
            ceiling=files.root if options.files else folder,
        )

    here = files.start()
    call = called(here if options.files else candidate.folder, options)
    if options.files or candidate.kind == "main" or candidate.path in call.files:
        paths = call.files or [candidate.path]
        platform = candidate.role.platform if candidate.role is not None else None
        return ProjectFiles(paths, call.directory, call.variables, platform=platform)
    role = candidate.role or _role(files, candidate.path)
    chain = role.chains[0] if role.chains else None
    alone = Options(
        files=chain.files if chain is not None else (candidate.path,),
        env_files=options.env_files,
        project_directory=options.project_directory,
        environment=options.environment,
    )
    call = called(here, alone)
    is_overlay = chain is None and role.loading in ("overlay", "unknown")
    is_side = chain is None and (is_overlay or candidate.language is not None)
    given = call.files, call.directory, call.variables
    return ProjectFiles(*given, is_side=is_side, is_overlay=is_overlay, platform=role.platform)


def texts_of(files: Files, found: ProjectFiles) -> list[str]:
    """Return the texts of a project's files, as far as they can be read."""
    return [one.text for one in map(files.read, found.paths) if isinstance(one, Source)]


def _role(files: Files, path: str) -> Role:
    """Return the role of a file by its content, where no run has decided it."""
    from tightship.engine.roles.decide import Roles

    return Roles(files).of(path)


def main_project(files: Files, folder: str) -> ProjectFiles | None:
    """Return the files that Compose loads by itself in a folder, if there are any."""
    call = invocation(folder, Options(), exists=files.exists, read=files.read, ceiling=folder)
    return ProjectFiles(call.files, call.directory, call.variables) if call.files else None
