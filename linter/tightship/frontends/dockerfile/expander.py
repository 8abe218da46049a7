"""Expands one raw word for :mod:`tightship.frontends.dockerfile.argument`.

It goes from left to right as BuildKit's lexer does (frontend/dockerfile/shell/lex.go),
with its own stack in place of recursion, since words may nest without end.
"""

from __future__ import annotations

from tightship.frontends.dockerfile.variable import Read
from tightship.lazy import TYPE_CHECKING, LazyModule, Record, regex
from tightship.syntax.dockerfile.words import parameter_end
from tightship.values.hole import mask

if TYPE_CHECKING:
    from collections.abc import Callable

    from tightship.frontends.dockerfile import expansion_pattern
    from tightship.frontends.dockerfile.variable import Variable
    from tightship.values.variable import ValueProblem

    Lookup = Callable[[str], Variable | None]
else:
    expansion_pattern = LazyModule("tightship.frontends.dockerfile.expansion_pattern")

Piece = tuple[str, bool]
"""A text, and whether it is decided."""

# The steps that matching patterns may take, for each character of a word.
_STEPS = 1_000
_OPERATORS = frozenset(["}", "-", "+", "?", ":-", ":+", ":?", "#", "%", "/", "//"])
_STOPS = {
    (escape, stop): regex(rf"[${quotes}{mark}{stop}]")
    for escape, mark in (("\\", r"\\"), ("`", "`"))
    for stop, quotes in (("", "'\""), ("}", "'\""), ("/", "'\""), ('"', ""))
}


def plain(raw: str, escape: str) -> bool:
    """Return whether a word needs no expansion."""
    return _STOPS[escape, ""].search(raw) is None


def join(pieces: list[Piece]) -> str:
    """Return the text of pieces."""
    return "".join([text for text, _ in pieces])


def sure(pieces: list[Piece]) -> bool:
    """Return whether all pieces are decided."""
    return all(decided for _, decided in pieces)


class _Level(Record, frozen=False):
    """An open construct: the word, double quotes, or an operand in a ``${``.

    ``start`` is its place, and ``begin`` the start of its pieces in the output.
    ``read`` is the index of the use that the operand belongs to. ``keeps`` is true if
    escapes are kept, because the operand is a pattern; ``pattern`` is the first operand
    of two.
    """

    stop: str
    start: int
    begin: int
    keeps: bool
    operator: str = ""
    read: int = -1
    pattern: Piece | None = None


class Expander:
    """One expansion of a word.

    ``out`` is its value, in pieces that are decided or not. ``parts`` holds the start
    in ``out`` of each part of the word itself, and whether white space in it splits
    words: that in quotes does not. ``wiping`` are the parts that have an operand.
    """

    def __init__(self, raw: str, escape: str, lookup: Lookup, room: int) -> None:
        self._raw = raw
        self._escape = escape
        self._lookup = lookup
        # A name may be empty, as in "${+x}"; no variable has that name.
        self._known: dict[str, Variable | None] = {"": None}
        self._room = room
        self._steps = _STEPS * len(raw)
        self._at = 0
        self._levels = [_Level("", 0, 0, keeps=False)]
        self._moot: list[tuple[int, int]] = []
        self._reads: list[Read] = []
        self.out: list[Piece] = []
        self.parts: list[tuple[int, bool]] = []
        self.wiping: set[int] = set()
        self.problem: ValueProblem | None = None
        while self.problem is None and self._step():
            pass

    def reads(self) -> tuple[Read, ...]:
        """Return the uses of variables, once it is clear which of them count."""
        reached = 0
        for begin, end in sorted(self._moot):
            for read in self._reads[max(begin, reached) : end]:
                read.counts = False
            reached = max(end, reached)
        return tuple(self._reads)

    def _step(self) -> bool:
        """Read up to the next special character, and the construct that it begins."""
        level = self._levels[-1]
        found = _STOPS[self._escape, level.stop].search(self._raw, self._at)
        end = found.start() if found else len(self._raw)
        self._part(splits=True)
        self._put(self._raw[self._at : end])
        self._at = end
        if found:
            self._special(level, found[0])
        elif level.stop == '"':
            self._refuse("a double quote is not closed", level.start)
        elif level.stop:
            self._refuse('a "${" is not closed', level.start)
        return found is not None

    def _special(self, level: _Level, character: str) -> None:
        start = self._at
        self._at += 1
        if character == level.stop:
            self._levels.pop()
            if level.operator:
                self._close(level, self._reads[level.read])
            return
        self._part(splits=character == "$")
        if character == "$":
            self._dollar(start)
        elif character == self._escape:
            self._escaped(level)
        elif character == '"':
            self._levels.append(_Level('"', start, len(self.out), keeps=level.keeps))
        else:
            self._single_quoted(start)

    def _single_quoted(self, start: int) -> None:
        end = self._raw.find("'", self._at)
        if end < 0:
            self._refuse("a single quote is not closed", start)
            return
        self._put(self._raw[self._at : end])
        self._at = end + 1

    def _escaped(self, level: _Level) -> None:
        """Undo an escape; in double quotes there are only three of them.

        The effect of an escape in quotes, and of a backtick, on a pattern is left open.
        """
        follows = self._raw[self._at : self._at + 1]
        if level.keeps:
            self._put(self._escape, decided=level.stop != '"' and self._escape == "\\")
        if level.stop == '"' and follows not in ('"', "$", self._escape):
            self._put(self._escape)
            return
        self._put(follows)
        self._at += len(follows)

    def _dollar(self, start: int) -> None:
        raw = self._raw
        if not raw.startswith("{", self._at):
            name = self._name()
            if name:
                self._value(self._use(name, start))
            else:
                self._put("$")
            return
        self._at += 1
        if raw.startswith(("{", "}", ":"), self._at):
            self._refuse('no variable follows a "${"', start)
            return
        read = self._use(self._name(), start)
        operator = self._operator(start)
        read.end = self._at
        if operator == "}":
            self._value(read)
        elif operator:
            self.wiping.add(len(self.parts) - 1)
            stop, keeps = "/" if operator[0] == "/" else "}", operator[0] in "#%/"
            read_at = len(self._reads) - 1
            self._levels.append(_Level(stop, start, len(self.out), keeps, operator, read_at))

    def _name(self) -> str:
        """Read one special character, or digits alone, or letters, digits and ``_``."""
        start, self._at = self._at, parameter_end(self._raw, self._at)
        return self._raw[start : self._at]

    def _operator(self, start: int) -> str:
        """Read the operator behind a name; nothing if BuildKit rejects it."""
        at = self._at
        double = self._raw.startswith((":", "//"), at)
        operator = self._raw[at : at + 2] if double else self._raw[at : at + 1]
        self._at += len(operator)
        if operator in _OPERATORS:
            return operator
        if operator in ("", ":"):
            self._refuse('a "${" is not closed', start)
        else:
            self._refuse(f'"{operator}" cannot follow a name in a "${{"', start)
        return ""

    def _use(self, name: str, start: int) -> Read:
        if name not in self._known:
            self._known[name] = self._lookup(name)
        read = Read(name, start, self._at, self._known[name])
        self._reads.append(read)
        return read

    def _close(self, level: _Level, read: Read) -> None:
        read.end = self._at
        if level.operator[0] not in "#%/":
            self._choose(level, read)
            return
        pieces = self.out[level.begin :]
        del self.out[level.begin :]
        operand = join(pieces), sure(pieces)
        if level.pattern is not None:
            self._replace(read, level.pattern, operand, level.operator)
        elif level.stop == "/":
            level.stop = "}"
            level.pattern = operand
            self._levels.append(level)
        else:
            self._trim(read, operand, level.operator)

    def _choose(self, level: _Level, read: Read) -> None:
        """Take the value or the operand, after ``-``, ``+`` or ``?``."""
        kind = level.operator[-1]
        there = _is_there(read.variable, empty_is_unset=level.operator[0] == ":")
        if there is False and kind == "?":
            told = join(self.out[level.begin :]) or "a value must be given"
            self._refuse(f"{read.name}: {told}", read.start)
            return
        if (kind, there) in (("-", False), ("+", True)):
            read.defaulted = True
            return
        empty = len(self.out) == level.begin
        del self.out[level.begin :]
        self._moot.append((level.read + 1, len(self._reads)))
        if there is None and (kind == "-" or (kind == "+" and not empty)):
            self._hole(read)
        elif kind != "+":
            self._value(read)

    def _trim(self, read: Read, operand: Piece, mark: str) -> None:
        value, decided = _value_of(read.variable)
        pattern, known = operand
        if decided and not known and not value:
            return
        if not known or not self._affords(expansion_pattern.cost(pattern, value, anchored=True)):
            self._hole(read)
            return
        self._matched(
            read, expansion_pattern.trimmed(value, pattern, mark), pattern, decided=decided
        )

    def _replace(self, read: Read, searched: Piece, operand: Piece, operator: str) -> None:
        value, decided = _value_of(read.variable)
        pattern, known = searched
        replacement, doubt = operand[0], not operand[1]
        everywhere = operator == "//"
        # Go looks for "$1" in what it puts everywhere; escapes there are left open.
        doubt |= self._escape in replacement or (everywhere and "$" in replacement)
        if doubt:
            replacement = "\0"
        grown = (len(value) + 1 if everywhere else 1) * len(replacement) + len(value)
        affords = self._affords(expansion_pattern.cost(pattern, value, anchored=False))
        if not known or not affords or grown > self._room:
            self._hole(read)
            return
        text = expansion_pattern.replaced(value, pattern, replacement, everywhere=everywhere)
        decided = decided and not (doubt and text != value)
        self._matched(read, text, pattern, decided=decided)

    def _matched(self, read: Read, text: str | None, pattern: str, *, decided: bool) -> None:
        if text is None:
            self._refuse(f'an escape in the pattern "{pattern}" is unknown', read.start)
        elif not decided or len(text) > self._room:
            self._hole(read)
        else:
            self._room -= len(text)
            self._put(text)

    def _affords(self, steps: int) -> bool:
        """Subtract steps from the budget, if enough are left."""
        if steps > self._steps:
            return False
        self._steps -= steps
        return True

    def _value(self, read: Read) -> None:
        text, decided = _value_of(read.variable)
        if read.variable and (read.variable.text is None or len(text) > self._room):
            self._hole(read)
            return
        self._room -= len(text)
        self._put(text, decided=decided)

    def _hole(self, read: Read) -> None:
        self._put(f"${{{read.name}}}", decided=False)

    def _put(self, text: str, *, decided: bool = True) -> None:
        if text:
            self.out.append((text, decided))

    def _part(self, *, splits: bool) -> None:
        if len(self._levels) == 1:
            self.parts.append((len(self.out), splits))

    def _refuse(self, message: str, offset: int) -> None:
        from tightship.values.variable import ValueProblem  # rare

        self.problem = ValueProblem(message, offset)


def _value_of(variable: Variable | None) -> tuple[str, bool]:
    """Return the value of a variable, and whether it is decided."""
    if variable is None:
        return "", True
    return variable.text or "", variable.decided


def _is_there(variable: Variable | None, *, empty_is_unset: bool) -> bool | None:
    """Return whether a variable is set, and not empty; ``None`` if a build decides."""
    if variable is None:
        return False
    if variable.text is None:
        return None
    if not empty_is_unset:
        return True
    if variable.decided or not variable.text:
        return variable.text != ""
    return True if mask(variable.text).strip("\0") else None
