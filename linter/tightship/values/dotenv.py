"""``.env`` and ``env_file`` files, as Compose reads them.

The grammar is that of compose-go, dotenv/parser.go: ``=`` or ``:`` after the key,
``export`` before it, quoted values over several lines, a bare name for "inherit".
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.values.variable import ValueProblem, expand, parse as parse_template, undecided

if TYPE_CHECKING:
    import re

    from tightship.values.variable import Lookup

# The most characters that expansion may add to the values of one file.
_ROOM = 1_000_000
# A file with more problems is not a file of variables.
_MOST_PROBLEMS = 100

# Spaces that do not end a line, as Go's dotenv reader counts them.
_SPACE = r"[\t\v\f\r \x85\xa0]"
_GAP = regex(r"(?:\s++|\#[^\n]*+)++")
_EXPORT = regex(rf"export{_SPACE}+")
_NAME = regex(rf"(?:[\w.\-\[\]]|{_SPACE})*+")
_KEY = regex(rf"({_NAME.pattern})([=:]|\n|\Z)")
_SPACES = regex(rf"{_SPACE}*")
_QUOTED = {'"': regex(r'(?s)"((?:[^"\\]|\\.)*+)"'), "'": regex(r"(?s)'((?:[^'\\]|\\.)*+)'")}
_OCTAL = regex("[0-3][0-7][0-7]")
_PAIR = regex(r"(?s)\\(.)")
_ESCAPE = regex(r"\\(?:([abfnrtv\\$])|0([0-9]{0,3}))")
_ASSIGNED = regex(r"[^=:\n]*[=:](?!=*\s*$)")
_ESCAPED = {
    **dict(zip("abfnrtv\\", "\a\b\f\n\r\t\v\\", strict=True)),
    "$": "$$",  # left for the expansion, which takes two dollars for one
}


class Entry(Record):
    """One key of the file, and its value.

    ``value`` is ``None`` for a bare name, which takes its value from outside.
    ``start`` and ``end`` cover the value as written, without its quotes; the key is at
    ``place``.
    """

    key: str
    value: str | None
    place: int
    start: int
    end: int

    def __repr__(self) -> str:
        return f"Entry({self.key}={self.value!r})"


class DotEnv(Record):
    """The variables of a file, in its order, and its errors.

    Compose rejects a file with a problem whole; here reading goes on at the next line.
    """

    entries: list[Entry]
    problems: list[ValueProblem]

    def values(self) -> dict[str, str]:
        """Return the value of each key; of several entries the last wins."""
        return {e.key: e.value for e in self.entries if e.value is not None}


def parse(
    text: str, lookup: Lookup | None = None, *, as_compose: bool = False, settles: bool = True
) -> DotEnv:
    """Read a file; ``lookup`` knows variables from outside, which win.

    An unknown variable leaves a hole in the value, or nothing at all as in Compose. Unless
    it ``settles`` them, each one does, whatever its default is and what the file sets.
    Values stay bounded however they refer to one another.
    """
    return _Reader(text, lookup, as_compose=as_compose, settles=settles).read()


def parse_raw(text: str) -> DotEnv:
    """Read a file of ``format: raw``: quotes and ``$`` are plain characters.

    Compose rejects nothing in it.
    """
    entries: list[Entry] = []
    start = 0
    for line in text.split("\n"):
        name, equals, value = line.rstrip("\r").partition("=")
        key = name.strip()
        if equals and not key.startswith("#"):
            at = start + len(name) + 1
            place = start + name.index(key)
            entries.append(Entry(key, value, place, at, at + len(value)))
        start += len(line) + 1
    return DotEnv(entries, [])


def withheld(text: str, problem: int) -> tuple[int, int]:
    """Return the part of a line with a problem that may be secret: its value.

    The value of a wrong name may be anything. A line without a name may be the middle
    of a key, and is withheld whole.
    """
    start = text.rfind("\n", 0, problem) + 1
    end = text.find("\n", problem)
    end = len(text) if end < 0 else end
    named = _ASSIGNED.match(text[start:end])
    return start + (named.end() if named else 0), end


class _Reader:
    def __init__(
        self, text: str, lookup: Lookup | None, *, as_compose: bool, settles: bool
    ) -> None:
        self.text = text
        self.as_compose = as_compose
        self.settles = settles
        self.outside = lookup
        self.known: dict[str, str] = {}
        self.entries: list[Entry] = []
        self.problems: list[ValueProblem] = []
        self.room = _ROOM

    def read(self) -> DotEnv:
        at = 1 if self.text.startswith("\ufeff") else 0
        while True:
            gap = _GAP.match(self.text, at)
            at = gap.end() if gap else at
            if at == len(self.text):
                return DotEnv(self.entries, self.problems)
            at = self.statement(at)

    def lookup(self, name: str) -> str | None:
        value = self.outside(name) if self.outside else None
        return self.known.get(name) if value is None else value

    def statement(self, at: int) -> int:
        export = _EXPORT.match(self.text, at)
        at = export.end() if export else at
        found = _KEY.match(self.text, at)
        if not found:
            bad = _NAME.match(self.text, at)
            offset = bad.end() if bad else at
            return self.refuse(f"{self.text[offset]!r} is not allowed in a name", offset)
        key = found[1].rstrip()
        key_end = at + len(key)
        if " " in key and found[2]:
            return self.refuse("a name cannot hold a space", at + key.index(" "))
        if found[2] not in ("=", ":"):
            self.put(Entry(key, None, at, key_end, key_end))
            return found.end()
        spaces = _SPACES.match(self.text, found.end())
        return self.value(key, at, spaces.end() if spaces else found.end())

    def value(self, key: str, place: int, at: int) -> int:
        quote = self.text[at : at + 1]
        if quote not in _QUOTED or not quote:
            end = self.line_end(at)
            raw = self.text[at:end].partition(" #")[0].rstrip()
            self.put(Entry(key, self.expanded(raw, at), place, at, at + len(raw)))
            return end
        found = _QUOTED[quote].match(self.text, at)
        if not found:
            return self.refuse("this quote is not closed", at)
        value = _PAIR.sub(lambda p: quote if p[1] == quote else p[0], found[1])
        if quote == '"':
            value = self.expanded(_ESCAPE.sub(_escaped, value), found.start(1))
        self.put(Entry(key, value, place, *found.span(1)))
        return found.end()

    def expanded(self, raw: str, offset: int) -> str:
        if "$" not in raw:
            return raw
        template = parse_template(raw)
        for problem in template.problems:
            self.note(problem.message, offset)
        if not self.settles:
            return undecided(template).text
        expansion = expand(template, self.lookup, max(self.room, 0))
        if self.as_compose:
            for name, how in expansion.used:
                if how == "required":
                    self.note(f"`{name}` must have a value, but is not set", offset)
        self.room -= len(expansion.text)
        return expansion.as_compose if self.as_compose else expansion.text

    def put(self, entry: Entry) -> None:
        if entry.key:
            self.entries.append(entry)
            if entry.value is not None:
                self.known[entry.key] = entry.value

    def refuse(self, message: str, offset: int) -> int:
        self.note(message, offset)
        return self.line_end(offset)

    def note(self, message: str, offset: int) -> None:
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(ValueProblem(message, offset))

    def line_end(self, at: int) -> int:
        end = self.text.find("\n", at)
        return len(self.text) if end < 0 else end


def _escaped(found: re.Match[str]) -> str:
    if found[1]:
        return _ESCAPED[found[1]]
    digits = found[2]
    if _OCTAL.fullmatch(digits):
        return chr(int(digits, 8))
    # As Compose has it: without three octal digits the zero alone is lost.
    return "\\" + digits
