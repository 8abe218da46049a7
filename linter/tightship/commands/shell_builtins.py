"""What the builtins of a shell that decide its ways do to its states."""

from __future__ import annotations

from tightship.commands import shell_states as ways
from tightship.commands.shell_states import ShellOptions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.commands.program import Program
    from tightship.commands.shell_states import States

SUCCEEDING = frozenset((
    "true", ":", "echo", "printf", "export", "local", "declare", "typeset", "readonly",
    "unset", "umask",
))  # fmt: skip
"""Commands that fail only in a way that no script reckons with, such as a full disk."""

# Files that set variables, and no options.
_HARMLESS_FILES = ("os-release", "activate", "env", ".bashrc", ".profile", "nvm.sh")
_ON_FAILURE = frozenset(("ERR", "DEBUG", "RETURN"))


def _end(program: Program, states: States) -> States:
    word = program.words[0] if program.words else None
    if word is not None and word.value is not None:
        succeeds = word.value.strip("0") == ""
        states = ways.with_result(states, succeeded=succeeds)
    elif word is not None and word.raw.strip('"') != "$?":
        states = ways.unsure(ways.with_either_result(states))
    return ways.ended(states, program.name)


def _break(program: Program, states: States) -> States:
    states = ways.unsure(states) if program.words else states
    return ways.ended(states, program.name)


def _set(program: Program, states: States) -> States:
    words = [word.value for word in program.words]
    made: States = {}
    for (how, _, errexit, pipefail, sure), facts in states.items():
        options = ShellOptions(errexit=errexit, pipefail=pipefail, sure=sure)
        options.take(words)
        after = (how, True, options.errexit, options.pipefail, options.sure)
        ways.add(made, after, facts)
    return made


def _false(program: Program, states: States) -> States:
    del program
    return ways.with_result(states, succeeded=False)


def _trap(program: Program, states: States) -> States:
    words = [word.value or "" for word in program.words]
    if not _ON_FAILURE.isdisjoint(words) or "exit" in "".join(words[:1]):
        raise ways.UnknownWaysError
    return ways.with_result(states, succeeded=True)


def _source(program: Program, states: States) -> States:
    name = program.words[0].raw.strip("\"'") if program.words else ""
    states = ways.with_either_result(states)
    return states if name.endswith(_HARMLESS_FILES) else ways.unsure(states)


def _unknown(program: Program, states: States) -> States:
    del program
    return ways.unsure(ways.with_either_result(states))


BUILTINS: dict[str, Callable[[Program, States], States]] = {
    "exit": _end,
    "return": _end,
    "break": _break,
    "continue": _break,
    "set": _set,
    "false": _false,
    "trap": _trap,
    ".": _source,
    "source": _source,
    "eval": _unknown,
    "shopt": _unknown,
}
"""The builtins by their names; each maps the states before it to those after it."""
