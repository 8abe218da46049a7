"""The verdict on the project of a Compose file, or on the file alone, and the subjects in it.

Containers come before the rules that compare them. Gaps come late, since some files are
read only when rules ask for them.
"""

from __future__ import annotations

from tightship.engine.accept.suppression import of_yaml
from tightship.engine.judge.project import judge_project, judged_subjects, refused
from tightship.engine.load.project import is_script, load_project, read_candidate
from tightship.engine.plan.scope import SkippedFile
from tightship.engine.roles.compose_text import is_unfilled
from tightship.findings import ACCEPT_BY_PATH, Gap
from tightship.frontends.compose.loading.load import Loading
from tightship.frontends.compose.project import ComposeFile
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Source, Span
from tightship.values.secret import TextFragment, known_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.engine.plan.job import Job
    from tightship.engine.verdict import Verdict
    from tightship.frontends.compose.project import ComposeProject
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject


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


_HOOKS = ("pre_start", "post_start", "pre_stop", "develop")
_COMMANDS = (("entrypoint",), ("command",), ("healthcheck", "test"))


def compose_subjects(
    loaded: LoadedProject,
    project: ComposeProject,
    of_container: Callable[[Container], Iterable[object]],
) -> Iterator[object]:
    """Yield everything in Compose files that a rule may be about."""
    yield from project.files
    yield from project.services.values()
    yield from _texts(project)
    for container in loaded.containers:
        yield from of_container(container)
    yield from _unread_scripts(project)
    yield project
    yield loaded
    if any(project.names("networks")):
        from tightship.isolation.gateway_mode import open_gateways

        yield from open_gateways(project)
    for file in project.files:
        if file.first:
            yield from lost_parts(file.stream)
    yield from _refused_variables(project)
    yield from (*project.gaps, *project.faults, *project.removals)
    unset = project.unset
    if unset.places:
        yield unset
    yield from project.inconsistencies


def _texts(project: ComposeProject) -> Iterator[TextFragment]:
    """Yield the texts in the files of a project that may contain a token."""
    sources = {file.stream.source for file in project.files}
    suspected = {source for source in sources if known_token(source.text)}
    for file in project.files:  # one for each document
        if file.stream.source not in suspected:
            continue
        for node in yaml.walk(file.root):
            if isinstance(node, yaml.Scalar):
                yield TextFragment(node.value, node.span)
        if file.first:
            for comment in file.stream.comments:
                yield TextFragment(comment.text, comment)
    shared = (f for files in project.env_files.values() for f in files if f.shared)
    for variables in {id(f.source): f for f in shared}.values():
        for entry in variables.entries:
            yield TextFragment(entry.value or "", variables.place(entry))


def lost_parts(stream: yaml.Stream, reason: str = "") -> Iterator[Gap]:
    """Yield the gap of a syntax error, and that of a file that is not checked."""
    if stream.lost:
        place = stream.problems[0].span
        yield Gap(place, "a part of this file is lost to a syntax error")
    if reason:
        # A comment accepts what is below it, and an empty file has nothing there.
        place = stream.root.span
        yield Gap(place, reason, advice="" if place.text else ACCEPT_BY_PATH)


def _unread_scripts(project: ComposeProject) -> Iterable[Gap]:
    """Return the scripts of anchors that are too long to be read for each service."""
    from tightship.isolation.command import LONGEST_SHARED, unread_script

    streams = project.loading.streams.values()
    if all(len(stream.source.text) <= LONGEST_SHARED for stream in streams):
        return ()
    found: dict[tuple[str, int], Gap] = {}
    for service in project.services.values():
        commands = [service.value(*key) for key in _COMMANDS]
        if any(service.value(key) is not None for key in _HOOKS):
            from tightship.model.items import hooks

            commands += [hook.table.get("command") for hook in hooks(service)]
        for leaf in filter(None, map(unread_script, commands)):
            place, message = leaf.span, "this script is too long to be checked in each"
            found[place.source.name, place.start] = Gap(
                place, f"{message} service that an alias or `extends` brings it to"
            )
    return found.values()


def _refused_variables(project: ComposeProject) -> Iterable[Gap]:
    """Return the lines that Compose rejects in files of variables, each once."""
    problems = [*project.variables.problems, *project.loading.refused]
    if not problems:
        return ()
    from tightship.values.dotenv import withheld

    return {
        (place.source.name, place.start): Gap(
            place,
            f"Compose rejects this file of variables: {message}",
            secrets=(Span(place.source, *withheld(place.source.text, place.start)),),
            advice=ACCEPT_BY_PATH,
        )
        for place, message in problems
    }.values()
