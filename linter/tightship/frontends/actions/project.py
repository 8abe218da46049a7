"""The containers of a workflow, or of an action that runs in a container.

The runner makes a network for each job (actions/runner, src/Runner.Worker,
ContainerOperationProvider.cs), and the jobs run on different machines. That of GitHub mounts the
socket of its daemon into containers of jobs and of steps (Container/ContainerInfo.cs and
Handlers/ContainerActionHandler.cs there). Its own machines end with the job.
"""

from __future__ import annotations

import posixpath

from tightship.findings import Gap
from tightship.frontends.flags.entries import Entries, FlagSettings, network_names
from tightship.frontends.flags.options import (
    EXPRESSION,
    extra_flags,
    literal,
    option_words,
    with_unknown,
)
from tightship.frontends.flags.values import NAMELESS
from tightship.frontends.invocations.workflow_values import choices, is_text, values_in
from tightship.frontends.names import WORKFLOW, is_workflow
from tightship.syntax.shell.text import UNKNOWN
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence, follow, walk
from tightship.syntax.yaml.read import read
from tightship.syntax.yaml.scalar_text import scalar_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import abc
    from collections.abc import Iterator

    from tightship.frontends.actions.editor import OptionsEditor
    from tightship.frontends.flags.flags import Arguments
    from tightship.frontends.invocations.workflow_values import Values
    from tightship.model.file_project import FileProject
    from tightship.model.value import Value
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.nodes import Node

_SOCKET = "/var/run/docker.sock:/var/run/docker.sock"
_DOCKER = "docker://"
_BUILDS = ("docker/build-push-action", "docker/bake-action")
_KEYS = {"env": "environment", "ports": "ports", "volumes": "volumes"}
_OWN_KEYS = {key: name for name, key in _KEYS.items()}


def declare(project: FileProject) -> None:
    """Add the containers of a workflow or of an action to the project of the file."""
    source = project.source
    if not is_workflow(source.name, source.text):
        return
    for root in read(source).documents:
        values = values_in(walk(root))
        for name, key, node, has_socket in _containers(root, project):
            project.gaps += _unknown_parts(node, values)
            for known in choices(_expressions(node), values):
                given = extra_flags(project, _options(node, known))
                filled = {k: v.replace("$", "$$") for k, v in known.items() if v != UNKNOWN}
                _add(project, name, key, node, given, filled, has_socket=has_socket)
        if any(one in source.text for one in _BUILDS):
            from tightship.frontends.actions.builds import add_build  # half of all build nothing

            for node in walk(root):
                if isinstance(node, Mapping):
                    add_build(project, node)


def _add(
    project: FileProject,
    name: str,
    key: Scalar,
    node: Node,
    given: Arguments,
    filled: abc.Mapping[str, str],
    *,
    has_socket: bool,
) -> None:
    networks = [*network_names(given.flags)]
    job = (
        name.partition(".")[0] if not any(one.flag.kind == "network" for one in given.flags) else ""
    )
    project.add(
        name,
        lambda free: ActionSettings(
            free, key, node, given, project, job, filled, has_socket=has_socket
        ),
        networks,
        [job] if job else (),
    )


class _Step(Mapping):
    """A step, or an action, as the container in which it runs."""

    __slots__ = ()


class ActionSettings(FlagSettings):
    """The settings of a container of a workflow."""

    __slots__ = ("_node",)

    def __init__(
        self,
        name: str,
        key: Scalar,
        node: Node,
        given: Arguments,
        project: FileProject,
        job: str,
        filled: abc.Mapping[str, str],
        *,
        has_socket: bool,
    ) -> None:
        self._node = node
        entries = Entries()
        for found, value in _entries(node):
            entries.set(found, literal(value, known=lambda one: filled.get(one, NAMELESS)))
        if job:
            network = Scalar(key.span, job.replace("$", "$$"), '"')
            entries.set("networks", Sequence(key.span, [network], flow=True))
        if has_socket:
            entries.set("volumes", Sequence(key.span, [Scalar(key.span, _SOCKET, '"')], flow=True))
        super().__init__(name, key.span, given, entries, project)

    @property
    def is_fixed(self) -> bool:
        """Return whether it is a step or an action, which has no options."""
        return isinstance(self._node, _Step)

    def supplies(self, value: Value) -> bool:
        """Return whether the runner adds an item, which the file does not have."""
        return value.span == self.span

    @property
    def secrets_kept(self) -> str:
        """Return how a workflow gets a secret that is not in the file."""
        return "keep it in the settings of the repository, and write `${{ secrets.NAME }}` here"

    @property
    def editor(self) -> OptionsEditor:
        """Return what edits the options of the container."""
        from tightship.frontends.actions.editor import OptionsEditor

        container = self._node if isinstance(self._node, Mapping) else None
        return OptionsEditor(self.arguments, container)

    def spelled(self, key: str, flag: str, values: abc.Sequence[str]) -> str:
        """Return a key of a workflow, or else a flag of its ``options``."""
        if key in _OWN_KEYS:
            return f"{_OWN_KEYS[key]}: [{', '.join(values)}]" if values else _OWN_KEYS[key]
        given = super().spelled(key, flag, values)
        return f"options: {given}" if values else given


def _containers(root: Node, project: FileProject) -> Iterator[tuple[str, Scalar, Node, bool]]:
    """Yield name, key and node of each container, and whether it gets the daemon's socket."""
    found = WORKFLOW.fullmatch(project.source.name)
    of_github = found is None or found[1] == "github"
    jobs = _below(root, "jobs")
    if jobs is None:
        yield from _of_action(_below(root, "runs"), project)
    for job_key, job in _pairs(jobs):
        for key, node in _pairs(job):
            if key.value == "container" and not (isinstance(node, Scalar) and not node.value):
                yield job_key.value, key, node, of_github
            elif key.value == "services" and isinstance(node, Scalar) and node.value:
                reason = "what this starts is known only when the workflow runs"
                project.gaps.append(Gap(node.span, reason))
            elif key.value == "services":
                for service, container in _pairs(node):
                    yield f"{job_key.value}.{service.value}", service, container, False
            elif key.value == "steps":
                yield from _steps(job_key.value, node, has_socket=of_github)


def _of_action(runs: Node | None, project: FileProject) -> Iterator[tuple[str, Scalar, Node, bool]]:
    """Yield the containers of an action, or of the steps that it consists of."""
    steps = _below(runs, "steps")
    if steps is not None:
        yield from _steps("action", steps, has_socket=True)
    for key, image in _pairs(runs):
        if key.value != "image" or not isinstance(image, Scalar):
            continue
        if image.value.startswith(_DOCKER):
            yield "action", key, _as_container(runs, image), True
        elif (built := _build(image, project)) is not None:
            yield "action", key, _as_container(runs, image, built), True


def _steps(job: str, steps: Node, *, has_socket: bool) -> Iterator[tuple[str, Scalar, Node, bool]]:
    for number, step in enumerate(steps.items if isinstance(steps, Sequence) else (), 1):
        for key, node in _pairs(step):
            if key.value == "uses" and isinstance(node, Scalar) and node.value.startswith(_DOCKER):
                given = _below(step, "id")
                title = given.value if isinstance(given, Scalar) else f"step-{number}"
                yield f"{job}.{title}", key, _as_container(step, node), has_socket


def _as_container(step: Node | None, image: Scalar, built: Mapping | None = None) -> Mapping:
    """Return a step or an action as the container that it runs in, of an image or a build."""
    known = {key.value: value for key, value in _pairs(step)}
    start = image.span.start + image.span.text.find(_DOCKER) + len(_DOCKER)
    entries = list["tuple[Node, Node]"]()
    if built is not None:
        entries.append((Scalar(image.span, "build"), built))
    else:
        span = image.span.within(start - image.span.start, image.span.end - image.span.start)
        entries.append(
            (Scalar(image.span, "image"), Scalar(span, image.value.removeprefix(_DOCKER), '"'))
        )
    if "env" in known:
        entries.append((Scalar(known["env"].span, "env"), known["env"]))
    return _Step(image.span, entries, flow=True)


def _build(image: Scalar, project: FileProject) -> Mapping | None:
    """Return what builds an action of a Dockerfile, whose folder is the context, if it is there."""
    from tightship.frontends.docker_build.project import Paths, located  # few files are actions

    folder, name = posixpath.split(image.value)
    start = posixpath.join(posixpath.dirname(project.source.name), folder)
    found = located(Paths((image.span, "."), (image.span, name)), (start,), project)
    return Mapping(image.span, [*found], flow=True) if found is not None else None


def _expressions(node: Node) -> Iterator[str]:
    """Yield the expressions that decide what a container may do."""
    for name in ("options", "volumes"):
        for one in walk(_below(node, name) or Mapping(node.span, [], flow=True)):
            if isinstance(one, Scalar):
                yield from (found[0] for found in EXPRESSION.finditer(one.value))


def _unknown_parts(node: Node, values: Values) -> Iterator[Gap]:
    """Yield a gap for each expression that may be an object or a list."""
    parts = [node, *(value for key, value in _pairs(node) if key.value in _KEYS)]
    for one in parts:
        found = EXPRESSION.fullmatch(one.value.strip()) if isinstance(one, Scalar) else None
        if found is not None and (one is not node or not is_text(found[0], values)):
            yield Gap(one.span, "what this sets is known only when the workflow runs")


def _options(node: Node, known: abc.Mapping[str, str]) -> abc.Sequence[Word]:
    """Return the options of a container, which are flags of `docker create`."""
    found = _below(node, "options")
    if not isinstance(found, Scalar):
        return ()
    return option_words(with_unknown(scalar_text(found), EXPRESSION, known.__getitem__))


def _entries(node: Node) -> Iterator[tuple[str, Node]]:
    if isinstance(node, Scalar):
        yield "image", Scalar(node.span, node.value, node.style or '"')
        return
    for key, value in _pairs(node):
        if key.value == "image" and isinstance(value, Scalar):
            yield "image", Scalar(value.span, value.value, value.style or '"')
        elif key.value == "build":
            yield "build", value
        elif key.value in _KEYS and isinstance(value, (Mapping, Sequence)):
            yield _KEYS[key.value], value


def _pairs(node: Node | None) -> Iterator[tuple[Scalar, Node]]:
    node = follow(node) if node is not None else None
    for key, value in node.entries if isinstance(node, Mapping) else ():
        target = follow(value)
        if isinstance(key, Scalar) and target is not None:
            yield key, target


def _below(node: Node | None, name: str) -> Node | None:
    return next((value for key, value in _pairs(node) if key.value == name), None)
