"""The verdict on a Compose file: the project that it stands for, and its images."""

from __future__ import annotations

from tightship.compose.loading.load import Loading
from tightship.compose.loading.options import Options
from tightship.compose.project import ComposeFile, Project
from tightship.compose.screening import is_plain
from tightship.compose.specification.kind import looks_like
from tightship.engine.acceptance.suppression import judged, of_yaml
from tightship.engine.discovery.find import is_left_out
from tightship.engine.discovery.projects import take
from tightship.engine.subjects.places import YamlPlaces
from tightship.engine.subjects.text_fragments import of_project
from tightship.engine.verdict import Verdict
from tightship.findings import Gap
from tightship.isolation.container import containers
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tightship.compose.loading.fault import Fault
    from tightship.compose.loading.variables import Variables
    from tightship.engine.discovery.find import Found
    from tightship.engine.discovery.projects import Taken
    from tightship.engine.disk.files import Files
    from tightship.engine.judge.runner import RuleRunner
    from tightship.engine.subjects.images import Images
    from tightship.engine.subjects.places import Places
    from tightship.isolation.container import Container


def check_compose(
    files: Files,
    found: Found,
    runner: RuleRunner,
    options: Options | None = None,
    environment: Mapping[str, str] | None = None,
    check_cancelled: Callable[[], None] | None = None,
) -> Iterator[Verdict]:
    """Judge the project that a file stands for.

    A sweep passes over what only looks like a Compose file.
    """
    runner.load_rules("compose")
    loading = Loading(files)
    stream = loading.stream(files.name(found.path) or found.path, None)
    if stream is None:
        settled = judged(runner, loading.gaps, {}, ())
        source = Source(files.name(found.path) or found.path, "")
        yield Verdict(
            files.root,
            (source,),
            settled.kept,
            services=0,
            gaps=settled.gaps,
            accepted=settled.accepted,
        )
        return
    taken = take(files, found, options or Options(), environment)
    alone = taken.paths[:1] == [found.path]
    reason = _no_compose_file(stream, named=found.kind == "named") if alone else None
    if reason is None:
        verdict = _project(files, loading, taken, runner, check_cancelled)
        yield verdict if alone else verdict.about(stream.source)
    elif reason or stream.problems:
        file = ComposeFile(stream, _first(stream))
        settled = judged(runner, [file, *_gaps(stream, reason)], {}, of_yaml(stream))
        yield Verdict(
            files.root,
            (stream.source,),
            settled.kept,
            services=0,
            gaps=settled.gaps,
            accepted=tuple(settled.accepted),
            secrets=settled.secrets,
        )


def model(files: Files, loading: Loading, taken: Taken) -> Project:
    """Return the model of the project that files make up."""
    return Project(
        loading,
        [files.name(path) or path for path in taken.paths],
        complete=taken.complete,
        variables=taken.variables,
        directory=files.name(taken.directory) or "",
        left_out=lambda name: is_left_out(files.path(name)),
    )


def _project(
    files: Files,
    loading: Loading,
    taken: Taken,
    runner: RuleRunner,
    check_cancelled: Callable[[], None] | None,
) -> Verdict:
    """Judge a project."""
    project = model(files, loading, taken)
    images = joined(files, project)
    if images is not None:
        runner.load_rules("dockerfile")
    places: dict[str, Places] = {
        name: YamlPlaces(stream.documents) for name, stream in loading.streams.items()
    }
    sources = [stream.source for stream in loading.streams.values()]
    if images is not None:
        places |= images.places()
        sources += images.sources
    comments = [one for stream in loading.streams.values() for one in of_yaml(stream)]
    if images is not None:
        comments += images.suppressions()
    subjects = _subjects(files, loading, taken, project, images)
    settled = judged(runner, subjects, places, comments, check_cancelled)
    if any("$" in one.text for one in sources):
        from tightship.engine.subjects.origins import tell_origins  # a part has them

        tell_origins(project.root, (*settled.kept, *settled.accepted))
    secrets = settled.secrets
    if images is not None:
        for inline in images.inlines:
            inline.bring_back(settled.kept)
            inline.bring_back(settled.accepted)
            secrets = inline.placed(secrets)
    return Verdict(
        files.root,
        tuple(sources),
        settled.kept,
        services=len(project.services),
        gaps=settled.gaps,
        accepted=tuple(settled.accepted),
        secrets=secrets,
        variables=tuple(source.name for source in taken.variables.sources),
        builders=images.builders if images is not None else None,
    )


def _subjects(
    files: Files,
    loading: Loading,
    taken: Taken,
    project: Project,
    images: Images | None,
) -> Iterator[object]:
    """Yield all that a rule may be about.

    Containers come before what looks around among them. What could not be read comes
    late, for some of it is read when rules ask for it.
    """
    yield from project.files
    yield from project.services.values()
    yield from of_project(project)
    yield from walk(containers(project))
    yield project
    for file in project.files:
        if file.first:
            yield from _gaps(file.stream, "")
    yield from _refused([*taken.variables.problems, *loading.refused])
    yield from (*project.gaps, *project.faults, *project.removals)
    yield from _inconsistencies(project, files, taken.variables)
    if images is not None:
        yield from images.subjects()


def walk(found: Iterable[Container]) -> Iterator[object]:
    """Yield each container, and all of it that a rule may be about."""
    for container in found:
        yield container
        yield from container.mounts
        yield from container.devices
        yield from container.device_rules
        yield from container.grants
        yield from container.ports


def joined(files: Files, project: Project) -> Images | None:
    """Join the services with the Dockerfiles that they build, if there are any."""
    if all(one.value("build") is None for one in project.services.values()):
        return None
    from tightship.engine.subjects.images import (
        Images,  # half of all projects build nothing
    )

    images = Images(files)
    images.join(containers(project))
    return images


def _refused(variables: list[tuple[Span, str]]) -> Iterable[Gap]:
    """Return what Compose refuses in files of variables, which may be read for several."""
    if not variables:
        return ()
    from tightship.values.dotenv import withheld

    return {
        (place.source.name, place.start): Gap(
            place,
            f"Compose refuses this file of variables: {message}",
            secrets=(Span(place.source, *withheld(place.source.text, place.start)),),
        )
        for place, message in variables
    }.values()


def _inconsistencies(
    project: Project, files: Files, variables: Variables
) -> Iterable[Fault]:
    """Return what Compose refuses in the project as a whole.

    Of a project of which a part is missing, nothing can be said.
    """
    if project.root is None or not project.complete or project.gaps:
        return ()
    texts = (stream.source.text for stream in project.loading.streams.values())
    if is_plain(project.root, templated=any("$" in text for text in texts)):
        return ()
    # A tenth of a cold run, which most projects do without.
    from tightship.compose.effective.configuration import Configuration

    return Configuration(
        project.root, name="project", directory="/", variables=variables, disk=files
    ).faults


def _no_compose_file(stream: yaml.Stream, *, named: bool) -> str | None:
    """Say why this is no Compose file; nothing to say gives an empty text."""
    root = _first(stream)
    if isinstance(root, yaml.Mapping):
        kind = looks_like(root)
        if kind == "compose":
            return None
        if kind == "compose-v1":
            return (
                "this is a Compose file of version 1, which Compose no longer reads:"
                " its services have to stand below `services:`"
            )
        if not named:
            return ""
        if kind == "kubernetes":
            return "this is a Kubernetes manifest, not a Compose file"
        return "this is not a Compose file: it has no `services`"
    if stream.lost:
        return ""
    if isinstance(root, yaml.Scalar) and not root.value:
        return "this file is empty"
    return "this is not a Compose file: it holds no mapping with `services`"


def _first(stream: yaml.Stream) -> yaml.Node:
    """Return the first document's root, or an empty scalar where there is none."""
    if stream.documents:
        return stream.documents[0]
    return yaml.Scalar(Span(stream.source, 0, 0), "")


def _gaps(stream: yaml.Stream, reason: str) -> list[Gap]:
    """Return what a syntax error costs, and why a file is not judged at all."""
    gaps: list[Gap] = []
    if stream.lost:
        place = stream.problems[0].span
        gaps.append(Gap(place, "a part of this file is lost to a syntax error"))
    if reason:
        gaps.append(Gap(_first(stream).span, reason))
    return gaps
