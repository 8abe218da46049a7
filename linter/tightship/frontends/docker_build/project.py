"""What the commands of a file start and build, each script read once.

The settings of an image are those that the ``build`` of a service has.
"""

from __future__ import annotations

import posixpath
from functools import partial

from tightship.frontends.docker_run.project import declare as declare_runs, name_of_image
from tightship.frontends.flags.editor import FlagEditor
from tightship.frontends.flags.flags import build_arguments
from tightship.frontends.flags.values import place, template, text_node
from tightship.frontends.flags.variables import fixed_path
from tightship.frontends.invocations.folder import folders_of
from tightship.lazy import TYPE_CHECKING, Record
from tightship.model.build import is_remote_context
from tightship.model.container_settings import ContainerSettings
from tightship.model.reading import NONE, Reading
from tightship.model.value import MappingValue
from tightship.syntax.yaml.nodes import Mapping, Scalar, Sequence
from tightship.text import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence as List

    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.frontends.invocations.commands import EngineCommand
    from tightship.model.editor import Edits
    from tightship.model.file_project import FileProject
    from tightship.model.setting import Setting
    from tightship.syntax.shell.nodes import Script, Word
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Span

_DEFAULT = ("Dockerfile",)
_NAMES = {"podman": ("Containerfile", *_DEFAULT)}  # in the order in which an engine looks
_HERE = ("${PWD}", "${CURDIR}")
ROOT = "//"
"""What a path begins with that starts at the root, wherever the command runs."""


class Paths(Record):
    """The context and the Dockerfile of a build, each with its place.

    A path of a command starts in the folder in which it runs, or with ``ROOT`` at the root.
    ``file`` is none without one, and either is none, in place of a text, if only a run knows it.
    """

    context: tuple[Span, str | None] | None
    file: tuple[Span, str | None] | None = None
    names: List[str] = _DEFAULT


class ImageSettings(ContainerSettings):
    """The settings of an image that is built, and that no container here runs."""

    __slots__ = ("_extent", "_shown")

    def __init__(
        self,
        name: str,
        shown: str,
        key: Span,
        extent: Span,
        entries: Iterable[tuple[Node, Node]],
        found: List[tuple[Node, Node]] | None,
        project: FileProject,
        *,
        complete: bool = True,
    ) -> None:
        """Make settings of the entries of a ``build``.

        Args:
            name: a name that no other image of the file has.
            shown: the name for messages, empty without one.
            key: the place of the name.
            extent: the place of all that declares it.
            entries: what it sets, apart from its context and its Dockerfile.
            found: the entries for those two, or none if they are unknown.
            project: that of the file.
            complete: whether nothing else sets more.

        """
        self._extent, self._shown = extent, shown
        build = Mapping(key, [*entries, *(found or ())], flow=True)
        written: list[tuple[Node, Node]] = [(Scalar(key, "build"), build)]
        table = Mapping(key, written, flow=True)
        super().__init__(
            name,
            Scalar(key, name),
            MappingValue(table, (), Reading(NONE)),
            project,
            complete=complete and found is not None,
        )

    @property
    def title(self) -> str:
        """Return what it is, with its name, for messages."""
        return f"image `{self._shown}`" if self._shown else "the image"

    @property
    def extent(self) -> Span:
        """Return the place of all that declares it."""
        return self._extent


class BuildSettings(ImageSettings):
    """The settings of one image; ``command`` is what builds it."""

    __slots__ = ("arguments", "command")

    def __init__(
        self,
        name: str,
        shown: str,
        command: EngineCommand,
        arguments: Arguments,
        folders: Iterable[str],
        project: FileProject,
    ) -> None:
        self.command, self.arguments = command, arguments
        entries, is_known = entries_of(arguments)
        found = located(_paths(command, arguments, project.source), folders, project)
        key, is_known = command.span, is_known and arguments.unknown is None
        super().__init__(
            name, shown, key, command.whole, entries, found, project, complete=is_known
        )

    @property
    def editor(self) -> BuildEditor:
        """Return what edits the command."""
        return BuildEditor(self.arguments)


def entries_of(arguments: Arguments) -> tuple[list[tuple[Node, Node]], bool]:
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
            node = text_node(given.value, given.skip)
            items.items += _split(node) if kind == "commas" else [node]
    return [*found.values()], is_known


def _split(node: Scalar) -> Iterator[Node]:
    for one in node.value.split(","):
        yield Scalar(node.span.part(one), one, '"')


def _paths(command: EngineCommand, arguments: Arguments, source: Source) -> Paths:
    given: Given | None = None
    for one in arguments.flags:
        given = one if one.flag.kind == "file" else given
    context, file, names = arguments.image, None, _NAMES.get(command.engine, _DEFAULT)
    if given is not None and given.value is not None:
        file = place(given.value, given.skip), _path(source, given.value, given.skip)
    if context is not None:
        return Paths((place(context), _path(source, context)), file, names)
    is_here = command.engine == "podman" and arguments.unknown is None  # the default of its builds
    return Paths((command.span, ".") if is_here else None, file, names)


def located(
    given: Paths, folders: Iterable[str], project: FileProject
) -> List[tuple[Node, Node]] | None:
    """Return the context and the Dockerfile of a build as entries of ``build``; none if unknown.

    Of the folders in which it may run, one alone has the Dockerfile. In the model, a context
    starts at the root, and the path of the Dockerfile in the context.
    """
    if given.context is None:
        return None
    span, context = given.context
    if context is not None and is_remote_context(context):
        return [_entry(span, "context", context)]
    of_file, file = given.file or (span, "")
    if not context or context == "-" or file is None or file == "-":
        return None
    names = [file] if file else [f"{context}/{one}" for one in given.names]
    there = {
        (_joined(folder, context), path): name
        for folder in folders
        for name in reversed(names)
        if _is_there(project, path := _joined(folder, name))
    }
    contexts = {one for one, _ in there}
    if len(contexts) != 1 or (file and len(there) != 1) or _is_outside(within := contexts.pop()):
        return None
    entries = [_entry(span, "context", within)]
    path, name = next((path, name) for (_, path), name in reversed(there.items()))
    if file or name != names[-1]:
        entries.append(_entry(of_file, "dockerfile", posixpath.relpath(f"/{path}", f"/{within}")))
    return entries


def _joined(folder: str, path: str) -> str:
    """Return a path of a command that runs in a folder, from the root."""
    return posixpath.normpath(posixpath.join(folder, path) if path[:2] != ROOT else path[2:] or ".")


def _entry(span: Span, key: str, text: str) -> tuple[Node, Node]:
    return Scalar(span, key), Scalar(span, text.replace("$", "$$"), '"')


def _path(source: Source, word: Word, skip: int = 0) -> str | None:
    """Return a path that is surely known; one in `$PWD` starts in the folder of the command."""
    if word.value is not None:
        return word.value[skip:]
    fixed = fixed_path(word.raw[skip:], source)
    if fixed is not None:
        return f"{ROOT}{fixed}"
    text = template(word, skip)
    for here in _HERE:
        if text == here or text.startswith(f"{here}/"):
            text = "." + text.removeprefix(here)
    return None if "$" in text else text


def _is_outside(path: str) -> bool:
    return path.startswith(("..", "/"))


def _is_there(project: FileProject, path: str) -> bool:
    if _is_outside(path):
        return False
    found = project.disk.read(path)
    return isinstance(found, Source) or found.reason != "missing"


def declare(project: FileProject, scripts: Iterable[Script] | None = None) -> None:
    """Add the containers and the images of a file's commands to its project.

    ``scripts`` have the commands, if not those of the file by its kind.
    """
    declare_runs(project, partial(_add, project), scripts)


def _add(project: FileProject, command: EngineCommand) -> None:
    arguments = build_arguments(command.words, command.engine)
    folders = folders_of(project.source, command)
    shown = _name_of(arguments)
    project.add_image(
        shown or "image",
        lambda name: BuildSettings(name, shown, command, arguments, folders, project),
    )


def _name_of(arguments: Arguments) -> str:
    """Return the name of an image by its first tag, or else that of its context, if it has one."""
    for given in arguments.flags:
        if given.flag.name == "tag" and given.value is not None:
            return name_of_image(given.value, given.skip)
    context = arguments.image
    return (context.value or "").strip("/.-").rpartition("/")[2] if context is not None else ""


class BuildEditor(FlagEditor):
    """Edits of one command, whose flags may follow its context."""

    __slots__ = ()

    ends_with_flags = True

    def remove_nested(self, path: List[str], key: str) -> Edits:
        """Return the edits that remove the flags of an entry of ``build``."""
        return super().remove_nested((), key)

    def remove_nested_item(self, path: List[str], item: Setting[str]) -> Edits:
        """Return the edit that removes the flag of an item of ``build``."""
        for one in self._given((path[-1],)):
            if one.value is not None and place(one.value, one.skip) == item.span:
                return self._removal(one)
        return ()

    def insertion(self, flags: List[str]) -> Edits:
        """Return nothing: no rule adds to a build."""
        return ()
