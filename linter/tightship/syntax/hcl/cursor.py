"""A place in a text of HCL that moves on: space, comments and tokens."""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, regex
from tightship.syntax import SyntaxProblem
from tightship.text import Span

if TYPE_CHECKING:
    import re

    from tightship.text import Source

_COMMENT = r"(?:#|//)[^\n]*+|/\*(?:[^*]|\*(?!/))*+(?:\*/)?"
_BLANK = regex(rf"(?:[ \t\r]|{_COMMENT})*+")
_SPACE = regex(rf"(?:[ \t\r\n]|{_COMMENT})*+")
# One step of a search for the end of what cannot be read.
_TOKEN = regex(
    rf'{_COMMENT}|"(?:[^"\\\n]|\\.)*+"?|(?P<open>[(\[{{])|(?P<close>[)\]}}])|(?P<end>\n)'
    r"|[^#/\"(){}\[\]\n]++|."
)
_DEEPEST = 40


class HclError(ValueError):
    """A text that does not follow the grammar, from an offset on."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at
        self.message = message


class Cursor:
    """Reads a text from left to right, up to an ``end``; ``depth`` bounds the nesting."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.at = 0
        self.end = len(source.text)
        self.depth = 0
        self.problems: list[SyntaxProblem] = []

    def span(self, start: int, end: int | None = None) -> Span:
        """Return the span from an offset to another, or to here."""
        return Span(self.source, start, self.at if end is None else end)

    def blank(self) -> None:
        """Pass blanks and comments on a line."""
        self._pass(_BLANK)

    def space(self) -> None:
        """Pass blanks, comments and line ends."""
        self._pass(_SPACE)

    def _pass(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at)
        assert found is not None
        self.at = found.end()

    def take(self, text: str) -> bool:
        """Pass a text, if it is here."""
        if not self.text.startswith(text, self.at):
            return False
        self.at += len(text)
        return True

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Pass what a pattern matches here, if it does."""
        found = pattern.match(self.text, self.at, self.end)
        if found is not None:
            self.at = found.end()
        return found

    def expect(self, text: str) -> None:
        """Pass a text.

        Raises:
            HclError: if it is not here.

        """
        if not self.take(text):
            raise self.error(f"`{text}` is missing here")

    def error(self, message: str) -> HclError:
        """Return an error at this place."""
        return HclError(self.at, message)

    def deeper(self) -> None:
        """Go one level deeper.

        Raises:
            HclError: if that is too deep.

        """
        self.depth += 1
        if self.depth > _DEEPEST:
            raise self.error("it is nested too deeply")

    def note(self, error: HclError) -> None:
        """Note a problem."""
        place = Span(self.source, error.at, min(error.at + 1, len(self.text)))
        self.problems.append(SyntaxProblem(place, error.message))

    def skip(self, start: int) -> None:
        """Go from a start to the end of its line, behind the brackets that open there."""
        self.at, level = start, 0
        while found := _TOKEN.match(self.text, self.at):
            if found["end"] and level <= 0:
                return
            if found["close"] and level <= 0:
                return
            level += bool(found["open"]) - bool(found["close"])
            self.at = found.end()
