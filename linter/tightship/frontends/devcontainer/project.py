"""The container of a `devcontainer.json`, which has comments (containers.dev/implementors/spec).

Of a file that names Compose files, only what holds for their service is a container. Features may
set anything, so nothing is reported as absent where there are any. Commands may start containers,
too.
"""

from __future__ import annotations

import posixpath
from shlex import quote

from tightship.findings import Gap
from tightship.frontends.devcontainer.reading import (
    VARIABLE,
    read_json,
    value_of,
    why_lost,
    word_of,
)
from tightship.frontends.docker_build.project import (
    Paths,
    declare as declare_commands,
    entries_of,
    located,
)
from tightship.frontends.flags.entries import Entries, FlagSettings, network_names
from tightship.frontends.flags.flags import Arguments, build_arguments
from tightship.frontends.flags.options import extra_flags, flag, whole_word
from tightship.frontends.names import is_devcontainer
from tightship.lazy.modules import facts
from tightship.syntax.shell.read import read
from tightship.syntax.shell.text import Text
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.syntax.yaml.scalar_text import scalar_text
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import abc
    from collections.abc import Iterator

    from tightship.frontends.devcontainer.editor import ArgumentsEditor
    from tightship.frontends.flags.flags import Given
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.nodes import Node

_METADATA = "devcontainer.metadata"
# Keys that are a setting as they are, and those that are flags of `docker run`.
_KEYS = {"capAdd": "cap_add", "securityOpt": "security_opt", "containerEnv": "environment"}
_FLAGS = {"containerUser": "user", "appPort": "publish"} | dict.fromkeys(
    ("mounts", "workspaceMount"), "mount"
)
_SWITCHES = {"privileged": "privileged", "init": "init"}
# What says where the container comes from.
_CONTAINER = ("image", "build", "dockerFile", "dockerComposeFile")
# A command on the host, and those in the container in the order of their runs.
_ON_HOST = "initializeCommand"
_COMMANDS = (
    *("onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"),
    "postAttachCommand",
)
# What holds for a service of Compose as well, and the shape of keys.
_OF_COMPOSE = frozenset((*_SWITCHES, "capAdd", "securityOpt", "mounts", "features"))
_SHAPES: dict[str, type[Node]] = {
    **dict.fromkeys(("runArgs", "capAdd", "securityOpt", "mounts"), Sequence),
    **dict.fromkeys(("containerEnv", "features"), Mapping),
    **dict.fromkeys((*_SWITCHES, "workspaceMount", "image"), Scalar),
}
_OWN_KEYS = {key: name for name, key in _KEYS.items()} | {
    "user": "containerUser",
    "volumes": "mounts",
    "ports": "appPort",
}


class DevelopmentSettings(FlagSettings):
    """The settings of a container for development."""

    __slots__ = ("_root",)

    def __init__(
        self,
        name: str,
        key: Span,
        given: Arguments,
        entries: Entries,
        project: FileProject,
        root: Mapping,
    ) -> None:
        self._root = root
        super().__init__(name, key, given, entries, project)

    @property
    def secrets_kept(self) -> str:
        """Return how the container gets a secret that is not in the file."""
        return "keep it in the environment of your machine, and write `${localEnv:NAME}` here"

    @property
    def editor(self) -> ArgumentsEditor:
        """Return what edits the arguments."""
        from tightship.frontends.devcontainer.editor import ArgumentsEditor

        return ArgumentsEditor(self.arguments, self._root)

    def worded(self, text: str) -> str:
        """Return a text about it; the hooks of Compose are its lifecycle commands."""
        text = text.replace("command of `post_start`", "lifecycle command")
        return super().worded(text.replace("`post_start` command", "lifecycle command"))

    def spelled(self, key: str, flag: str, values: abc.Sequence[str]) -> str:
        """Return a key of the file, or else flags in its ``runArgs``."""
        from json import dumps

        given = super().spelled(key, flag, values)
        if key in _SWITCHES:
            return f'"{key}": {values[0]}' if values else key
        if not values:
            return _OWN_KEYS.get(key, given)
        return f'"runArgs": {dumps(given.split(" "))}'


def compose_files(source: Source) -> list[str]:
    """Return the Compose files that start the container, from the root; none if none does."""
    root = read_json(source) if is_devcontainer(source.name) else None
    given = root.get("dockerComposeFile") if isinstance(root, Mapping) else None
    items = given.items if isinstance(given, Sequence) else [given]
    folder = posixpath.dirname(source.name)
    names = [one.value for one in items if isinstance(one, Scalar)]
    return [posixpath.normpath(posixpath.join(folder, one)) for one in names]


def declare(project: FileProject) -> None:
    """Add the container of a `devcontainer.json` to the project of the file."""
    source = project.source
    if not is_devcontainer(source.name):
        return
    root = read_json(source)
    if isinstance(root, Mapping):
        count_unknown(project, root, "keys")
    if not isinstance(root, Mapping) or all(root.get(one) is None for one in _CONTAINER):
        project.gaps += [
            Gap(span, f"this part was not checked: {why}") for span, why in why_lost(source)
        ]
        return
    known = {key.value: value for key, value in root.entries if isinstance(key, Scalar)}
    for name, shape in _SHAPES.items():
        if (value := known.get(name)) is not None and not _is_understood(name, value, shape):
            project.gaps.append(Gap(value.span, f"`{name}` was not understood"))
    every = (text for name in (_ON_HOST, *_COMMANDS) for text in _texts(known.get(name)))
    declare_commands(project, map(read, every))
    is_composed = root.get("dockerComposeFile") is not None
    if is_composed and known.keys().isdisjoint(_OF_COMPOSE):
        return
    if is_composed:
        known = {name: one for name, one in known.items() if name in _OF_COMPOSE}
    _add(project, root, known, is_composed=is_composed)


def _is_understood(name: str, value: Node, shape: type[Node]) -> bool:
    """Return whether a value has the shape of its key; a template may have any text in it."""
    if name in _SWITCHES and isinstance(value, Scalar):
        return value.value in ("true", "false") or VARIABLE.fullmatch(value.value) is not None
    return isinstance(value, shape)


def _add(
    project: FileProject, root: Mapping, known: abc.Mapping[str, Node], *, is_composed: bool
) -> None:
    """Add the container of a file with some keys."""
    image, build = known.get("image"), known.get("build") or known.get("dockerFile")
    features = known.get("features")
    words = [*feature_words(project, features, set()), *_words(known.get("runArgs"))]
    given = extra_flags(project, words)
    flags = [*_flags(root, known), *given.flags]
    entries = Entries()
    for name, value in known.items():
        if name in _KEYS:
            entries.set(_KEYS[name], value_of(value))
        elif name == "mounts" and isinstance(value, Sequence):
            items = [value_of(one) for one in value.items if isinstance(one, Mapping)]
            entries.set("volumes", Sequence(value.span, items, flow=True))
        elif name in _SWITCHES:
            entries.set(_SWITCHES[name], value_of(value))
    for hook in _hooks(known):
        entries.set("post_start", Sequence(hook.span, [hook], flow=True))
    if isinstance(image, Scalar):
        entries.set("image", value_of(image))
    elif build is not None:
        found = _build(project, root, build)
        if found is not None:
            entries.set("build", found)
    key = next(
        key for key, _ in root.entries if isinstance(key, Scalar) and key.value in _CONTAINER
    )
    is_whole = not is_composed and not (isinstance(features, Mapping) and features.entries)
    project.add(
        "devcontainer",
        lambda name: DevelopmentSettings(
            name, key.span, Arguments(flags, None, (), given.unknown), entries, project, root
        ),
        network_names(flags),
    ).complete &= is_whole


def _texts(node: Node | None) -> Iterator[Text]:
    """Yield the commands of a key; an object has several."""
    for one in [one for _, one in node.entries] if isinstance(node, Mapping) else [node]:
        if isinstance(one, Scalar):
            yield scalar_text(one)
        elif isinstance(one, Sequence):
            pieces = list["tuple[str, int, int]"]()
            for item in one.items:
                start, end = item.span.start, item.span.end
                pieces.append((quote(item.value if isinstance(item, Scalar) else ""), start, end))
                pieces.append((" ", end, end))
            yield Text(one.span.source, pieces)


def _build(project: FileProject, root: Mapping, build: Node) -> Mapping | None:
    """Return what builds the image, if its Dockerfile is known; its paths start in the folder."""
    given = build if isinstance(build, Mapping) else root
    file = given.get("dockerfile") or given.get("dockerFile")
    context, args = given.get("context"), given.get("args")
    if not isinstance(file, Scalar) or "$" in file.value:
        return None
    start = file.span, "."
    if isinstance(context, Scalar):
        start = context.span, context.value
    folder = posixpath.dirname(project.source.name)
    where = located(Paths(start, (file.span, file.value)), (folder,), project)
    if where is None or "$" in start[1]:
        return None
    _count_metadata(project, posixpath.normpath(posixpath.join(folder, file.value)))
    options = extra_flags(project, [*_words(given.get("options"))], read=build_arguments)
    entries, is_known = entries_of(options)
    made = [*entries, *where]
    if isinstance(args, Mapping):
        made.append((Scalar(args.span, "args"), value_of(args)))
    target = given.get("target")
    if isinstance(target, Scalar):
        made.append((Scalar(target.span, "target"), value_of(target)))
    return Mapping(build.span, made, flow=True) if is_known else None


def _count_metadata(project: FileProject, path: str) -> None:
    """Count the label of a Dockerfile that sets keys of the container as a gap."""
    source = project.disk.read(path)
    start = source.text.find(_METADATA) if isinstance(source, Source) else -1
    if isinstance(source, Source) and start >= 0:
        project.also.append(source)
        reason = f"the label `{_METADATA}` was not checked: it may set anything"
        project.gaps.append(Gap(Span(source, start, start + len(_METADATA)), reason))


def _hooks(known: abc.Mapping[str, Node]) -> Iterator[Mapping]:
    """Yield the lifecycle commands, each as a hook; an object has several that run at once."""
    user = known.get("remoteUser")
    for name in _COMMANDS:
        given = known.get(name)
        several = [one for _, one in given.entries] if isinstance(given, Mapping) else [given]
        for one in several:
            if isinstance(one, (Scalar, Sequence)):
                made: list[tuple[Node, Node]] = [(Scalar(one.span, "command"), value_of(one))]
                if isinstance(user, Scalar):
                    made.append((Scalar(user.span, "user"), value_of(user)))
                yield Mapping(one.span, made, flow=True)


def _words(node: Node | None) -> Iterator[Word]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            yield word_of(item)


def _flags(root: Mapping, known: abc.Mapping[str, Node]) -> Iterator[Given]:
    for key, value in root.entries:
        if not isinstance(key, Scalar) or key.value not in _FLAGS or key.value not in known:
            continue
        name = _FLAGS[key.value]
        word = word_of(key)
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Scalar) and item.value:
                is_number = name == "publish" and item.value.isdecimal() and not item.style
                yield flag(name, word, _on_loopback(item) if is_number else word_of(item))


def _on_loopback(port: Scalar) -> Word:
    """Return a port that is a number, which is published on the loopback interface."""
    text = f"127.0.0.1:{port.value}:{port.value}"
    return whole_word(Text(port.span.source, [(text, port.span.start, port.span.end)]))


_LISTS = {"capAdd": "cap-add", "securityOpt": "security-opt", "mounts": "mount"}


def feature_words(project: FileProject, node: Node | None, known: set[str]) -> Iterator[Word]:
    """Yield the flags of features and of those they need, each once; ``known`` are others."""
    for key, _ in node.entries if isinstance(node, Mapping) else ():
        if not isinstance(key, Scalar) or key.value in known:
            continue
        known.add(key.value)
        if key.value.startswith("."):
            yield from _local(project, key, known)
        else:
            yield from _published(project, key)


def _local(project: FileProject, key: Scalar, known: set[str]) -> Iterator[Word]:
    """Yield the flags of a feature of the repository."""
    folder = posixpath.join(posixpath.dirname(project.source.name), key.value)
    path = posixpath.normpath(posixpath.join(folder, "devcontainer-feature.json"))
    source = project.disk.read(path)
    root = read_json(source) if isinstance(source, Source) else None
    if not isinstance(source, Source) or not isinstance(root, Mapping):
        why = f"`{path}` is no JSON object" if isinstance(source, Source) else source.message
        project.gaps.append(Gap(key.span, f"this feature was not checked: {why}"))
        return
    count_unknown(project, root, "of_feature")
    project.also.append(source)
    for name, value in root.entries:
        if not isinstance(name, Scalar):
            continue
        if name.value in ("privileged", "init") and isinstance(value, Scalar):
            yield word_of(value, f"--{name.value}=")
        for item in value.items if name.value in _LISTS and isinstance(value, Sequence) else ():
            if isinstance(item, Scalar):
                yield word_of(item, f"--{_LISTS[name.value]}=")
            elif isinstance(item, Mapping):
                yield _of_mount(item)
    yield from feature_words(project, root.get("dependsOn"), known)


def count_unknown(project: FileProject, root: Mapping, of: str) -> None:
    """Count each key of a file that is not understood as a gap; ``of`` names the known ones."""
    known = facts("devcontainer")[of].split()
    for key, _ in root.entries:
        if isinstance(key, Scalar) and key.value not in known:
            reason = f"`{key.value}` was not understood: it may set anything"
            project.gaps.append(Gap(key.span, reason))


def _of_mount(item: Mapping) -> Word:
    """Return the flag of a mount that is an object."""
    fields = (
        f"{key.value}={value.value}"
        for key, value in item.entries
        if isinstance(key, Scalar) and isinstance(value, Scalar)
    )
    return word_of(Scalar(item.span, ",".join(fields), '"'), "--mount=")


def _published(project: FileProject, key: Scalar) -> Iterator[Word]:
    """Yield the flags of a feature that everybody gets from a registry."""
    known, span = facts("devcontainer"), key.span
    prefix: str = known["prefix"]
    name = key.value.removeprefix(prefix).partition(":")[0].partition("@")[0]
    if not key.value.startswith(prefix) or (
        name not in known["flags"] and name not in known["harmless"].split()
    ):
        reason = f"the feature `{key.value}` was not checked: it may set anything"
        project.gaps.append(Gap(span, reason))
        return
    for one in known["flags"].get(name, ()):
        yield whole_word(Text(span.source, [(one, span.start, span.end)]))
