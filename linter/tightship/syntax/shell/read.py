"""Reads a shell script into a tree of commands, and reads on past syntax errors."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax.shell.compound import STARTS, CompoundReader
from tightship.syntax.shell.nodes import (
    Compound,
    List,
    Literal,
    Pipeline,
    Redirection,
    Script,
    Simple,
    Unknown,
    Word,
    joined,
)
from tightship.syntax.shell.text import AFTER_KEYWORD, UNKNOWN, Text
from tightship.syntax.shell.word import BARE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tightship.syntax.shell.nodes import Command, Part
    from tightship.syntax.shell.text import Piece
    from tightship.text import Source


def pieces_of(word: Text) -> list[Piece]:
    """Return the pieces of a text; an empty text has one, too."""
    size = len(word.value)
    if size:
        return word.pieces(0, size)
    place = word.span(0, 0)
    return [("", place.start, place.end)]


def exec_form(source: Source, words: Iterable[list[Piece]]) -> Script:
    """Return a script of one command, whose words are given by their pieces.

    So the strings of a JSON array become a command. There is one word at least.
    """
    pieces: list[Piece] = []
    length, before = 0, 0
    ranges: list[tuple[int, int]] = []
    for word in words:
        if ranges:
            pieces.append((" ", before, max(before, word[0][1])))
            length += 1
        start = length
        for piece in word:
            length += len(piece[0])
        ranges.append((start, length))
        pieces += word
        before = word[-1][2]
    text = Text(source, pieces)
    command = Simple(text, 0, length)
    command.words = [_as_it_is(text, *place) for place in ranges]
    pipeline, body = Pipeline(text, 0), List(text, 0)
    pipeline.commands.append(command)
    body.items.append((pipeline, ""))
    pipeline.end = body.end = length
    return Script(text, body)


def _as_it_is(text: Text, start: int, end: int) -> Word:
    value = text.value[start:end]
    if value and UNKNOWN not in value:
        return Word(text, start, end, value, (Literal(text, start, end, value, "="),))
    at = start
    parts: list[Part] = []
    for known in value.split(UNKNOWN):
        if at > start:
            parts.append(Unknown(text, at - 1, at))
        if known:
            parts.append(Literal(text, at, at + len(known), known, "="))
        at += len(known) + 1
    made = tuple(parts)
    return Word(text, start, end, joined(made), made)


# ``coproc`` and ``time`` run a command, as ``!`` does.
_PREFIX = regex(
    rf"(!{AFTER_KEYWORD})|time(?:[ \t]+-p)?+{AFTER_KEYWORD}"
    rf"|coproc(?:[ \t]+[A-Za-z_][A-Za-z0-9_]*+(?=[ \t]+[{{(]))?+{AFTER_KEYWORD}"
)
_PREFIXING = frozenset("!tc")
_REDIRECTION = regex(
    r"((?:[0-9]++|\{[A-Za-z_][A-Za-z0-9_]*+\})?+)"
    r"(<<<|<<-|<<|<&|<>|>>|>&|>\||<(?!\()|>(?!\())|()(&>>|&>)"
)
# Blanks, and a bare word that is plainly no comment, redirection or part of more.
_NEXT = regex(rf"(?:[ \t]|\\\n)*+(?!#)({BARE}++)(?![$`\"'\\\0(<>])")
_OPERATORS = frozenset((")", ";;", ";&", ";;&"))
_DECLARES = frozenset(("declare", "typeset", "local", "export", "readonly"))


def read(text: Text) -> Script:
    """Read a script; never raises, whatever the text."""
    reader = _Reader(text)
    script = Script(text, reader.commands(frozenset()))
    script.problem = reader.problem
    script.lost = reader.lost is not None
    script.unread += [reader.lost] if reader.lost is not None else []
    return script


def _is_after_redirection(made: List) -> bool:
    if not made.items:
        return False
    pipeline, _ = made.items[-1]
    last = pipeline.commands[-1] if pipeline.commands else None
    if not isinstance(last, Compound):
        return False
    # The redirections after a function are those of its body.
    return bool(last.redirections) or (
        last.kind == "function" and any(map(_is_after_redirection, last.bodies))
    )


class _Reader(CompoundReader):
    """Reads commands. Each method starts and ends between two tokens."""

    def commands(self, ends: frozenset[str]) -> List:
        """Read commands up to one of some tokens, or to the end of the text."""
        self.gap()
        made, operator = List(self.text, self.at), "\n"
        if self.deeper():
            while self._next_command(made, ends, operator):
                operator = self._operator()
                pipeline, _ = made.items[-1]
                made.items[-1] = pipeline, operator
                made.end = pipeline.end
            self.depth -= 1
        if self.at >= self.size and self.pending:
            self.bodies()
        return made

    def _next_command(self, made: List, ends: frozenset[str], before: str) -> bool:
        """Read one more command, if there is one before the end."""
        while True:
            self.lines()
            token = self.peek()
            if self.at >= self.size or token in ends:
                if before in ("&&", "||"):
                    self.missing(before)
                elif (
                    token and token not in _OPERATORS and not before and _is_after_redirection(made)
                ):
                    # There a reserved word is a word, and there must not be one.
                    self.unexpected(token, take=False)
                return False
            if not token or token in STARTS:
                break
            self.unexpected(token)
        if not before:
            self.unexpected(token or self.value[self.at], take=False)
        made.items.append((self._pipeline(), ""))
        return True

    def _operator(self) -> str:
        """Skip what ends a pipeline."""
        self.gap()
        if self.value.startswith("\n", self.at):
            self.newline()
            return "\n"
        token = self.peek()
        if token not in ("&&", "||", ";", "&"):
            return ""
        self.at += len(token)
        return token

    def _pipeline(self) -> Pipeline:
        made, prefixed = Pipeline(self.text, self.at), False
        while self.value[self.at : self.at + 1] in _PREFIXING and (
            found := _PREFIX.match(self.value, self.at)
        ):
            prefixed = True
            made.negated ^= found[1] is not None
            self.at = made.end = found.end()
            self.gap()
        while True:
            token = self.peek()
            ended = self.at >= self.size or self.value.startswith("\n", self.at)
            if ended or (token and token not in STARTS):
                # ``!`` and ``time`` may stand alone.
                if not prefixed or not (ended or token == ";"):
                    self.missing("|" if made.operators else made.raw)
                break
            prefixed = False
            command = self.command(token)
            made.commands.append(command)
            made.end = command.end
            self.gap()
            token = self.peek()
            if token not in ("|", "|&"):
                return made
            made.operators.append(token)
            self.at += len(token)
            self.lines()
        if made.operators:
            made.operators.pop()
        return made

    def simple(self) -> Command:
        """Read a simple command, or a function that starts as one."""
        made = Simple(self.text, self.at, self.at)
        self.spend()
        declares = True  # as long as there is no word
        while True:
            found = _NEXT.match(self.value, self.at)
            if found is not None and declares:
                if made.words or "=" in found[1] or found[1] in _DECLARES:
                    found = None  # an assignment, perhaps, or what takes some
                else:
                    declares = False
            if found is not None:  # most words by far
                start, self.at = found.span(1)
                made.words.append(Word(self.text, start, self.at, found[1]))
                self.spend()
                made.end = self.at
                continue
            self.gap()
            redirection = self.redirection()
            if redirection is not None:
                made.redirections.append(redirection)
                made.end = self.at
                continue
            if declares:
                assignment = self.assignment(first=not made.words)
                if assignment is not None:
                    made.assignments.append(assignment)
                    made.end = self.at
                    continue
            word = self.word()
            if word is None:
                is_name = len(made.words) == 1 and not made.assignments
                return (self.function(made) if is_name else None) or made
            made.words.append(word)
            made.end = self.at
            declares = made.words[0].value in _DECLARES

    def redirection(self) -> Redirection | None:
        """Read a redirection, if there is one."""
        found = _REDIRECTION.match(self.value, self.at)
        if found is None:
            return None
        descriptor, operator = found[1] or "", found[2] or found[4]
        made = Redirection(self.text, self.at, descriptor, operator)
        self.at = found.end()
        self.spend()
        self.gap()
        made.target = self.word()
        if made.target is None:
            self.missing(operator, "a word")
        elif operator in ("<<", "<<-"):
            self.pending.append(made)
        made.end = max(made.end, made.target.end if made.target else 0)
        return made
