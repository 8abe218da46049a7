"""The container of a `devcontainer.json`, which has comments (containers.dev/implementors/spec).

A file that names Compose files adds no container: Compose has it. Features may set anything, so
nothing is reported as absent where there are any.
"""

from __future__ import annotations

import posixpath

from tightship.findings import Gap
from tightship.frontends.docker_build.arguments import build_arguments
from tightship.frontends.docker_build.settings import Paths, entries_of, located
from tightship.frontends.flags.entries import Entries
from tightship.frontends.flags.flags import Arguments, arguments
from tightship.frontends.flags.options import flag, literal, whole_word, with_unknown
from tightship.frontends.flags.settings import FlagSettings, network_names
from tightship.lazy import regex
from tightship.syntax.shell.text import Text
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.syntax.yaml.read import read
from tightship.syntax.yaml.scalar_text import scalar_text
from tightship.text import Source, Span

TYPE_CHECKING = False
if TYPE_CHECKING:
    import re
    from collections import abc
    from collections.abc import Iterator

    from tightship.frontends.devcontainer.editor import ArgumentsEditor
    from tightship.frontends.flags.flags import Given
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.nodes import Node

_FILE = regex(r"(?:.*/)?(?:\.devcontainer(?:/[^/]+)?/devcontainer\.json|\.devcontainer\.json)")
_COMMENT = regex(r'(?s)"(?:[^"\\\n]|\\.)*"|//[^\n]*|/\*.*?\*/|,(?=\s*[}\]])')
_VARIABLE = regex(r"\$\{[A-Za-z]\w*(?::[^{}\n]*)?\}")
# Keys that are a setting as they are, and those that are flags of `docker run`.
_KEYS = {"capAdd": "cap_add", "securityOpt": "security_opt", "containerEnv": "environment"}
_FLAGS = {"containerUser": "user", "mounts": "mount", "appPort": "publish"}
_SWITCHES = {"privileged": "privileged", "init": "init"}
# What says where the container comes from.
_CONTAINER = ("image", "build", "dockerFile", "dockerComposeFile")
# Commands in the container, in the order of their runs; another one runs on the host.
_COMMANDS = (
    *("onCreateCommand", "updateContentCommand", "postCreateCommand", "postStartCommand"),
    "postAttachCommand",
)
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


def is_devcontainer(name: str) -> bool:
    """Return whether a file describes a container for development, by its name."""
    return _FILE.fullmatch(name) is not None


def compose_files(source: Source) -> list[str]:
    """Return the Compose files that start the container, from the root; none if none does."""
    root = _read(source) if is_devcontainer(source.name) else None
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
    root = _read(source)
    if not isinstance(root, Mapping) or all(root.get(one) is None for one in _CONTAINER):
        project.gaps += _lost(source)
        return
    if root.get("dockerComposeFile") is not None:
        return
    known = {key.value: value for key, value in root.entries if isinstance(key, Scalar)}
    image, build = known.get("image"), known.get("build") or known.get("dockerFile")
    given = arguments([*_words(known.get("runArgs"))])
    flags = [*_flags(root), *given.flags]
    entries = Entries()
    for key, value in root.entries:
        if isinstance(key, Scalar) and key.value in _KEYS:
            entries.set(_KEYS[key.value], literal(value))
        elif isinstance(key, Scalar) and key.value == "mounts" and isinstance(value, Sequence):
            items = [literal(one) for one in value.items if isinstance(one, Mapping)]
            entries.set("volumes", Sequence(value.span, items, flow=True))
        elif isinstance(key, Scalar) and key.value in _SWITCHES:
            entries.set(_SWITCHES[key.value], value)
    for hook in _hooks(known):
        entries.set("post_start", Sequence(hook.span, [hook], flow=True))
    if isinstance(image, Scalar):
        entries.set("image", literal(image))
    elif build is not None:
        found = _build(project, root, build)
        if found is not None:
            entries.set("build", found)
    key = next(
        key
        for key, _ in root.entries
        if isinstance(key, Scalar) and key.value in ("image", "build", "dockerFile")
    )
    project.add(
        "devcontainer",
        lambda name: DevelopmentSettings(
            name, key.span, Arguments(flags, None, (), given.unknown), entries, project, root
        ),
        network_names(flags),
    ).complete &= not _has_features(known.get("features"))


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
    entries, is_known = entries_of(build_arguments([*_words(given.get("options"))], "docker"))
    made = [*entries, *where]
    if isinstance(args, Mapping):
        made.append((Scalar(args.span, "args"), literal(args)))
    target = given.get("target")
    if isinstance(target, Scalar):
        made.append((Scalar(target.span, "target"), literal(target)))
    return Mapping(build.span, made, flow=True) if is_known else None


def _hooks(known: abc.Mapping[str, Node]) -> Iterator[Mapping]:
    """Yield the lifecycle commands, each as a hook; an object has several that run at once."""
    user = known.get("remoteUser")
    for name in _COMMANDS:
        given = known.get(name)
        several = [one for _, one in given.entries] if isinstance(given, Mapping) else [given]
        for one in several:
            if isinstance(one, (Scalar, Sequence)):
                made: list[tuple[Node, Node]] = [(Scalar(one.span, "command"), literal(one))]
                if isinstance(user, Scalar):
                    made.append((Scalar(user.span, "user"), literal(user)))
                yield Mapping(one.span, made, flow=True)


def _has_features(node: Node | None) -> bool:
    return isinstance(node, Mapping) and bool(node.entries)


def without_comments(source: Source) -> Source:
    """Return JSON with blanks in place of its comments and of commas that nothing follows."""

    def blank(found: re.Match[str]) -> str:
        text = found[0]
        if text.startswith('"'):
            return text
        return "".join(one if one in "\r\n" else " " for one in text)

    return Source(source.name, _COMMENT.sub(blank, source.text))


def _read(source: Source) -> Node:
    """Return the root of JSON with comments."""
    return _placed(read(without_comments(source)).root, source)


def _lost(source: Source) -> Iterator[Gap]:
    """Yield why parts of a file without a container are lost.

    Others are read as far as they go, as the reference implementation does.
    """
    stream = read(without_comments(source))
    for problem in stream.problems if stream.lost else ():
        place = Span(source, problem.span.start, problem.span.end)
        yield Gap(place, f"this part was not checked: {problem.message}")


def _placed(node: Node, source: Source) -> Node:
    """Return a node with its places in the file as it is."""
    span = Span(source, node.span.start, node.span.end)
    if isinstance(node, Mapping):
        entries = [(_placed(key, source), _placed(value, source)) for key, value in node.entries]
        return Mapping(span, entries, flow=True)
    if isinstance(node, Sequence):
        return Sequence(span, [_placed(one, source) for one in node.items], flow=True)
    value = node.value if isinstance(node, Scalar) else ""
    return Scalar(span, value, node.style if isinstance(node, Scalar) else "")


def _words(node: Node | None) -> Iterator[Word]:
    for item in node.items if isinstance(node, Sequence) else ():
        if isinstance(item, Scalar):
            yield _word(item)


def _flags(root: Mapping) -> Iterator[Given]:
    for key, value in root.entries:
        name = _FLAGS.get(key.value) if isinstance(key, Scalar) else None
        if name is None:
            continue
        assert isinstance(key, Scalar)
        word = _word(key)
        for item in value.items if isinstance(value, Sequence) else (value,):
            if isinstance(item, Scalar):
                is_number = name == "publish" and item.value.isdecimal() and not item.style
                yield flag(name, word, _on_loopback(item) if is_number else _word(item))


def _on_loopback(port: Scalar) -> Word:
    """Return a port that is a number, which is published on the loopback interface."""
    text = f"127.0.0.1:{port.value}:{port.value}"
    return whole_word(Text(port.span.source, [(text, port.span.start, port.span.end)]))


def _word(node: Scalar) -> Word:
    """Return a text as a word, in which variables of the file are unknown."""
    return whole_word(with_unknown(scalar_text(node), _VARIABLE))
