"""The subjects in the Compose files of a project.

Containers come before the rules that compare them. Gaps come late, since some files are
read only when rules ask for them.
"""

from __future__ import annotations

from tightship.findings import ACCEPT_BY_PATH, Gap
from tightship.syntax.yaml import nodes as yaml
from tightship.text import Span
from tightship.values.secret import TextFragment, known_token

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from tightship.frontends.compose.project import ComposeProject
    from tightship.isolation.container import Container
    from tightship.isolation.loaded_project import LoadedProject

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
