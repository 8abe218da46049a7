"""The containers that the commands of a file start, by the names of these or of their images.

Volumes that a command creates are those of containers of the same file that mount them.
"""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.flags.editor import BETWEEN, FlagEditor, end_of, is_as_written
from tightship.frontends.flags.entries import Entries, FlagSettings, network_names
from tightship.frontends.flags.flags import build_arguments
from tightship.frontends.flags.values import nested, pair_node, template, text_node
from tightship.frontends.flags.variables import with_defaults
from tightship.frontends.invocations.account import is_of_another_shell, unaccounted
from tightship.frontends.invocations.aliases import engines_in
from tightship.frontends.invocations.commands import STARTS, VOLUME, as_run, engine_commands
from tightship.frontends.invocations.folder import folder_of
from tightship.frontends.invocations.kinds import (
    MARKDOWN,
    names_engine,
    script_kind_of,
    uses_engine,
)
from tightship.frontends.invocations.scripts import scripts_of
from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.nodes import Literal, Unknown, Word
from tightship.text import Edit, Span
from tightship.values import image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from re import Pattern

    from tightship.frontends.flags.flags import Arguments, Given
    from tightship.frontends.invocations.commands import EngineCommand, RunCommand
    from tightship.model.editor import Edits
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Part, Script
    from tightship.syntax.yaml.nodes import Scalar

UNIT = ".service"
_LASTING = frozenset(("detach", "publish", "publish-all", "restart"))


class CommandSettings(FlagSettings):
    """The settings of one container; ``command`` is what starts it."""

    __slots__ = ("command",)

    def __init__(self, name: str, command: RunCommand, project: FileProject) -> None:
        self.command = command
        found = command.arguments
        complete = found.image is not None  # without one, there is no container that lacks a thing
        super().__init__(
            name, command.span, found, Entries(command.here), project, complete=complete
        )

    @property
    def engine(self) -> str:
        """Return the engine that the command is for."""
        return "Podman" if self.command.engine == "podman" else "Docker"

    @property
    def is_brief(self) -> bool:
        """Return whether it runs a command in the foreground that nobody reaches, as tools do."""
        given = {one.flag.name for one in self.arguments.flags}
        is_for_once = "rm" in given or bool(self.arguments.command)
        is_service = not given.isdisjoint(_LASTING) or self.span.source.name.endswith(UNIT)
        return is_for_once and not is_service and not self.text("network_mode").could_be("host")

    @property
    def extent(self) -> Span:
        """Return the place of the whole command."""
        return self.command.whole

    @property
    def editor(self) -> CommandEditor:
        """Return what edits the command."""
        return CommandEditor(self.command)


# A name for a reader to fill in: no image has upper case. Or an image up to a stray quote.
_PLACEHOLDER = regex(r"(?s)[A-Z][A-Z0-9_/:.-]+|[^\n]*\n.*")
_FOLDER = regex(r"[^/.~:][^:]*/[^:]*(?=:)")
_NAME = regex(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+")


def declare(
    project: FileProject,
    builds: Callable[[EngineCommand], object] | None = None,
    scripts: Iterable[Script] | None = None,
) -> list[CommandSettings]:
    """Add the containers of a file's commands to its project, and return their settings.

    ``builds`` is called with each command that builds an image; ``scripts`` have the commands,
    if not those of the file by its kind.
    """
    source = project.source
    is_whole = scripts is None
    if is_whole and not names_engine(source.text):
        return []
    engines = engines_in(source.text) if uses_engine(source.text) else {}
    read = [*(scripts_of(source) if scripts is None else scripts)]
    found = (one for script in read for one in engine_commands(script, engines))
    every = [one for one in found if not is_of_another_shell(one)]
    commands = [as_run(one, folder_of(one)) for one in every if one.verb in STARTS]
    every = define_volumes(project, every, commands)
    project.gaps += unaccounted(source, read, every, is_whole=is_whole)
    for one in every:
        if builds is not None and one.verb not in STARTS and one.verb != VOLUME:
            builds(one)
    if script_kind_of(source.name, source.text) == MARKDOWN:
        commands = [*map(_for_readers, commands)]
    else:
        project.gaps += filter(None, map(_unknown_flags, commands))
    return [_added(project, one) for one in commands]


def _unknown_flags(command: RunCommand) -> Gap | None:
    """Return a gap for a command with words that may be any flags; readers fill in their own."""
    unknown = command.arguments.unknown
    if unknown is None:
        return None
    # A value that is set elsewhere has its place in the command.
    span = unknown.span if command.whole.contains(unknown.span) else command.span
    return Gap(span, "which flags it has is known only when the command runs")


def _for_readers(command: RunCommand) -> RunCommand:
    """Return a command of a document; its `IMAGE` and `MASTER_KEY` are any texts."""
    given, image = command.arguments, command.arguments.image
    words = [_filled_in(one, _NAME) for one in given.command]
    made = _filled_in(image, _PLACEHOLDER) if image is not None else None
    flags = [*map(_with_folder, given.flags)]
    return command.replaced(arguments=given.replaced(flags=flags, image=made, command=words))


def _with_folder(given: Given) -> Given:
    """Return a mount of `path/to/data`, which is no name of a volume, as one of any folder."""
    word = given.value
    is_mount = given.flag.path == ("volumes",) and given.flag.kind == "items"
    found = _FOLDER.match(word.head) if word is not None and not given.skip and is_mount else None
    if word is None or found is None:
        return given
    at = word.start + found.end() if word.raw == word.value else word.end
    parts: list[Part] = [Unknown(word.text, word.start, at)]
    if at < word.end:
        parts.append(Literal(word.text, at, word.end, word.raw[found.end() :], ""))
    return given.replaced(value=Word(word.text, word.start, word.end, None, (*parts,)))


def _filled_in(word: Word, pattern: Pattern[str]) -> Word:
    """Return a word that is unknown, if it is a name for a reader to fill in."""
    if not pattern.fullmatch(word.head):
        return word
    part = Unknown(word.text, word.start, word.end)
    return Word(word.text, word.start, word.end, None, (part,))


def _added(project: FileProject, command: RunCommand) -> CommandSettings:
    networks = network_names(command.arguments.flags)
    return project.add(
        _name_of(command), lambda name: CommandSettings(name, command, project), networks
    )


def _name_of(command: RunCommand) -> str:
    """Return the name that a command gives its container, or else that of the image."""
    for given in command.arguments.flags:
        if given.flag.name == "name" and given.value is not None:
            text = (given.value.value or "")[given.skip :]
            if text:
                return text
    return name_of_image(command.arguments.image)


def name_of_image(word: Word | None, skip: int = 0) -> str:
    """Return the name of an image without its registry and tag, or what is written for it.

    It begins after ``skip`` characters of the word.
    """
    if word is None:
        return "container"
    if word.value:
        name = word.value[skip:]
        return image.parse(name).name.rpartition("/")[2] or name
    known = with_defaults(template(word, skip))
    written = word.span.text.replace('"', "").replace("'", "")[skip:].partition("\n")[0]
    last = _without_tag(known.rpartition("/")[2])
    if last and "$" not in last:
        return last
    # What separates the parts of a name may be a part of an expression.
    is_apart = all(known.count(one) == written.count(one) for one in "/:@")
    is_named = is_apart and not last.startswith("$")
    return _without_tag(written.rpartition("/")[2]) if is_named else written


def _without_tag(name: str) -> str:
    return name.partition("@")[0].partition(":")[0]


_SOURCES = ("source=", "src=")


def define_volumes(
    project: FileProject, commands: Sequence[EngineCommand], runs: Sequence[RunCommand]
) -> list[EngineCommand]:
    """Define the volumes that containers mount; return the commands that say nothing more."""
    mounted = {name for one in runs for given in one.arguments.flags for name in _names(given)}
    known = list["EngineCommand"]()
    for command in commands:
        if command.verb != VOLUME:
            known.append(command)
            continue
        given = build_arguments(command.words, command.engine, "docker_volume")
        name = _name(given)
        if given.unknown is not None:
            reason = "which volume it creates is known only when the command runs"
            project.gaps.append(Gap(command.span, reason))
            known.append(command)
        elif name in mounted:  # else another file may mount it
            known.append(command)
            project.define("volumes", name, nested(command.span, _keys(given)).entries)
    return known


def _names(given: Given) -> list[str]:
    """Return the volume that a flag may mount."""
    if given.flag.path != ("volumes",) or given.value is None:
        return []
    text = text_node(given.value, given.skip).value
    sources = [one.partition("=")[2] for one in text.split(",") if one.startswith(_SOURCES)]
    return [*sources, text.partition(":")[0]]


def _name(given: Arguments) -> str:
    named = [one for one in given.flags if one.flag.name == "name" and one.value is not None]
    if given.image is not None:
        return text_node(given.image).value
    return text_node(named[-1].value, named[-1].skip).value if named and named[-1].value else ""


def _keys(given: Arguments) -> dict[tuple[str, ...], Scalar]:
    """Return the keys of a volume by their paths."""
    found: dict[tuple[str, ...], Scalar] = {}
    for one in given.flags:
        pair = pair_node(one) if one.flag.kind == "pair" else None
        if pair is not None:
            found[*one.flag.path, pair[0].value] = pair[1]
        elif one.flag.kind == "text" and one.value is not None:
            found[one.flag.path] = text_node(one.value, one.skip)
    return found


class CommandEditor(FlagEditor):
    """Edits of one command: new flags come before the image, as the flags before are written."""

    __slots__ = ("_command",)

    def __init__(self, command: RunCommand) -> None:
        super().__init__(command.arguments)
        self._command = command

    def insertion(self, flags: Sequence[str]) -> Edits:
        """Return the edit that adds flags before the image."""
        image = self._arguments.image
        if image is None or not is_as_written(image):
            return ()
        start, source = image.span.start, image.span.source
        whole = self._command.whole
        ends = (end_of(one) for one in self._arguments.flags)
        here = (end for end in ends if whole.start <= end <= start)  # others are in a variable
        before = max(here, default=self._command.span.end)
        between = source.text[before:start]
        if not BETWEEN.fullmatch(between):
            return ()
        text = "".join(f"{flag}{between}" for flag in flags)
        return (Edit(Span(source, start, start), text),)
