"""The place of an offset within a flow collection of YAML, such as ``{a: [b, c``."""

from __future__ import annotations

from tightship.lazy import Record, regex

_TOKEN = regex(
    r'"(?:[^"\\\n]|\\.)*"?'
    r"|'(?:[^'\n]|'')*'?"
    r"|[\[\]{},]"
    r"|:(?=[\s,\[\]{}]|\Z)"
    r"|\#[^\n]*"
    r"|\s+"
    # `${X}` is a part of a word, though YAML itself wants quotes around it here.
    r"|(?:\$\{[^}\n]*\}?|[^\s\[\]{},:\"'$]|[\"'](?<=\S.)|\$|:(?=[^\s,\[\]{}]))+"
)
_QUOTES = ('"', "'")


# What begins a line of block style: an item, or a key.
_BLOCK = regex(r"(?:-|[\"']?[^\s\"'\[\]{},#:]+[\"']?[ ]*:)(?=\s|\Z)")


class Frame:
    """An open collection: its bracket, the keys or items so far, and the key in use.

    ``values`` has the keys with the scalars that they have.
    """

    def __init__(self, bracket: str) -> None:
        self.bracket = bracket
        self.key: str | None = None
        self.words: list[str] = []
        self.values: list[tuple[str, str]] = []

    @property
    def step(self) -> str | int | None:
        """Return the step from the collection to what is in it at this point."""
        return 0 if self.bracket == "[" else self.key


class FlowPlace(Record):
    """What is written at an offset: the scalar, and the collections around it."""

    frames: tuple[Frame, ...]
    start: int
    end: int
    quote: str


def place_in(text: str, start: int, at: int) -> FlowPlace | None:
    """Return the place of an offset in a flow collection that begins at ``start``.

    Return None if the collection ends before, or the offset is in a comment.
    """
    return _Reader(text, at).read(start)


class _Reader:
    """Reads tokens up to an offset; ``begin`` is where the current scalar begins, if one does."""

    def __init__(self, text: str, at: int) -> None:
        self._text = text
        self._at = at
        self._frames: list[Frame] = []
        self._begin: int | None = None
        self._word = ""

    def read(self, start: int) -> FlowPlace | None:
        at = self._at
        for token in _TOKEN.finditer(self._text, start):
            first, last, part = token.start(), token.end(), token[0]
            is_next = first == at and _is_word(part) and self._begin is not None
            if first >= at and not is_next:
                break
            if part[0] == "#" and at <= last:
                return None
            if part[0] in _QUOTES and first < at and not _is_closed(part, at - first):
                is_ended = len(part) > 1 and part[-1] == part[0] and last > at
                return FlowPlace(tuple(self._frames), first + 1, last - is_ended, part[0])
            if _is_word(part):
                self._begin = first if self._begin is None else self._begin
                self._word = f"{self._word} {_plain(part)}".lstrip()
            elif part in "[]{},:":
                self._take(part)
                if not self._frames:
                    return None
        if not self._frames:
            return None
        is_fresh = self._begin is None
        begin = at if self._begin is None else self._begin
        return FlowPlace(tuple(self._frames), begin, _end(self._text, at, is_fresh), "")

    def _take(self, mark: str) -> None:
        """Take a mark, which ends a scalar."""
        word, self._word, self._begin = self._word, "", None
        if mark in "[{":
            self._frames.append(Frame(mark))
            return
        if mark in "]}":
            self._frames.pop()
            return
        frame = self._frames[-1]
        if mark == ":":
            frame.key = word
            frame.words.append(word)
        else:
            if frame.bracket == "[" and word:
                frame.words.append(word)
            if frame.key is not None:
                frame.values.append((frame.key, word))
            frame.key = None


def words_after(text: str, at: int, bracket: str, column: int) -> list[str]:
    """Return the keys, or the items, that follow in the collection around an offset.

    One that is still open ends before a line of block style that is not behind a column.
    """
    found: list[str] = []
    depth, word = 0, ""
    for token in _TOKEN.finditer(text, at):
        part = token[0]
        if "\n" in part:
            indent = len(part) - part.rindex("\n") - 1
            if indent <= column and _BLOCK.match(text, token.end()):
                break
        if part in "[{":
            depth += 1
        elif part in "]}":
            if depth == 0:
                break
            depth -= 1
        elif depth == 0 and part == (":" if bracket == "{" else ","):
            found.append(word)
        if _is_word(part):
            word = _plain(part)
    if bracket == "[" and word:
        found.append(word)
    return found


def _is_word(part: str) -> bool:
    return not (part[0] in "[]{},#" or part == ":" or part.isspace())


def _is_closed(part: str, size: int) -> bool:
    """Return whether a quoted text has ended within some characters."""
    return len(part) > 1 and part[-1] == part[0] and size >= len(part)


def _plain(part: str) -> str:
    return part.strip(part[0]) if part[0] in _QUOTES else part


def _end(text: str, at: int, is_fresh: bool) -> int:
    """Return where the word at an offset ends."""
    if is_fresh and text[at : at + 1].isspace():
        return at
    found = _TOKEN.match(text, at)
    return found.end() if found is not None and _is_word(found[0]) else at
