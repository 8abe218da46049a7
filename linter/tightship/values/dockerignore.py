"""The paths that a ``.dockerignore`` keeps out of a build context.

Lines are read as moby/patternmatcher's ``ignorefile.ReadAll`` does, and matched as its
``MatchesOrParentMatches`` does, which makes a regular expression of Go's of each
pattern. This is not Git's language: a pattern is tied to the root of the context, and
an exception also applies below a folder that is left out.

BuildKit still reads a Dockerfile and a ``.dockerignore`` that are left out, but cannot
copy them.
"""

from __future__ import annotations

from tightship.syntax import SyntaxProblem
from tightship.syntax.dockerfile.words import SPACE
from tightship.text import Span
from tightship.values.dockerignore_pattern import Automaton, BadPatternError, Matcher, compiled
from tightship.values.mount import clean_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tightship.text import Source

MAX_PATTERNS = 2_000
"""The most patterns of a file; with more, the file is not checked."""

MAX_LENGTH = 4_096
"""The longest line with a pattern; Linux has no longer path."""

MAX_CHARACTERS = 50_000
"""The longest file; real ones have some hundred characters."""


class Pattern:
    """One line: the paths that it leaves out or, if ``negated``, includes again.

    ``text`` is cleaned and has no ``!``; ``span`` covers the line without the spaces
    around it.
    """

    __slots__ = ("matcher", "negated", "span", "text")

    def __init__(self, text: str, span: Span, *, negated: bool) -> None:
        """Compile a pattern; an invalid one raises :class:`BadPatternError`."""
        self.text = text
        self.negated = negated
        self.span = span
        self.matcher: Matcher = compiled(text)

    @property
    def folder(self) -> str | None:
        """Return the first part of all paths that it matches, or None if they differ."""
        first = self.text.partition("/")[0]
        return None if any(char in first for char in "*?[]\\") else first

    def matches(self, path: str) -> bool:
        """Return whether the pattern matches a path, or a folder above it."""
        return self.matcher.matches(path)

    def __repr__(self) -> str:
        return f"Pattern({'!' if self.negated else ''}{self.text})"


class _Group:
    """Patterns with their numbers, in order, of which the last that matches decides."""

    def __init__(self, patterns: list[tuple[int, Pattern]]) -> None:
        self._texts: list[tuple[int, Pattern]] = []
        self._numbers: list[int] = []
        automata: list[Automaton] = []
        for number, pattern in patterns:
            if isinstance(pattern.matcher, Automaton):
                self._numbers.append(number)
                automata.append(pattern.matcher)
            else:
                self._texts.append((number, pattern))
        # Each would go over each path alone.
        self._automaton = Automaton(*(one.patterns[0] for one in automata))

    def last(self, path: str, after: int) -> int:
        """Return the number of the last pattern that matches a path, or a higher one."""
        if self._numbers and self._numbers[-1] > after:
            place = self._automaton.last(path)
            after = max(after, self._numbers[place]) if place >= 0 else after
        for number, pattern in reversed(self._texts):
            if number < after:
                break
            if pattern.matches(path):
                return number
        return after


class Dockerignore:
    """The patterns of one file, in its order.

    ``problems`` are the lines that Docker rejects. ``oversized`` is true if the file is
    too large to be judged: it has no patterns then.
    """

    def __init__(self, source: Source) -> None:
        self.source = source
        self.patterns: list[Pattern] = []
        self.problems: list[SyntaxProblem] = []
        self.oversized = not self._read()
        if self.oversized:
            self.patterns.clear()
            self.problems.clear()
        self.has_exceptions: bool = any(p.negated for p in self.patterns)
        by_folder: dict[str | None, list[tuple[int, Pattern]]] = {}
        for number, pattern in enumerate(self.patterns):
            by_folder.setdefault(pattern.folder, []).append((number, pattern))
        self._by_folder = {folder: _Group(some) for folder, some in by_folder.items()}

    def match(self, path: str) -> Pattern | None:
        """Return the pattern that decides about a path: the last that matches.

        The path is relative to the context, clean, and has ``/``. The context itself
        is never left out.
        """
        if path in ("", "."):
            return None
        folder = path.partition("/")[0]
        last = -1
        for one in (folder, None):
            group = self._by_folder.get(one)
            if group is not None:
                last = group.last(path, last)
        return self.patterns[last] if last >= 0 else None

    def _read(self) -> bool:
        text = self.source.text
        if len(text) > MAX_CHARACTERS:
            return False
        at = 1 if text.startswith("\ufeff") else 0
        while at < len(text):
            end = text.find("\n", at)
            end = len(text) if end < 0 else end
            if not text.startswith("#", at) and not self._line(at, end):
                return False
            at = end + 1
        return True

    def _line(self, start: int, end: int) -> bool:
        line = self.source.text[start:end]
        bare = line.strip(SPACE)
        if not bare:
            return True
        if len(bare) > MAX_LENGTH or len(self.patterns) >= MAX_PATTERNS:
            return False
        start += line.index(bare)
        span = Span(self.source, start, start + len(bare))
        try:
            pattern = _pattern(bare, span)
        except BadPatternError as fault:
            self.problems.append(SyntaxProblem(span, str(fault)))
            return len(self.problems) <= MAX_PATTERNS
        if pattern:
            self.patterns.append(pattern)
        return True


def _pattern(line: str, span: Span) -> Pattern | None:
    """Return the pattern of a line, in two steps, as the reader and the matcher do."""
    mark, rest = ("!", line[1:].strip(SPACE)) if line[0] == "!" else ("", line)
    if rest:
        rest = clean_path(rest)
        # A lone `/` stays, and matches nothing.
        rest = rest[1:] if len(rest) > 1 and rest[0] == "/" else rest
    whole = (mark + rest).strip(SPACE)
    if not whole:
        return None
    whole = clean_path(whole)
    negated = whole[0] == "!"
    text = whole[1:] if negated else whole
    if not text:
        raise BadPatternError("an exception names no path")
    if text == "." and not negated:
        return None
    return Pattern(text, span, negated=negated)
