"""What a script calls in place of an engine: variables and arrays with its words, functions.

A variable has the words that it is given first, and those that are added to it. What only
some runs add may be any words.
"""

from __future__ import annotations

from tightship.commands.calls import uses
from tightship.commands.script_values import split
from tightship.lazy import lazy_property, regex
from tightship.syntax.shell.nodes import Assignment, Literal, Quoted, Simple, Variable, Word, flat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tightship.commands.calls import Call, Nesting

# `ENGINE=podman`, `DOCKER ?= docker`, `X="${X:-sudo docker}"`, `X=$(command -v docker)`.
_ENGINES = regex(
    r"(?<![\w$])(\w+)[ \t]*(?::{0,3}=|\?=|:[ \t])[ \t]*[\"']?"
    r"(?:\$\{\w+:?[-=][\"']?|\$\((?:command -v|which) )?"
    r"(?:sudo )?(?:[\w./-]*/)?(docker|podman|nerdctl)(?:\.exe)?[\"')}]*(?=\s|;|$)"
)
_DEFAULT = regex(r"\$\{(\w+):?[-=][\"']?(?:[\w./-]*/)?(docker|podman|nerdctl)[\"']?\}")
_NAMES = regex(r"docker|podman|nerdctl")
_JOINED = regex(r"(?:&&|\|\|)[ \t\\\n]*\Z")
# Programs that give a variable another value than an assignment does.
_CHANGES = regex(r"\b(?:read|mapfile|readarray|unset|for|select|printf -v)\b([^\n;|&]*)")
_WORD = regex(r"(?<!\$)\b[A-Za-z_]\w*")
_DECLARES = ("local", "declare", "typeset", "export", "readonly")
_MOST_WORDS = 500
_MOST_CALLS = 100
_FIRST = 4
_QUOTES = frozenset("\"'\\")
_NEAR = 20


def engines_in(text: str) -> dict[str, str]:
    """Return the variables of a file that are an engine, each with its name."""
    found = {one[1]: one[2] for one in _DEFAULT.finditer(text)}
    return {**found, **{one[1]: one[2] for one in _ENGINES.finditer(text)}}


class _AnyWords(Variable, frozen=False):
    """A part that is any number of words, as `"$@"` is."""


class Aliases:
    """The variables and functions of one script, by the commands that it has."""

    def __init__(self, calls: Sequence[Call]) -> None:
        self._calls = calls

    def starts(self, call: Call) -> bool:
        """Return whether a command may begin with a variable that holds an engine's words."""
        evaluated = _evaluated(call)
        words = evaluated or call.command.words[:_FIRST]
        names = (_variable(one, is_evaluated=bool(evaluated)) for one in words)
        return any(name in self._starting for name in names)

    def evaluated(self, call: Call) -> Call | None:
        """Return the command in a variable that a shell reads as a script: `eval "$A"`.

        It is read up to the first quote.
        """
        evaluated = _evaluated(call)
        name = _variable(evaluated[0], is_evaluated=True) if evaluated else ""
        if name not in self._starting:
            return None
        found = self._grown(name, evaluated[0], call) or []
        quoted = (at for at, one in enumerate(found) if not _QUOTES.isdisjoint(one.raw))
        at = next(quoted, len(found))
        return call.with_words([*found[:at], *map(_any_words, found[at : at + 1])])

    def expanded(self, call: Call) -> Call:
        """Return a command with the words of its variables, as far as these are known."""
        words = [one for word in call.command.words for one in self._words(word, call)]
        return call.with_words(words)

    def uses(self, call: Call) -> Iterator[tuple[Call, Sequence[Word]]]:
        """Yield a command with `"$@"` as each call of its function has it, with the call's words."""
        function = _function_of(call)
        if function is None or not any(map(_positional, call.command.words)):
            return
        called = uses(function, self._calls)[:_MOST_CALLS]
        shifted = self._shifted(call, function) if called else None
        for one in called if shifted is not None else ():
            given = one.command.words[1:]
            words = [
                new for word in call.command.words for new in _filled(word, given, shifted or 0)
            ]
            yield one.with_words(words), one.command.words

    def _words(self, word: Word, call: Call) -> list[Word]:
        name = _variable(word)
        found = self._grown(name, word, call) if name else None
        if found is not None and any(one.value is not None for one in found):
            return found
        return [_any_words(word)] if name in self._options else [word]

    def _grown(self, name: str, word: Word, call: Call) -> list[Word] | None:
        """Return the words that a variable has at a command; None if the first is unknown."""
        place = word.span.start
        every = self._assigned.get(name, [])
        if len(every) > _MOST_WORDS:
            return None
        before = [pair for pair in every if pair[1].span.start < place]
        if not before or _adds(before[0][1]) or not all(_adds(one) for _, one in before[1:]):
            return None
        repeats = call.nesting.within("function", "loop")
        is_certain = name not in self._changed and (len(before) == len(every) or not repeats)
        words = list[Word]()
        for at, one in before:
            if _is_sure(at, one, call.nesting):
                words += _items(one)
            else:
                is_certain = False
        if len(words) > _MOST_WORDS:
            return None
        return words if is_certain else [*words, _any_words(word)]

    @lazy_property
    def _assigned(self) -> dict[str, list[tuple[Call, Assignment]]]:
        found: dict[str, list[tuple[Call, Assignment]]] = {}
        for call in self._calls:
            for one in (*call.command.assignments, *_declared(call)):
                found.setdefault(one.name, []).append((call, one))
        return found

    @lazy_property
    def _starting(self) -> frozenset[str]:
        """Return the variables with a value that has the name of an engine."""
        found = self._assigned.items()
        return frozenset(
            name for name, every in found if any(_NAMES.search(x.raw) for _, x in every)
        )

    @lazy_property
    def _options(self) -> frozenset[str]:
        """Return the variables that are options, be it in some runs alone."""
        every = ((name, one) for name, found in self._assigned.items() for _, one in found)
        return frozenset(
            name for name, one in every if any(item.head[:1] == "-" for item in _items(one)[:1])
        )

    @lazy_property
    def _changed(self) -> frozenset[str]:
        texts = {call.nesting.script.text.value for call in self._calls}
        found = (one[1] for text in texts for one in _CHANGES.finditer(text))
        return frozenset(name for words in found for name in _WORD.findall(words))

    def _shifted(self, call: Call, function: Nesting) -> int | None:
        """Return how many arguments a function drops before a command, if that is certain."""
        number, place = 0, call.command.span.start
        for one in self._calls:
            around = _function_of(one) if one.program and one.program.name == "shift" else None
            is_same = around is not None and around.compound is function.compound
            if is_same and one.command.span.start < place:
                count = one.command.words[1].value if len(one.command.words) > 1 else "1"
                is_sure = _is_sure(one, one.command, call.nesting)
                if not is_sure or count is None or not count.isdecimal():
                    return None
                number += int(count)
        return number


def _function_of(call: Call) -> Nesting | None:
    return next((one for one in call.nesting.chain if one.kind == "function"), None)


def _any_words(word: Word) -> Word:
    """Return a word that is any number of words, at the place of another."""
    part = _AnyWords(word.text, word.start, word.end, "@")
    return Word(word.text, word.start, word.end, None, (part,))


def _evaluated(call: Call) -> Sequence[Word]:
    """Return the word that a shell reads as a script: `eval "$A"`, `sh -c "$A"`."""
    words, program = call.command.words, call.program
    if program is None or not (program.name == "eval" or program.kind == "sh"):
        return ()
    is_script = program.name == "eval" or (len(words) > 1 and words[-2].value == "-c")
    return words[-1:] if is_script and len(words) > 1 else ()


def _variable(word: Word, *, is_evaluated: bool = False) -> str:
    """Return the name of the variable that is all of a word, and may be several words."""
    part = _only(word)
    if part is None:
        return ""
    is_every = part.operator == "[" and ("[@]" in part.raw or "[*]" in part.raw)
    is_plain = not part.operator and (is_evaluated or not isinstance(word.parts[0], Quoted))
    return part.name if is_every or is_plain else ""


def _only(word: Word) -> Variable | None:
    """Return the variable that is all of a word."""
    parts = [*flat(word.parts)] if word.value is None else []
    return parts[0] if len(parts) == 1 and isinstance(parts[0], Variable) else None


def _positional(word: Word) -> str:
    """Return the argument of a function that a word is: a number, or `@`."""
    part = _only(word)
    if part is None or part.operator or isinstance(part, _AnyWords):
        return ""
    return part.name if part.name.isdecimal() or part.name in ("@", "*") else ""


def _filled(word: Word, given: Sequence[Word], shifted: int) -> Sequence[Word]:
    name = _positional(word)
    if not name:
        return (word,)
    if not name.isdecimal():
        return given[shifted:]
    at = int(name) + shifted - 1
    return given[at : at + 1] if int(name) else (word,)


def _adds(one: Assignment) -> bool:
    """Return whether an assignment keeps what was there: `a+=(b)`, `A="$A b"`."""
    first = next(flat(one.value.parts), None) if one.value is not None else None
    if one.items:
        first = _only(one.items[0])
    return one.operator == "+=" or (isinstance(first, Variable) and first.name == one.name)


def _is_sure(at: Call, node: Assignment | Simple, place: Nesting | None) -> bool:
    """Return whether what a command does always happens before what is at a place."""
    while place is not None and place is not at.nesting:
        place = place.outer
    text = node.text.value[max(0, node.start - _NEAR) : node.start]
    return place is not None and _JOINED.search(text) is None


def _items(one: Assignment) -> list[Word]:
    """Return the words of a value, or those that it adds."""
    words = [*one.items] if one.value is None else [*split(one.value)]
    first = _only(words[0]) if words else None
    return words[1:] if first is not None and first.name == one.name else words


def _declared(call: Call) -> Iterator[Assignment]:
    """Yield what `local a=b` assigns, which is a word of its command."""
    words = call.command.words
    if not words or words[0].value not in _DECLARES:
        return
    for word in words[1:]:
        name, equals, head = word.head.partition("=")
        first, *more = word.parts
        if not equals or not name.isidentifier() or not isinstance(first, Literal):
            continue
        start = first.start + len(name) + 1
        rest = Literal(word.text, start, first.end, head if first.value is not None else "", "")
        if first.value is not None:
            rest.value = first.value[len(name) + 1 :]
        value = word.value[len(name) + 1 :] if word.value is not None else None
        parts = (rest, *more) if rest.value else (*more,)
        made = Word(word.text, start, word.end, value, parts)
        yield Assignment(word.text, word.start, word.end, name, "=", made)
