"""The settings of an image that a command builds, as the ``build`` of a service has them."""

from __future__ import annotations

import posixpath

from tightship.frontends.docker_run.values import place, template, text_node
from tightship.model.build import is_remote_context
from tightship.model.container_settings import ContainerSettings
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from tightship.frontends.docker_build.editor import BuildEditor
    from tightship.frontends.docker_run.commands import EngineCommand
    from tightship.frontends.docker_run.file_project import FileProject
    from tightship.frontends.docker_run.flags import Arguments, Given
    from tightship.syntax.shell.nodes import Word
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Span

_NAMES = {"podman": ("Containerfile", "Dockerfile")}  # in the order in which an engine looks
_HERE = "${PWD}"


class ImageSettings(ContainerSettings):
    """The settings of an image that is built."""

    __slots__ = ()

    @property
    def title(self) -> str:
        """Return what it is, with its name, for messages."""
        return f"image `{self.name}`"


class BuildSettings(ImageSettings):
    """The settings of one image; ``command`` is what builds it."""

    __slots__ = ("_arguments", "command")

    def __init__(
        self,
        name: str,
        command: EngineCommand,
        arguments: Arguments,
        folders: Iterable[str],
        project: FileProject,
    ) -> None:
        self.command, self._arguments = command, arguments
        entries, is_known = _entries(arguments)
        found = _located(command.engine, arguments, folders, project)
        directory = ""
        if found is not None:
            directory, more = found
            entries += more
        build = Mapping(command.span, entries, flow=True)
        written: list[tuple[Node, Node]] = [(Scalar(command.span, "build"), build)]
        table = Mapping(command.span, written, flow=True)
        super().__init__(
            name,
            Scalar(command.span, name),
            MappingValue(table, (), Reading(NONE, directory=directory)),
            project,
            complete=is_known and found is not None and arguments.unknown is None,
        )

    @property
    def extent(self) -> Span:
        """Return the place of the whole command."""
        return self.command.whole

    @property
    def editor(self) -> BuildEditor:
        """Return what edits the command."""
        from tightship.frontends.docker_build.editor import BuildEditor  # only findings ask

        return BuildEditor(self._arguments)


def _entries(arguments: Arguments) -> tuple[list[tuple[Node, Node]], bool]:
    """Return the entries of ``build``, and whether no flag decides more of it."""
    found: dict[str, tuple[Node, Node]] = {}
    is_known = True
    for given in arguments.flags:
        kind, path = given.flag.kind, given.flag.path
        is_known = is_known and kind not in ("hides", "opens")
        if not path or kind in ("file", "hides", "opens"):
            continue
        [key], name = path, Scalar(place(given.word), path[0])
        if kind == "switch":
            value = text_node(given.value, given.skip).value if given.value else "true"
            found[key] = name, Scalar(name.span, value)
        elif given.value is not None and kind == "text":
            found[key] = name, text_node(given.value, given.skip)
        elif given.value is not None:
            _, items = found.setdefault(key, (name, Sequence(name.span, [], flow=True)))
            assert isinstance(items, Sequence)
            items.items += (
                _items(given) if kind == "commas" else [text_node(given.value, given.skip)]
            )
    return [*found.values()], is_known


def _items(given: Given) -> Iterator[Node]:
    assert given.value is not None
    node = text_node(given.value, given.skip)
    for one in node.value.split(","):
        yield Scalar(node.span.part(one), one, '"')


def _located(
    engine: str, arguments: Arguments, folders: Iterable[str], project: FileProject
) -> tuple[str, list[tuple[Node, Node]]] | None:
    """Return the folder of a command, with the context and the Dockerfile; none if unknown.

    Of the folders in which it may run, one alone has the Dockerfile. A path of a command
    starts in that folder; that of a Dockerfile in the model starts in the context.
    """
    context = arguments.image
    if context is None:
        return None
    text = _path(context)
    given = next((one for one in reversed(arguments.flags) if one.flag.kind == "file"), None)
    if text is not None and is_remote_context(text):
        return "", [_entry(context, "context", text)]
    file = _path(given.value, given.skip) if given is not None and given.value else ""
    if not text or text == "-" or file is None or file == "-":
        return None
    names = (
        [file]
        if file
        else [posixpath.join(text, one) for one in _NAMES.get(engine, ("Dockerfile",))]
    )
    there = [
        (folder, name) for folder in folders for name in names if _is_there(project, folder, name)
    ]
    if len({folder for folder, _ in there}) != 1:
        return None
    folder, name = there[0]
    within = posixpath.normpath(posixpath.join("/", folder, text))
    if _is_outside(folder, text):
        return None
    entries = [_entry(context, "context", text)]
    if given is not None or name != names[-1]:
        word = given.value if given is not None and given.value is not None else context
        path = posixpath.relpath(posixpath.join("/", folder, name), within)
        entries.append(_entry(word, "dockerfile", path))
    return folder, entries


def _is_outside(folder: str, path: str) -> bool:
    return posixpath.normpath(posixpath.join(folder, path)).startswith(("..", "/"))


def _entry(word: Word, key: str, text: str) -> tuple[Node, Node]:
    span = place(word)
    return Scalar(span, key), Scalar(span, text.replace("$", "$$"), '"')


def _path(word: Word, skip: int = 0) -> str | None:
    """Return a path that is surely known; one in `$PWD` starts in the folder of the command."""
    if word.value is not None:
        return word.value[skip:]
    text = template(word, skip)
    if text == _HERE or text.startswith(f"{_HERE}/"):
        text = "." + text.removeprefix(_HERE)
    return None if "$" in text else text


def _is_there(project: FileProject, folder: str, name: str) -> bool:
    if _is_outside(folder, name):
        return False
    found = project.disk.read(posixpath.normpath(posixpath.join(folder, name)))
    return isinstance(found, Source) or found.reason != "missing"
