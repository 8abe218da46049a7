"""The folder in which a command of a script runs, as far as the file alone decides it."""

from __future__ import annotations

import posixpath

from tightship.frontends.flags.variables import fixed_path
from tightship.frontends.invocations.kinds import script_kind_of
from tightship.lazy import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.commands.calls import Call, Nesting
    from tightship.frontends.invocations.commands import EngineCommand
    from tightship.syntax.shell.nodes import Word
    from tightship.text import Source

# Jobs of a CI start at the root, unless a key of the file says something else.
_MOVED_BY_KEY = regex(r"working[-_]?[dD]irectory|workingDir\b|\bchdir:")
_OF_CI = regex(r"(?:\.[^/]+/.*|\.[^/]+|[^/]*(?:pipeline|ci|build)[^/]*)\.ya?ml")
_STAYING = frozenset(("group", "condition"))
_APART = frozenset(("subshell", "substitution", "shell", "input"))


def folders_of(source: Source, command: EngineCommand) -> list[str]:
    """Return the folders in which a command may run, relative to the root: none if unknown."""
    folders = _starts(source)
    moves = command.moves
    if moves is None:
        return []
    for one in moves:
        effect = _effect(one, command.call.nesting)
        if effect is None or (effect and (one.program is None or one.program.name == "popd")):
            return []
        if effect:
            folders = _moved(folders, one, source)
    return [*dict.fromkeys(one for one in folders if not one.startswith(".."))]


def folder_of(command: EngineCommand) -> str | None:
    """Return the folder of a command from that in which its script starts; None if unknown.

    A folder that the script names from its own one is the same to a mount.
    """
    folder = "."
    for one in command.moves or ():
        effect, word = _effect(one, command.call.nesting), _target(one)
        if effect is False:
            continue
        if word is not None and fixed_path(word.raw, command.span.source) is not None:
            folder = "."
        elif not effect or word is None or word.value in (None, "", "-"):
            return None
        else:
            folder = posixpath.normpath(posixpath.join(folder, word.value or ""))
    return folder if command.moves is not None else None


def _starts(source: Source) -> list[str]:
    """Return the folders in which the commands of a file may start."""
    own, kind = posixpath.dirname(source.name), script_kind_of(source.name, source.text)
    if kind == "makefile" or source.name.endswith("package.json"):
        return [own]
    if kind == "structure":
        is_ci = _OF_CI.fullmatch(source.name) and not _MOVED_BY_KEY.search(source.text)
        return [""] if is_ci else []
    return [own, ""] if kind in ("shell", "markdown") else []


def _effect(move: Call, place: Nesting) -> bool | None:
    """Return whether a change of the folder holds at a place; None if only a run knows."""
    if len(move.pipeline.commands) > 1:
        return False
    above = list["Nesting"]()
    around: Nesting | None = place
    while around is not None:
        above.append(around)
        around = around.outer
    scope: Nesting | None = move.nesting
    is_sure = True
    while scope is not None and scope not in above:
        if scope.kind in _APART:
            return False
        is_sure = is_sure and scope.kind in _STAYING
        scope = scope.outer
    return True if is_sure else None


def _target(move: Call) -> Word | None:
    """Return the folder that a move names."""
    words = move.program.words if move.program is not None else ()
    words = [one for one in words if one.value not in ("--", "-P", "-L", "-e")]
    return words[0] if len(words) == 1 else None


def _moved(folders: Sequence[str], move: Call, source: Source) -> list[str]:
    word = _target(move)
    if word is None:
        return []
    if word.value is not None:
        path = word.value
        is_known = path[:1] not in ("/", "~", "-", "")
        return (
            [posixpath.normpath(posixpath.join(one, path)) for one in folders] if is_known else []
        )
    fixed = fixed_path(word.raw, source)
    return [] if fixed is None else [fixed]
