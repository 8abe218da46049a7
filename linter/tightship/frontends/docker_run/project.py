"""The containers that the commands of a file start, by the names of these or of their images."""

from __future__ import annotations

from tightship.findings import Gap
from tightship.frontends.docker_run.settings import CommandSettings
from tightship.frontends.docker_run.volumes import define_volumes
from tightship.frontends.flags.entries import network_names
from tightship.frontends.flags.values import template
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
from tightship.lazy import regex
from tightship.syntax.shell.nodes import Literal, Unknown, Word
from tightship.values import image

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from re import Pattern

    from tightship.frontends.flags.flags import Given
    from tightship.frontends.invocations.commands import EngineCommand, RunCommand
    from tightship.model.file_project import FileProject
    from tightship.syntax.shell.nodes import Part, Script

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
