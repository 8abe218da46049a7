"""The verdict on the project of a Compose file, or on the file alone."""

from __future__ import annotations

import posixpath

from tightship.engine.accept.suppression import of_yaml
from tightship.engine.judge.compose_subjects import first_document, lost_parts
from tightship.engine.judge.project import judge_project, judged_subjects, refused
from tightship.engine.load.project import load_project
from tightship.engine.plan.candidates import language_of
from tightship.engine.plan.project_files import project_files
from tightship.engine.plan.skipped import SkippedFile
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.loading.options import MAIN_NAMES
from tightship.frontends.compose.project import ComposeFile
from tightship.frontends.compose.specification.kind import has_services, kind_of
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict


def judge_compose(job: Job) -> Verdict | SkippedFile | None:
    """Return the verdict on the project that a candidate belongs to.

    A file that was not named and is no Compose file is skipped; None is for one that does
    not look like one either.
    """
    disk, candidate = job.files, job.candidate
    loading, name = Loading(disk, disk.parsed), job.name
    stream = loading.stream(name, None)
    if stream is None:
        source = disk.read(name)
        assert not isinstance(source, Source)
        return refused(disk.root, source, job.runner)
    files = project_files(disk, candidate, job.options)
    is_first = files.paths[:1] == [candidate.path]
    # A file of another name was found by a word in its text.
    by_name = candidate.kind != "side" or language_of(posixpath.basename(name)) is not None
    if not by_name and stream.problems:
        message = "it has services, but is not valid YAML"
        return SkippedFile(candidate.path, "invalid-yaml", message)
    # What an invocation merges may lack the images that show a Compose file by itself.
    role = candidate.role
    is_merged = role is not None and (role.loading == "unknown" or bool(role.chains))
    if not by_name and not is_merged and not has_services(stream.documents):
        return None
    # Compose reads a file of these names, whatever is in it.
    is_main = posixpath.basename(name) in MAIN_NAMES
    is_named = is_main or candidate.kind == "named"
    reason = no_compose_file(stream, is_named=is_named, is_main=is_main) if is_first else None
    if is_empty(stream):
        # Compose refuses an empty project, and takes an empty file next to others.
        others = (loading.stream(disk.name(p) or p, None) for p in files.paths[1:])
        if any(one is not None and not is_empty(one) for one in others):
            reason = None
        elif not is_named:
            return SkippedFile(candidate.path, "empty", "it is empty")
    if reason is not None:
        return _of_other_file(job, stream, reason)
    settings = job.runner.policy.settings if job.runner.policy is not None else None
    verdict = judge_project(job, load_project(disk, files, loading, settings))
    return verdict if is_first else verdict.about(stream.source)


def _of_other_file(job: Job, stream: yaml.Stream, reason: str) -> Verdict | SkippedFile:
    """Return the verdict on a file that is no Compose file, for a reason or without one."""
    if not reason and not stream.problems:
        message = "it has no `services`"
        return SkippedFile(job.candidate.path, "no-services", message)
    file = ComposeFile(stream, first_document(stream), is_compose=False)
    about = [file, *lost_parts(stream, reason)]
    made = judged_subjects(job.runner, about, None, of_yaml(stream))
    return made.verdict(job.files.root, stream.source)


def is_empty(stream: yaml.Stream) -> bool:
    """Return whether a file has no content at all."""
    root = first_document(stream)
    is_empty = isinstance(root, yaml.Scalar) and not root.value and not root.style
    return is_empty and len(stream.documents) <= 1 and not stream.lost


def no_compose_file(stream: yaml.Stream, *, is_named: bool, is_main: bool) -> str | None:
    """Return why this is no Compose file: None if it is one, empty without a reason."""
    root, kind = first_document(stream), kind_of(stream.documents)
    if kind == "compose":
        return None
    if kind == "compose-v1":
        return (
            "this is a Compose file of version 1, which Compose no longer reads:"
            " move its services below `services:`"
        )
    if isinstance(root, yaml.Mapping):
        if not is_named:
            return ""
        if kind == "kubernetes":
            return "this is a Kubernetes manifest, not a Compose file"
        if is_main and root.entries:
            return None
        return "this is not a Compose file: it has no `services`"
    if stream.lost:
        return ""
    if is_empty(stream):
        return "this file is empty, and Compose rejects an empty project"
    return "this is not a Compose file: it holds no mapping with `services`"
