"""The position in a shell script: blanks, tokens, and the first syntax error."""

from __future__ import annotations

from tightship.lazy import regex
from tightship.syntax import SyntaxProblem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

    from tightship.syntax.shell.nodes import List, Redirection
    from tightship.syntax.shell.text import Text

MAX_DEPTH = 40
"""How deep commands, expansions and others may be nested."""

MAX_NODES = 100_000
"""The most words, parts of words and commands that are read of one script."""

AFTER_KEYWORD = r"(?=[ \t\n;&|<>()]|\\\n|\Z)"
"""A pattern for the end of a reserved word."""

_AHEAD = 4
_BLANKS = regex(r"(?:[ \t]|\\\n)*+")
_TOKEN = regex(
    r"&&|\|\||\|&|\||;;&|;;|;&|;|&(?!>)|\(|\)|"
    r"(?:if|then|elif|else|fi|for|while|until|do|done|case|in|esac|select|function"
    rf"|\{{|\}}|\[\[|\]\]){AFTER_KEYWORD}"
)


class Cursor:
    """A position in a text, and the first problem before it.

    A construct that is not closed is read to the end of the text. ``pending`` are the
    heredocs whose bodies begin on the next line.
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
        self.lost: SyntaxProblem | None = None
        self.pending: list[Redirection] = []

    def fail(self, message: str, start: int, end: int) -> None:
        """Note a problem, if it is the first."""
        if self.problem is None:
            self.problem = SyntaxProblem(self.text.span(start, end), message)

    def stop(self, message: str, start: int, end: int) -> None:
        """Note a problem, and read no further."""
        self.fail(message, start, end)
        self.lost = self.lost or SyntaxProblem(self.text.span(start, end), message)
        self.at = self.size

    def spend(self, count: int = 1) -> None:
        """Count nodes; stop at too many."""
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
        """Skip blanks and a comment."""
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
        """Return the operator or reserved word here; nothing before a word."""
        found = _TOKEN.match(self.value, self.at)
        return found[0] if found else ""

    def taken(self, token: str) -> bool:
        """Skip a token, if it is here."""
        taken = self.peek() == token
        self.at += len(token) if taken else 0
        return taken

    def missing(self, after: str, what: str = "a command") -> None:
        """Note that something is missing after a token."""
        message = f"{what} is missing after `{after}`"
        self.fail(message, self.at, min(self.at + 1, self.size))

    def unexpected(self, token: str, *, take: bool = True) -> None:
        """Note that a token is unexpected, and skip it."""
        self.fail(f"`{token}` is not expected here", self.at, self.at + len(token))
        if take:
            self.at += len(token)
