"""From a job to its verdicts. They depend on the job alone, and on no other one."""

from __future__ import annotations

import os

from tightship.engine.judge.project import judge_project, refused
from tightship.engine.plan.candidates import COMMANDS
from tightship.engine.plan.scope import SkippedFile
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict
    from tightship.syntax.dockerfile.nodes import Dockerfile

    Outcome: TypeAlias = Verdict | SkippedFile
    Judge: TypeAlias = Callable[[Job], list[Outcome]]

_NAMES = frozenset(("dockerfile", "containerfile"))
# A file with one of them may take services from another, or have a name in parts.
_ELSEWHERE = ("include", "extends", "\\", "$")


def judge(job: Job, judge_above: Judge | None = None) -> list[Outcome]:
    """Return the verdicts on the projects of a job, and the files that are none.

    ``judge_above`` judges the projects above a Dockerfile, if something else than this
    function shall: a run remembers them.
    """
    if job.candidate.language == "dockerfile":
        return _with_projects_above(job, judge_above or judge)
    if job.candidate.language == COMMANDS:
        return [_of_commands(job)]
    from tightship.engine.judge.compose import judge_compose

    found = map(judge_compose, job.projects)
    return [one for one in found if one is not None]


class Remembering:
    """Judges each project above some Dockerfiles once, by the same rules."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[Job, list[Outcome]]] = {}

    def __call__(self, job: Job) -> list[Outcome]:
        """Return the verdicts on the project of a job."""
        key = job.candidate.path, id(job.runner)
        if key not in self._known:
            self._known[key] = job, judge(job)
        first, found = self._known[key]
        job.files.add_record(first.files)
        return found


def _with_projects_above(job: Job, judge_above: Judge) -> list[Outcome]:
    """Judge a Dockerfile with the projects that build it, or else alone."""
    name = job.name
    skipped: list[Outcome] = []
    built: list[Outcome] = []
    is_whole = False
    for project in job.above:
        if not _may_build(project, job.candidate.path):
            job.files.add_record(project.files)
            continue
        for one in judge_above(project):
            if isinstance(one, SkippedFile):
                skipped.append(one)
            elif name in one.builders:
                job.files.add_record(project.files)
                built += (one.about(source) for source in one.sources if source.name == name)
                is_whole = is_whole or any(source.name == name for source in one.members)
    return [*skipped, *built, *([] if is_whole else [_alone(job)])]


def _may_build(project: Job, path: str) -> bool:
    """Return whether a project may build a Dockerfile, by the words of its files alone.

    Most projects above one are not about it, and need not be loaded to know that: a service
    names its folder, unless that is the one of the project.
    """
    if project.candidate.language != "compose" or project.file_sets or project.options.files:
        return True
    from tightship.engine.plan.job import project_files, texts_of

    (folder, last), here = os.path.split(path), project.candidate.folder
    found = project_files(project.files, project.candidate, project.options)
    texts = texts_of(project.files, found)
    if any(word in text for text in texts for word in _ELSEWHERE):
        return True
    named = last if folder == here else os.path.basename(folder)
    is_usual = folder == here and last in ("Dockerfile", "Containerfile")
    return any("build" in text and (is_usual or named in text) for text in texts)


def _alone(job: Job) -> Outcome:
    """Return the verdict on a Dockerfile alone, with its default target.

    A file that was not named and only has the name of a Dockerfile is skipped. One that
    is loaded is not read again.
    """
    if job.loaded is not None:
        return judge_project(job, job.loaded)
    path = job.candidate.path
    source = job.files.read_dockerfile(path)
    if not isinstance(source, Source):
        return refused(job.files.root, source, job.runner)
    from tightship.engine.load.dockerfiles import load_dockerfile

    loaded = load_dockerfile(job.files, source)
    assert loaded.built is not None
    file, is_named = loaded.built.files[source.name], job.candidate.kind == "named"
    if not is_named and (skipped := _left_out(job, path, file)) is not None:
        return skipped
    return judge_project(job, loaded)


def _of_commands(job: Job) -> Outcome:
    """Return the verdict on the containers that the commands of a file start."""
    source = job.files.read(job.candidate.path)
    if not isinstance(source, Source):
        return refused(job.files.root, source, job.runner)
    from tightship.engine.load.declared import load_declared

    loaded = load_declared(job, source)
    if loaded is None:
        return SkippedFile(job.candidate.path, "no-container", _why_nothing(source))
    return judge_project(job, loaded)


def _why_nothing(source: Source) -> str:
    """Return why a file starts no container; another one may do it with what it says."""
    from tightship.frontends.devcontainer.project import compose_files
    from tightship.frontends.names import has_section

    files = compose_files(source)
    if has_section(source.name, source.text):
        return "it is a part of other units: check their `.container`, with which it is read"
    if not files:
        return "nothing in it starts a container or builds an image by itself"
    return f"Compose starts its container: check {' and '.join(files)}"


def _left_out(job: Job, path: str, file: Dockerfile) -> SkippedFile | None:
    """Return why a file with more in its name than `Dockerfile` is none by its content."""
    if os.path.basename(path).lower() in _NAMES:
        return None
    if file.template is not None:
        return SkippedFile(path, "template", "it is a template")
    if any(one.name == "FROM" for one in file.instructions):
        return None
    from tightship.syntax.dockerfile.instruction import FORMS

    known = [one.name in FORMS for one in file.instructions]
    if not any(known):
        return SkippedFile(path, "no-instruction", "it has no instruction of Dockerfiles")
    if not all(known) or _is_built(job, path):
        return None
    return SkippedFile(path, "no-base", "it has no `FROM`, so it is only a part of a Dockerfile")


def _is_built(job: Job, path: str) -> bool:
    """Return whether a command builds a Dockerfile as it is."""
    builds = job.find_roles().builds if job.find_roles is not None else ()
    return any(path in one.dockerfiles and one.is_certain for one in builds)
