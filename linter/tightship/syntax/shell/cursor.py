"""Walks along a shell script: blanks, tokens, and what is wrong."""

from __future__ import annotations

from tightship.lazy.regex import regex
from tightship.syntax.problem import SyntaxProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from tightship.syntax.shell.nodes import List, Redirection
    from tightship.syntax.shell.text import Text

MAX_DEPTH = 40
"""How many commands, expansions and such may lie within one another."""

MAX_NODES = 100_000
"""How many words, parts of words and commands are read of one script."""

AFTER_KEYWORD = r"(?=[ \t\n;&|<>()]|\\\n|\Z)"
"""What follows a reserved word, for an expression."""

_AHEAD = 4
_BLANKS = regex(r"(?:[ \t]|\\\n)*+")
_TOKEN = regex(
    r"&&|\|\||\|&|\||;;&|;;|;&|;|&(?!>)|\(|\)|"
    r"(?:if|then|elif|else|fi|for|while|until|do|done|case|in|esac|select|function"
    rf"|\{{|\}}|\[\[|\]\]){AFTER_KEYWORD}"
)


class Cursor:
    """A place in a text, up to which it is read, and what was wrong first.

    What cannot be read to its end is read to the end of the text. ``pending`` are the
    heredocs whose bodies the next line begins.
    """

    def __init__(self, text: Text, outer: Cursor | None = None) -> None:
        self.text = text
        self.value = text.value
        self.size = len(text.value)
        self.at = 0
        self.ahead = _AHEAD * self.size
        self.depth: int = outer.depth + 1 if outer else 0
        self.left: int = outer.left if outer else MAX_NODES
        self.problem: SyntaxProblem | None = None
        self.lost = False
        self.pending: list[Redirection] = []

    def fail(self, message: str, start: int, end: int) -> None:
        """Say what is wrong, if nothing was so far."""
        if self.problem is None:
            self.problem = SyntaxProblem(self.text.span(start, end), message)

    def stop(self, message: str, start: int, end: int) -> None:
        """Say what is wrong, and read no further."""
        self.fail(message, start, end)
        self.lost = True
        self.at = self.size

    def spend(self, count: int = 1) -> None:
        """Count what is kept; stop when it is too much."""
        self.left -= count
        if self.left < 0:
            self.stop("the script is too long to be read to its end", self.at, self.at)

    def deeper(self) -> bool:
        """Go one level down, or stop if that is too deep."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            self.stop("commands are nested too deeply", self.at, self.at)
            return False
        return True

    def gap(self) -> None:
        """Pass over blanks and a comment."""
        found = _BLANKS.match(self.value, self.at)
        self.at = found.end() if found else self.at
        if self.value.startswith("#", self.at):
            end = self.value.find("\n", self.at)
            self.at = self.size if end < 0 else end
            self.spend()

    def absorb(self, inner: Cursor) -> None:
        """Take over what a nested reader has found."""
        self.left = inner.left
        self.lost = self.lost or inner.lost
        self.problem = self.problem or inner.problem
        if self.left < 0:
            self.at = self.size

    def nested(self, text: Text) -> Self:
        """Return a reader for a text that lies within this one."""
        return type(self)(text, self)

    def commands(self, ends: frozenset[str]) -> List:
        """Read commands up to one of some tokens."""
        raise NotImplementedError

    def peek(self) -> str:
        """Return the operator or reserved word here; nothing where there is a word."""
        found = _TOKEN.match(self.value, self.at)
        return found[0] if found else ""

    def taken(self, token: str) -> bool:
        """Pass over a token, if it is here."""
        taken = self.peek() == token
        self.at += len(token) if taken else 0
        return taken

    def missing(self, after: str, what: str = "a command") -> None:
        """Say that something does not follow what it must."""
        message = f"{what} is missing after `{after}`"
        self.fail(message, self.at, min(self.at + 1, self.size))

    def unexpected(self, token: str, *, take: bool = True) -> None:
        """Say that a token must not be here, and pass over it."""
        self.fail(f"`{token}` is not expected here", self.at, self.at + len(token))
        if take:
            self.at += len(token)
