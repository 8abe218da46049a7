"""The words of a command with the values of variables that are surely known.

A script decides a variable if it names it once, except where it reads it: in an assignment
before the command. It then knows the values of ENV and ARG of all others. Everything else,
such as the variable of a loop, stays unknown.
"""

from __future__ import annotations

from tightship.commands.calls import Call
from tightship.syntax.shell.nodes import Literal, Quoted, Simple, Variable, Word, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.syntax.shell.nodes import Part

_JOINING = frozenset("_.-")  # as in `.build-deps`
_PLACES = ("script", "group", "branch")


def with_values(
    call: Call, calls: Sequence[Call], environment: Callable[[str], str | None]
) -> Call:
    """Return a command with the words that a shell makes of it.

    Args:
        call: the command.
        calls: all commands of its step.
        environment: returns the value of a variable outside of the script, if it is known.

    """
    values = _Values(call, calls, environment)
    old = call.command
    new = Simple(old.text, old.start, old.end)
    new.assignments, new.redirections = old.assignments, old.redirections
    new.words = [one for word in old.words for one in values.words(word)]
    return Call(new, call.pipeline, call.position, call.nesting)


class _Values:
    """The variables at one command."""

    def __init__(
        self, call: Call, calls: Sequence[Call], environment: Callable[[str], str | None]
    ) -> None:
        self._call = call
        self._calls = calls
        self._environment = environment

    def words(self, word: Word) -> list[Word]:
        """Return the words that a word becomes: itself if it has a value or is unknown."""
        if word.value is not None:
            return [word]
        first, *more = word.parts
        found = None if more or not isinstance(first, Variable) else self._assigned(first)
        if found is not None and found.value is not None:
            return [*_split(found, found.value)]
        value = self._joined(word)
        if value is None:
            return [word]
        texts = [value] if isinstance(first, Quoted) and not more else value.split()
        return [Word(word.text, word.start, word.end, text) for text in texts]

    def _joined(self, word: Word) -> str | None:
        values = [*map(self._value, flat(word.parts))]
        return None if None in values else "".join(one or "" for one in values)

    def _value(self, part: Part) -> str | None:
        if not isinstance(part, Variable):
            return part.value
        if part.operator or not part.name:
            return None
        if not self._is_named_elsewhere(part.name, 0):
            is_apart = self._call.nesting.within("function")
            return None if is_apart else self._environment(part.name)
        found = self._assigned(part)
        return found.value if found is not None else None

    def _assigned(self, variable: Variable) -> Word | None:
        """Return the word that the script assigns to a variable, if it decides the value."""
        name = variable.name
        if variable.operator or not name or self._is_named_elsewhere(name, 1):
            return None
        for call in self._calls:
            if call is self._call:
                break
            here = call.nesting.script is self._call.nesting.script
            if here and call.nesting.kind in _PLACES and _keeps(call):
                for one in call.command.assignments:
                    if one.name == name and one.operator == "=":
                        return one.value
        return None

    def _is_named_elsewhere(self, name: str, times: int) -> bool:
        """Return whether the script names a variable more often than it reads it."""
        parts = self._call.nesting.script.text.value.split(name)
        return sum(map(_is_name, parts, parts[1:])) > times


def _is_name(before: str, after: str) -> bool:
    """Return whether what is between two texts is a name that is not read there."""
    last, first = before[-1:], after[:1]
    around = (last, first)
    return last not in ("$", "{") and not any(one.isalnum() or one in _JOINING for one in around)


def _keeps(call: Call) -> bool:
    """Return whether the variables of a command stay: `x=1`, and in POSIX `x=1 set -e`."""
    return not call.command.words or (call.program is not None and call.program.name == "set")


def _split(word: Word, value: str) -> Iterator[Word]:
    """Yield the words of a value at their places, or at that of the value."""
    parts = [*flat(word.parts)]
    whole = word.raw.strip("'\"")
    start = word.start + word.raw.find(whole)
    is_plain = whole == value and all(isinstance(one, Literal) for one in parts)
    at = 0
    for text in value.split():
        at = value.index(text, at)
        place = (start + at, start + at + len(text)) if is_plain else (word.start, word.end)
        yield Word(word.text, *place, text)
        at += len(text)
