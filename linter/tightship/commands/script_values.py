"""The words of a command with the values of variables that are surely known.

A script decides a variable if it names it once, except where it reads it: in an assignment
before the command. It then knows the values of ENV and ARG of all others. An operand with the
variable of a ``for``, or with an argument of a function, stands for all of its values. Everything
else, such as a variable that has several assignments, stays unknown.
"""

from __future__ import annotations

from tightship.commands.calls import MOST_SEARCHED, Call, Nesting, uses
from tightship.lazy import Record, regex
from tightship.syntax.shell.nodes import Literal, Quoted, Variable, Word, flat, joined

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from tightship.syntax.shell.nodes import Part

_JOINING = frozenset("_.-")  # as in `.build-deps`
_MOST_VALUES = 200
_TOKENS = regex(r"\s+|\S+")
_PLACES = ("script", "group", "branch")


def with_values(
    call: Call,
    calls: Sequence[Call],
    environment: Callable[[str], str | None],
    operands: Sequence[Word] = (),
) -> Call:
    """Return a command with the words that a shell makes of it.

    Args:
        call: the command.
        calls: all commands of its step.
        environment: returns the value of a variable outside of the script, if it is known.
        operands: those of its words that may become the words of all its runs.

    """
    values, many = _Values(call, calls, environment), frozenset(operands)
    words = [
        one
        for word in call.command.words
        for one in ((word in many and values.of_all_runs(word)) or values.words(word))
    ]
    return call.with_words(words)


class _Values(Record):
    """The variables at one command."""

    _call: Call
    _calls: Sequence[Call]
    _environment: Callable[[str], str | None]

    def words(self, word: Word) -> list[Word]:
        """Return the words that a word becomes: itself if it has a value or is unknown."""
        if word.value is not None:
            return [word]
        first, *more = word.parts
        found = None if more or not isinstance(first, Variable) else self._assigned(first)
        if found is not None and found.value is not None:
            return [*split(found)]
        value = self._joined(word)
        if value is None:
            return [word]
        texts = [value] if isinstance(first, Quoted) and not more else value.split()
        return [Word(word.text, word.start, word.end, text) for text in texts]

    def of_all_runs(self, word: Word) -> list[Word]:
        """Return the words that a loop or the calls of a function make of one, if all are known."""
        parts = [*flat(word.parts)]
        variables = [part for part in parts if isinstance(part, Variable)]
        if len(variables) != 1 or variables[0].operator:
            return []
        [variable] = variables
        is_alone, is_split = len(parts) == 1, variable in word.parts
        if variable.name in ("@", "*") and not (is_alone and (is_split or variable.name == "@")):
            return []
        made: list[Word] = []
        for given in self._given(variable.name)[: _MOST_VALUES + 1]:
            if not given.value or (is_split and not is_alone and len(given.value.split()) != 1):
                return []
            if is_alone:
                made += split(given) if is_split else [given]
                continue
            values = [given.value if part is variable else part.value for part in parts]
            text = None if None in values else "".join(one or "" for one in values)
            made.append(Word(given.text, given.start, given.end, text))
        if len(made) > _MOST_VALUES or any(not one.value or one.value[0] == "-" for one in made):
            return []
        return made

    def _given(self, name: str) -> list[Word]:
        """Return the words that give a variable its values, in the constructs around."""
        if len(self._calls) > MOST_SEARCHED:
            return []
        script = self._call.nesting.script
        for place in self._call.nesting.chain:
            if place.script is not script:
                break
            if place.kind == "function":
                return self._arguments(place, name)
            head = place.compound.words if place.compound is not None else []
            if place.kind == "loop" and head and head[0].value == name:
                return [] if self._is_named_elsewhere(name, 1) else head[1:]
        return []

    def _arguments(self, function: Nesting, name: str) -> list[Word]:
        given = [call.command.words[1:] for call in uses(function, self._calls)]
        if not given or any(_moves_arguments(one, function) for one in self._calls):
            return []
        if name in ("@", "*"):
            return [word for words in given for word in words]
        if not name.isdigit() or name == "0" or any(len(words) < int(name) for words in given):
            return []
        return [words[int(name) - 1] for words in given]

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


def _moves_arguments(call: Call, function: Nesting) -> bool:
    """Return whether a command of a function gives it other arguments."""
    words = call.command.words
    return (
        bool(words)
        and words[0].value in ("set", "shift")
        and any(place.compound is function.compound for place in call.nesting.chain)
    )


def _is_name(before: str, after: str) -> bool:
    """Return whether what is between two texts is a name that is not read there."""
    last, first = before[-1:], after[:1]
    around = (last, first)
    return last not in ("$", "{") and not any(one.isalnum() or one in _JOINING for one in around)


def _keeps(call: Call) -> bool:
    """Return whether the variables of a command stay: `x=1`, and in POSIX `x=1 set -e`."""
    return not call.command.words or (call.program is not None and call.program.name == "set")


def split(word: Word) -> Iterator[Word]:
    """Yield the words that an unquoted variable with a value becomes, at their places."""
    parts = list["Part"]()
    for part in flat(word.parts):
        if not isinstance(part, Literal) or part.value is None:
            parts.append(part)
            continue
        start = part.start + max(part.raw.find(part.value), 0)
        is_exact, whole = part.value in part.raw, (part.start, part.end)
        for found in _TOKENS.finditer(part.value):
            if found[0].isspace():
                yield from _together(word, parts)
                parts = []
            else:
                at, end = (start + one for one in found.span()) if is_exact else whole
                parts.append(Literal(part.text, at, end, found[0], '"'))
    yield from _together(word, parts)


def _together(word: Word, parts: list[Part]) -> Iterator[Word]:
    if parts:
        yield Word(word.text, parts[0].start, parts[-1].end, joined((*parts,)), (*parts,))
