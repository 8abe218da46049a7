"""The folder in which a command of a script runs, as far as the file alone decides it."""

from __future__ import annotations

import posixpath

from tightship.frontends.engine_commands.scripts import kind_of
from tightship.lazy import lru_cache, regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from tightship.commands.calls import Call, Nesting
    from tightship.frontends.engine_commands.commands import EngineCommand
    from tightship.text import Source

# Jobs of a CI start at the root, unless a key of the file says something else.
_MOVED_BY_KEY = regex(r"working[-_]?[dD]irectory|workingDir\b|\bchdir:")
_OF_CI = regex(r"(?:\.[^/]+/.*|\.[^/]+|[^/]*(?:pipeline|ci|build)[^/]*)\.ya?ml")
# `$(dirname "$0")`, `${0%/*}`: the folder of the script.
_SCRIPT = r"\$(?:0|\{0\}|BASH_SOURCE|\{BASH_SOURCE(?:\[0\])?\})"
_REAL = rf"(?:{_SCRIPT}|\$\((?:readlink -f|realpath)(?: --)? [\"']?{_SCRIPT}[\"']?\))"
_DIRNAME = (
    rf"(?:\$\([ \t]*dirname[ \t]+(?:--[ \t]+)?[\"']?{_REAL}[\"']?[ \t]*\)"
    r"|\$\{(?:0|BASH_SOURCE(?:\[0\])?)%/\*\})"
)
_BELOW = r"((?:/[\w.-]+)*)/?"
_QUOTE = r"[\"']?"
_OWN = regex(rf"{_QUOTE}{_DIRNAME}{_QUOTE}{_BELOW}{_QUOTE}")
_TOP = regex(
    rf"{_QUOTE}\$\([ \t]*git[ \t]+rev-parse[ \t]+--show-toplevel[ \t]*\){_QUOTE}{_BELOW}{_QUOTE}"
)
# `$(cd "$(dirname "$0")/.." && pwd)`
_CHANGED = regex(
    rf"{_QUOTE}\$\([ \t]*cd[ \t]+(?:-P[ \t]+)?(?:--[ \t]+)?{_QUOTE}{_DIRNAME}{_QUOTE}{_BELOW}{_QUOTE}"
    r"[ \t]*(?:&?>[ \t]*/dev/null[ \t]*(?:2>&1)?[ \t]*)?(?:&&|;)[ \t]*pwd(?:[ \t]+-P)?[ \t]*\)[\"']?"
)
_VARIABLE = regex(rf"{_QUOTE}\$(?:(\w+)|\{{(\w+)\}}){_QUOTE}{_BELOW}{_QUOTE}")
_ASSIGNED = regex(
    r"(?m)^[ \t]*(?:(?:export|local|readonly|declare|typeset)[ \t]+(?:-\w+[ \t]+)?)?(\w+)=([^\n#]*)"
)
_SET = regex(r"\b(?:for|select|read(?:[ \t]+-\w+)*)[ \t]+(\w+)|[;&|({][ \t]*(\w+)=")
_DEEPEST = 5
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


def _starts(source: Source) -> list[str]:
    """Return the folders in which the commands of a file may start."""
    own, kind = posixpath.dirname(source.name), kind_of(source.name, source.text)
    if kind == "makefile" or source.name.endswith("package.json"):
        return [own]
    if kind == "structure":
        is_ci = _OF_CI.fullmatch(source.name) and not _MOVED_BY_KEY.search(source.text)
        return [""] if is_ci else []
    return [own, ""] if kind in ("shell", "document") else []


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


def _moved(folders: Sequence[str], move: Call, source: Source) -> list[str]:
    assert move.program is not None
    words = [one for one in move.program.words if one.value not in ("--", "-P", "-L", "-e")]
    [word] = words if len(words) == 1 else [None]
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


def fixed_path(raw: str, source: Source, depth: int = 0) -> str | None:
    """Return the path that a word means wherever the script starts, from the root.

    A variable counts if the script sets it once.
    """
    own = posixpath.dirname(source.name)
    for pattern, base in ((_OWN, own), (_CHANGED, own), (_TOP, "")):
        found = pattern.fullmatch(raw)
        if found is not None:
            return posixpath.normpath(posixpath.join(base, found[1].lstrip("/")))
    found = _VARIABLE.fullmatch(raw)
    if found is None or depth > _DEEPEST:
        return None
    given = _assigned(source.text).get(found[1] or found[2], ())
    path = fixed_path(given[0].strip(), source, depth + 1) if len(given) == 1 else None
    return None if path is None else posixpath.normpath(posixpath.join(path, found[3].lstrip("/")))


@lru_cache(maxsize=4)
def _assigned(text: str) -> dict[str, list[str]]:
    """Return what each variable of a script is given, line by line."""
    found: dict[str, list[str]] = {}
    for one in _ASSIGNED.finditer(text):
        found.setdefault(one[1], []).append(one[2])
    for one in _SET.finditer(text):  # in other ways
        found.setdefault(one[1] or one[2], []).append("")
    return found
