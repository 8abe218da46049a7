"""The verdict on the project of a Compose file, or on the file alone."""

from __future__ import annotations

from tightship.engine.accept.suppression import of_yaml
from tightship.engine.judge.compose_subjects import lost_parts
from tightship.engine.judge.project import judge_project, judged_subjects, refused
from tightship.engine.load.project import is_script, load_project, read_candidate
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.compose_text import is_unfilled
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeFile
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict
    from tightship.syntax.yaml import nodes as yaml


def judge_compose(job: Job) -> Verdict | SkippedFile | None:
    """Return the verdict on the project that a candidate belongs to.

    A file that was not named and is no Compose file is skipped; None is for one that does
    not look like one either.
    """
    disk = job.files
    loading = Loading(disk, disk.parsed)
    stream = loading.stream(job.name, None)
    if stream is None:
        source = disk.read(job.name)
        assert not isinstance(source, Source)
        return refused(disk.root, source, job.runner)
    found = read_candidate(disk, job.candidate, job.options, loading, stream)
    if found is None or isinstance(found, SkippedFile):
        return found
    if found.reason is not None:
        return _of_other_file(job, stream, found.reason)
    asked = job.memory.begin() if job.memory is not None else None
    loaded = load_project(disk, found.files, loading, job.settings, job.facts, asked)
    verdict = judge_project(job, loaded)
    candidate = job.candidate
    # A platform merges others before the file that stands for the project. A named override
    # means its project; of files that `-f` merges, the report is about the named one.
    is_own = candidate.kind == "named" and not job.options.files
    is_whole = found.is_first or is_own or candidate.project == candidate.path
    return verdict if is_whole else verdict.about(stream.source)


def _of_other_file(job: Job, stream: yaml.Stream, reason: str) -> Verdict | SkippedFile:
    """Return the verdict on a file that is no Compose file, for a reason or without one."""
    if not reason and not stream.problems:
        message = "it has no `services`"
        return SkippedFile(job.candidate.path, "no-services", message)
    about: list[object] = [*lost_parts(stream, reason)]
    if is_unfilled(stream) or is_script(stream):  # which is no YAML at all
        about = about[-1:]
    else:
        about.append(ComposeFile(stream, stream.root, is_compose=False))
    made = judged_subjects(job.runner, about, None, of_yaml(stream))
    return made.verdict(job.files.root, stream.source)
