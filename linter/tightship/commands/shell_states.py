"""The states that a shell can be in at a place of a script, each with its facts.

Facts are the bits of a number. Functions return new states and keep the given ones.
"""

from __future__ import annotations

from tightship.commands.program import shell_kind
from tightship.lazy import Record

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import TypeAlias

    # How the script, function or round has ended ("" if it goes on), whether the last
    # command succeeded, errexit, pipefail, and whether all that led here is known.
    State: TypeAlias = tuple[str, bool, bool, bool, bool]
    States: TypeAlias = dict[State, int]


class UnknownWaysError(Exception):
    """The ways through a script are not known, or too many commands are on them."""


def start(options: ShellOptions, known: int, doubtful: int) -> States:
    """Return the states at the start of a script."""
    errexit, pipefail = options.errexit, options.pipefail
    states: States = {("", True, errexit, pipefail, options.sure): known}
    if doubtful:
        add(states, ("", True, errexit, pipefail, False), doubtful)
    return states


def add(states: States, state: State, found: int) -> None:
    """Add a state, or its facts if it is there."""
    states[state] = states.get(state, 0) | found


def merge(states: States, others: States) -> None:
    """Add states to others in place."""
    for state, found in others.items():
        states[state] = states.get(state, 0) | found


def joined(one: States, other: States) -> States:
    """Return the states of both."""
    if not one or not other:
        return one or other
    made = dict(one)
    merge(made, other)
    return made


def split(states: States) -> tuple[States, States]:
    """Return the states that go on, and those that have ended."""
    ended = {k: v for k, v in states.items() if k[0]}
    return ({k: v for k, v in states.items() if not k[0]} if ended else states), ended


def by_result(states: States) -> tuple[States, States]:
    """Return the states after success, and those after failure."""
    good = {k: v for k, v in states.items() if k[1]}
    return good, {k: v for k, v in states.items() if not k[1]}


def with_result(states: States, *, succeeded: bool) -> States:
    """Return states after a command with a known result."""
    made: States = {}
    for (how, before, errexit, pipefail, sure), found in states.items():
        result = before if how else succeeded
        add(made, (how, result, errexit, pipefail, sure), found)
    return made


def with_either_result(states: States) -> States:
    """Return states after a command that may succeed or fail."""
    made: States = {}
    for (how, before, errexit, pipefail, sure), found in states.items():
        for result in (before,) if how else (True, False):
            add(made, (how, result, errexit, pipefail, sure), found)
    return made


def negated(states: States) -> States:
    """Return states after ``!``."""
    made: States = {}
    for (how, result, errexit, pipefail, sure), found in states.items():
        add(made, (how, result ^ (not how), errexit, pipefail, sure), found)
    return made


def after_pipe(states: States) -> States:
    """Return states after a pipe in which a command has failed."""
    made: States = {}
    for (how, result, errexit, pipefail, sure), found in states.items():
        add(made, (how, result and not pipefail, errexit, pipefail, sure), found)
    return made


def with_options(states: States, options: ShellOptions) -> States:
    """Return states at the start of another shell."""
    made: States = {}
    for key, found in states.items():
        sure = key[4] and options.sure
        add(made, ("", True, options.errexit, options.pipefail, sure), found)
    return made


def without_errexit(states: States) -> States:
    """Return states in which a failure does not end the shell."""
    made: States = {}
    for (how, result, _, pipefail, sure), found in states.items():
        add(made, (how, result, False, pipefail, sure), found)
    return made


def ended(states: States, how: str) -> States:
    """Return states that have ended, or go on again with ``""``."""
    made: States = {}
    for (_, result, errexit, pipefail, sure), found in states.items():
        add(made, (how, result, errexit, pipefail, sure), found)
    return made


def ended_by_errexit(states: States) -> States:
    """Return states in which errexit has ended the shell after a failure."""
    made: States = {}
    for (how, result, errexit, pipefail, sure), found in states.items():
        if not how and not result and errexit:
            how = "exit"
        add(made, (how, result, errexit, pipefail, sure), found)
    return made


def facts(states: States) -> int:
    """Return all facts of some states."""
    every = 0
    for found in states.values():
        every |= found
    return every


def unsure(states: States) -> States:
    """Return states that the script may not reach."""
    made: States = {}
    for (how, result, errexit, pipefail, _), found in states.items():
        add(made, (how, result, errexit, pipefail, False), found)
    return made


def without(states: States, lost: int) -> States:
    """Return states that go on without some facts."""
    if not lost:
        return states
    return {k: v if k[0] else v & ~lost for k, v in states.items()}


class ShellOptions(Record, frozen=False):
    """Whether ``errexit`` and ``pipefail`` are set.

    ``sure`` is false if a word may set others. ``is_bash`` tells that the shell runs as
    bash and not as ``sh``: a command substitution then does not inherit ``errexit``
    (Bash manual, Command Substitution).
    """

    errexit: bool = False
    pipefail: bool = False
    sure: bool = True
    is_bash: bool = False

    @classmethod
    def of(cls, words: Sequence[str | None]) -> ShellOptions:
        """Read a command line that starts a shell; ``None`` is an unknown word."""
        for place, word in enumerate(words):
            if word is not None and shell_kind(word) == "sh":
                found = cls(is_bash=word.rpartition("/")[2] == "bash")
                found.take(words[place + 1 :])
                return found
        return cls(sure=False)

    def take(self, words: Iterable[str | None]) -> None:
        """Read the words of ``set``, or those after the name of a shell."""
        rest = iter(words)
        for word in rest:
            if word is None:
                self.sure = False
                return
            if len(word) < 2 or word[0] not in "-+" or word[1] == "-":
                return
            for letter in word[1:]:
                if letter == "e":
                    self.errexit = word[0] == "-"
                elif letter == "o":
                    self._name(next(rest, ""), is_set=word[0] == "-")
                elif letter == "O":
                    next(rest, "")

    def _name(self, name: str | None, *, is_set: bool) -> None:
        if name == "errexit":
            self.errexit = is_set
        elif name == "pipefail":
            self.pipefail = is_set
        elif name is None or name == "posix":
            self.sure = False
