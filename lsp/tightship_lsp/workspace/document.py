"""Open documents: texts that editors change piece by piece."""

from __future__ import annotations

import re

from tightship.engine.roles.compose_text import is_compose
from tightship.text import Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

# A line with its end. The protocol has these line ends, and no others.
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+\Z")
_MARK = "\ufeff"


class Document:
    """A version of an open document, which never changes.

    ``path`` is its file, if it has one, ``name`` its name in messages, and ``language``
    the editor's name of its language. ``text`` has the byte order mark, if there is one.
    ``is_unsaved`` is true from the first change on, until it is saved.
    """

    def __init__(
        self,
        uri: str,
        path: str | None,
        name: str,
        language: str,
        version: int,
        text: str,
        *,
        is_unsaved: bool = False,
    ) -> None:
        self.uri = uri
        self.path = path
        self.name = name
        self.language = language
        self.version = version
        self.text = text
        self.is_unsaved = is_unsaved
        self._source: Source | None = None
        self._is_compose: bool | None = None

    @property
    def is_compose_by_content(self) -> bool:
        """Return whether the text is a Compose file's, whatever the name."""
        if self._is_compose is None:
            self._is_compose = is_compose(self.text.encode("utf-8", "replace"))
        return self._is_compose

    @property
    def source(self) -> Source:
        """Return the text as a source for the linter."""
        if self._source is None:
            bom = self.text.startswith(_MARK)
            self._source = Source(self.name, self.text[bom:], bom=bom)
        return self._source


class Buffer:
    """The text of an open document, line by line, so that an edit costs little.

    ``measure`` returns the number of characters in a number of the client's units, from
    the start of a line.
    """

    def __init__(self, text: str) -> None:
        self._lines = _LINE.findall(text)
        self._text: str | None = text

    @property
    def text(self) -> str:
        """Return the whole text."""
        if self._text is None:
            self._text = _whole("".join(self._lines))
        return self._text

    def replace_all(self, text: str) -> None:
        """Replace the whole text."""
        self._lines = _LINE.findall(text)
        self._text = text

    def replace(
        self,
        start: tuple[int, int],
        end: tuple[int, int],
        text: str,
        measure: Callable[[str, int], int],
    ) -> None:
        """Replace the text between two positions.

        A position outside of the text is the nearest one before it, as in the protocol:
        the end of the line, or of the text.
        """
        first, before = self._cut(start, measure)
        last, after = self._cut(end, measure)
        if (last, after) < (first, before):
            last, after = first, before
        lines = self._lines
        head = lines[first][:before] if first < len(lines) else ""
        tail = lines[last][after:] if last < len(lines) else ""
        # `\r` and `\n` that come together are one line end.
        if not head and first > 0:
            first -= 1
            head = lines[first]
        lines[first : last + 1] = _LINE.findall(head + text + tail)
        self._text = None

    def _cut(
        self, position: tuple[int, int], measure: Callable[[str, int], int]
    ) -> tuple[int, int]:
        number, units = position
        if number < 0:
            return 0, 0
        if number >= len(self._lines):
            last = len(self._lines) - 1
            # Behind the last line end there is one more line, an empty one.
            if last < 0 or self._lines[last].endswith(("\r", "\n")):
                return last + 1, 0
            return last, len(self._lines[last])
        line = self._lines[number].rstrip("\r\n")
        return number, min(measure(line, max(units, 0)), len(line))


def _whole(text: str) -> str:
    """Join the halves of surrogate pairs that came in two edits."""
    try:
        text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-16-le", "surrogatepass")
        return data.decode("utf-16-le", "surrogatepass")
    return text
