"""TOML with the places of its keys and values.

``tomllib`` reads values without places; a walk over the tokens finds those. The walk
goes first, and limits the length of keys and the nesting, so that ``tomllib`` is not
given a text that it cannot finish.
"""

from __future__ import annotations

from tightship.lazy import TYPE_CHECKING, Record, regex
from tightship.text import Source, Span

if TYPE_CHECKING:
    from typing import TypeGuard

    Path = tuple[str | int, ...]

MOST_PARTS = 32
"""How many parts a key may have, and how deep values may be nested."""

LONGEST = 1_000_000
"""How many characters a file may have."""

# A token that is not closed ends where it can; `tomllib` reports it.
_TOKEN = regex(
    r'(?s)"""(?:[^"\\]|\\.|"{1,2}(?!"))*+(?:"{3,5})?+'
    r"|'''(?:[^']|'{1,2}(?!'))*+(?:'{3,5})?+"
    r'|"(?:[^"\\\n]|\\.)*+"?+'
    r"|'[^'\n]*+'?+"
    r"|#[^\n]*+|\n|[\[\]{},=.]"
    r"""|[^\s\[\]{},=.#"']++"""
)
_WHERE = regex(r" \(at line ([0-9]+), column ([0-9]+)\)\Z| \(at end of document\)\Z")


class TomlError(ValueError):
    """A text that is not TOML; ``span`` is where that shows."""

    def __init__(self, span: Span, message: str) -> None:
        super().__init__(message)
        self.span = span
        self.message = message


class Toml(Record):
    """A TOML file: its ``data``, and the places of its keys and values.

    A path leads to a value by keys, and by numbers through arrays.
    """

    source: Source
    data: dict[str, object]
    _places: _Places

    def has(self, *path: str | int) -> bool:
        """Return whether a path exists."""
        return path in self._places.keys or path in self._places.values

    def key(self, *path: str | int) -> Span:
        """Return the place of a key or an item; else that of its parent."""
        return self._span(path, self._places.keys)

    def value(self, *path: str | int) -> Span:
        """Return the place of a value; else that of its key."""
        return self._span(path, self._places.values)

    def _span(self, path: Path, first: dict[Path, tuple[int, int]]) -> Span:
        for end in range(len(path), 0, -1):
            for places in (first, self._places.keys, self._places.values):
                found = places.get(path[:end])
                if found is not None:
                    return Span(self.source, *found)
        return Span(self.source, 0, 0)


def read(source: Source, longest: int = LONGEST) -> Toml:
    """Read a TOML file.

    Raises:
        TomlError: if it is not TOML, or has more than ``longest`` characters.

    """
    if len(source.text) > longest:
        message = f"the file is longer than {longest:,} characters"
        raise TomlError(Span(source, 0, 0), message)
    places = _Places(source)
    import tomllib  # a run without a configuration file has no use for it

    try:
        data = tomllib.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise _refused(source, str(error)) from None
    return Toml(source, data, places)


def is_table(value: object) -> TypeGuard[dict[str, object]]:
    """Return whether a value is a table: all its keys are texts."""
    return isinstance(value, dict)


def is_array(value: object) -> TypeGuard[list[object]]:
    """Return whether a value is an array."""
    return isinstance(value, list)


def _refused(source: Source, message: str) -> TomlError:
    where = _WHERE.search(message)
    at = len(source.text)
    if where is not None:
        message = message[: where.start()]
    if where is not None and where[1]:
        starts = source.line_starts
        start = starts[min(int(where[1]), len(starts)) - 1]
        at = min(start + int(where[2]) - 1, at)
    message = f"{message[:1].lower()}{message[1:]}".removesuffix(".")
    # A path is a tuple there: ('controls', 'A-1').
    message = message.replace("', '", ".").replace("('", "`").replace("',)", "`")
    message = message.replace("')", "`")
    return TomlError(Span(source, at, at), f"this is not TOML: {message}")


class _Places:
    """Finds the places of keys and values, in one walk over the tokens.

    A text that is not TOML has meaningless places, which nobody reads.
    """

    def __init__(self, source: Source) -> None:
        self.keys: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self._source = source
        # The table that a header opened, and how often each array of tables did.
        self._prefix: Path = ()
        self._counts: dict[Path, int] = {}
        # What is open around here: the path of an array or inline table, where it
        # begins, and the number of the item, -1 in a table.
        self._inside: list[tuple[Path, int, int]] = []
        self._parts: list[tuple[str, int, int]] = []
        self._target: Path | None = None
        self._walk()

    def _walk(self) -> None:
        header = 0  # how many brackets open it
        text = self._source.text
        for found in _TOKEN.finditer(text):
            token, start = found[0], found.start()
            first = token[0]
            if first == "#":
                continue
            if first == "\n":
                if not self._inside:
                    self._parts, self._target, header = [], None, 0
            elif header:
                if first == "]":
                    self._open_table(many=header == 2)
                    header, self._parts = 0, []
                elif first not in ".[":
                    self._part(token, start)
            elif self._target is not None:
                self._in_value(token, start)
            elif first == "[" and not self._inside and not self._parts:
                header = 2 if text.startswith("[", start + 1) else 1
            else:
                self._in_key(token, start)

    def _in_key(self, token: str, start: int) -> None:
        if token == "=":
            inside = self._inside[-1][0] if self._inside else self._prefix
            self._target = self._named(inside)
            self._parts = []
        elif token == "}":
            self._close(start + 1)
        elif token not in (".", ",", "[", "]", "{"):
            self._part(token, start)

    def _in_value(self, token: str, start: int) -> None:
        target = self._target or ()
        if token in ("[", "{"):
            self._check_depth(len(self._inside), start)
            is_array = token == "["
            self._inside.append((target, start, 0 if is_array else -1))
            self._target = (*target, 0) if is_array else None
        elif token in ("]", "}"):
            self._close(start + 1)
        elif token == "," and self._inside:
            path, begin, number = self._inside.pop()
            number += number >= 0
            self._inside.append((path, begin, number))
            self._target = (*path, number) if number >= 0 else None
        else:
            begin, _ = self.values.get(target, (start, start))
            self.values[target] = begin, start + len(token)

    def _close(self, end: int) -> None:
        if self._inside:
            path, start, _ = self._inside.pop()
            self.values[path] = start, end
            self._target, self._parts = path, []

    def _part(self, token: str, start: int) -> None:
        self._check_depth(len(self._parts), start)
        self._parts.append((_unquoted(token), start, start + len(token)))

    def _check_depth(self, depth: int, start: int) -> None:
        if depth >= MOST_PARTS:
            message = f"keys and values here have at most {MOST_PARTS} levels"
            raise TomlError(Span(self._source, start, start + 1), message)

    def _named(self, inside: Path) -> Path:
        """Return the path that the parts of a key lead to, and note where they are."""
        path = inside
        for name, start, end in self._parts:
            path = (*path, name)
            self.keys.setdefault(path, (start, end))
        return path

    def _open_table(self, *, many: bool) -> None:
        path: Path = ()
        for number, (name, start, end) in enumerate(self._parts, 1):
            path = (*path, name)
            self.keys.setdefault(path, (start, end))
            if many and number == len(self._parts):
                self._counts[path] = self._counts.get(path, -1) + 1
                self.keys[(*path, self._counts[path])] = start, end
            if path in self._counts:
                path = (*path, self._counts[path])
        self._prefix = path


def _unquoted(token: str) -> str:
    if token[0] not in "\"'" or len(token) < 2:
        return token
    if "\\" in token and token[0] == '"':
        import tomllib

        try:
            return str(tomllib.loads(f"key = {token}")["key"])
        except ValueError:
            return token
    return token[1:-1]
