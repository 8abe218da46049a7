"""Finds ``<<NAME`` in a line, with the words that BuildKit's shell lexer sees.

Facts from BuildKit, frontend/dockerfile: parser/parser.go, shell/lex.go. A line that
this lexer cannot read has no heredocs for BuildKit, even if a shell can read it.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship.syntax.dockerfile.words import SPACE, parameter_end

MAX_DEPTH = 50
"""The deepest nesting of ``${a:-${b}}``; a deeper line counts as not readable."""

_OPENER = regex(r"[0-9]*+<<(-?+)([^<]++)")
_ORDINARY = regex(rf"[^{SPACE}'\"$\\]++")
_INSIDE = regex(r"[^}/'\"$\\]++")
_SPACES = frozenset(SPACE)


class UnreadableError(ValueError):
    """A quote or a brace is open, or a substitution is of an unknown kind."""


class Opener(Record):
    """``<<NAME``, its place in the line, and its options."""

    start: int
    end: int
    name: str
    expand: bool
    chomp: bool


def openers(line: str) -> list[Opener]:
    """Return the heredocs that a line opens.

    Raises:
        UnreadableError: if a heredoc's name cannot be made out, which BuildKit rejects.

    """
    try:
        words = _Lexer(line, quotes=True, escapes=True).words()
    except UnreadableError:
        return []
    found: list[Opener] = []
    for start, end, word in words:
        opener = _opener(start, end, word)
        if opener is not None:
            found.append(opener)
    return found


def is_opener(word: str) -> bool:
    """Return whether a word by itself opens a heredoc."""
    try:
        return "<<" in word and _opener(0, len(word), word) is not None
    except UnreadableError:
        return False


def _opener(start: int, end: int, word: str) -> Opener | None:
    match = _OPENER.fullmatch(word)
    if match is None:
        return None
    dash, rest = match.groups()
    if rest.isalnum():  # as most names are
        return Opener(start, end, rest, expand=True, chomp=dash == "-")
    words = _Lexer(rest, quotes=False, escapes=False).words()
    if len(words) != 1:
        return None
    name = words[0][2]
    [raw] = _Lexer(rest, quotes=True, escapes=False).words()
    return Opener(start, end, name, expand=_quotes(name) == _quotes(raw[2]), chomp=dash == "-")


def _quotes(word: str) -> int:
    return word.count("'") + word.count('"')


class _Lexer:
    """Splits a text into words; no variable is set, so what refers to one stays."""

    def __init__(self, text: str, *, quotes: bool, escapes: bool) -> None:
        """Read a text; ``quotes`` and ``escapes`` are true if the words keep them."""
        self.text = text
        self.at = 0
        self.depth = 0
        self.quotes = quotes
        self.escapes = escapes

    def words(self) -> list[tuple[int, int, str]]:
        """Return start, end and text of each word."""
        text, size, start = self.text, len(self.text), 0
        words: list[tuple[int, int, str]] = []
        pieces: list[str] = []

        def finish(end: int) -> None:
            if any(pieces):
                words.append((start, end, "".join(pieces)))
                pieces.clear()

        while self.at < size:
            at, character = self.at, text[self.at]
            if character in _SPACES:
                self.at += 1
                finish(at)
                continue
            if not pieces:
                start = at
            if character == "'":
                pieces.append(self._single())
            elif character == '"':
                pieces.append(self._double())
            elif character == "$":
                # White space in what a `${...}` holds splits words, too.
                for piece in _runs(self._dollar()):
                    if piece in _SPACES:
                        finish(self.at)
                        start = at
                    else:
                        pieces.append(piece)
            elif character == "\\":
                pieces.append(self._escaped())
            else:
                ordinary = _ORDINARY.match(text, at)
                assert ordinary is not None
                self.at = ordinary.end()
                pieces.append(ordinary[0])
        finish(size)
        return words

    def _escaped(self) -> str:
        escape = "\\" if self.escapes else ""
        following = self.text[self.at + 1 : self.at + 2]
        self.at += 1 + len(following)
        return escape + following

    def _single(self) -> str:
        end = self.text.find("'", self.at + 1)
        if end < 0:
            raise UnreadableError
        start, self.at = self.at, end + 1
        return self.text[start : end + 1] if self.quotes else self.text[start + 1 : end]

    def _double(self) -> str:
        text, size = self.text, len(self.text)
        pieces: list[str] = []
        mark = '"' if self.quotes else ""
        self.at += 1
        while self.at < size:
            character = text[self.at]
            if character == '"':
                self.at += 1
                return mark + "".join(pieces) + mark
            if character == "$":
                pieces.append(self._dollar())
            elif character == "\\":
                if self.escapes:
                    pieces.append("\\")
                self.at += 1
                if self.at < size:
                    if text[self.at] not in '"$\\':
                        pieces.append("\\")
                    else:
                        pieces.append(text[self.at])
                        self.at += 1
            else:
                pieces.append(character)
                self.at += 1
        raise UnreadableError

    def _until(self, stop: str, *, escapes: bool) -> str:
        """Return the text before a character, and step over the character."""
        text, size = self.text, len(self.text)
        pieces: list[str] = []
        outer, self.escapes = self.escapes, escapes
        while self.at < size:
            character = text[self.at]
            if character == stop:
                self.at += 1
                self.escapes = outer
                return "".join(pieces)
            if character == "'":
                pieces.append(self._single())
            elif character == '"':
                pieces.append(self._double())
            elif character == "$":
                pieces.append(self._dollar())
            elif character == "\\":
                pieces.append(self._escaped())
            else:
                ordinary = _INSIDE.match(text, self.at)
                end = ordinary.end() if ordinary else self.at + 1
                pieces.append(text[self.at : end])
                self.at = end
        raise UnreadableError

    def _dollar(self) -> str:
        self.at += 1
        if not self.text.startswith("{", self.at):
            return "$" + self._name()
        self.at += 1
        if self.text[self.at : self.at + 1] in ("", "{", "}", ":"):
            raise UnreadableError
        name = self._name()
        modifier = self._next()
        if modifier == "}":
            return f"${{{name}}}"
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableError
        if modifier == "/":
            if self.text.startswith("/", self.at):
                self.at += 1
            pattern = self._until("/", escapes=True)
            held = f"${{{name}/{pattern}/{self._until('}', escapes=True)}}}"
        else:
            operator = modifier
            if modifier == ":":
                operator = self._next()
                modifier += operator
                if operator in ("#", "%"):
                    raise UnreadableError
            elif modifier not in ("+", "-", "?", "#", "%"):
                raise UnreadableError
            word = self._until("}", escapes=operator in ("#", "%"))
            held = f"${{{name}{modifier}{word}}}"
        self.depth -= 1
        return held

    def _next(self) -> str:
        self.at += 1
        return self.text[self.at - 1 : self.at]

    def _name(self) -> str:
        """Step over a name, a number or one of the shell's own parameters."""
        start, self.at = self.at, parameter_end(self.text, self.at)
        return self.text[start : self.at]


def _runs(text: str) -> list[str]:
    """Return each white space character, and the text between them as a whole."""
    runs: list[str] = []
    at = 0
    while at < len(text):
        found = _WORD.match(text, at)
        end = found.end() if found else at + 1
        runs.append(text[at:end])
        at = end
    return runs


_WORD = regex(rf"[^{SPACE}]++")
