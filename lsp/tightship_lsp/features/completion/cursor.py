"""The place of the cursor in a Compose file that is half typed.

Only the lines around the cursor are read, by their indentation: a key without its colon, an
open bracket or an error elsewhere changes nothing. `Place` says which node is being written.
"""

from __future__ import annotations

from tightship.lazy import Record, regex
from tightship_lsp.features.completion.flow import place_in, words_after

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from tightship_lsp.features.completion.flow import FlowPlace

    Step = str | int

_LINE = regex(
    r"""(?x)
    ([ ]*)                                   # indentation
    ((?:-(?:[ ]+|\Z))*)               # dashes of items
    (?:(                                     # a key
         "(?:[^"\\]|\\.)*" | '(?:[^']|'')*'
         | [^\s\#"'{\[,&*!|>%@`-](?:[^:\#]|:(?=\S)|(?<=\S)\#)*?
       )[ ]*:(?=[ \t]|\Z))?
    """
)
_PROPERTIES = regex(r"[ \t]*(?:[&!][^\s,\[\]{}]*[ \t]+)*")
_ALONE = regex(r"[ \t]*(?:[&!][^\s,\[\]{}]*[ \t]*)*(?:\#.*)?\Z")
_BLOCK = regex(r"[ \t]*(?:[&!]\S*[ \t]+)*[|>][-+0-9]*[ \t]*(?:\#.*)?\Z")
_COMMENT = regex(r"(?:^|[ \t])\#")
_ANCHOR = regex(r"(?:^|[\s\[{,])&([^\s,\[\]{}]+)")
_COLON = regex(r"[ \t]*:(?=[\s,\[\]{}]|\Z)")
_MARKERS = ("---", "...")
_QUOTES = ("'", '"')
_INLINE = "dockerfile_inline"
_LONGEST = 10_000
_MOST_LINES = 5_000  # above a place, and below it


class Line:
    """A line: the columns of its dashes, and its key with what follows the colon."""

    __slots__ = ("begin", "column", "dashes", "indent", "key", "text", "value")

    def __init__(self, text: str, begin: int) -> None:
        self.text = text
        self.begin = begin
        found = _LINE.match(text)
        assert found is not None  # every part may be empty
        self.indent = len(found[1])
        self.dashes = [self.indent + number for number, char in enumerate(found[2]) if char == "-"]
        self.column = found.end(2)
        self.key = None if found[3] is None else unquoted(found[3])
        self.value = found.end() if found[3] is not None else self.column

    @property
    def is_blank(self) -> bool:
        """Return whether it has nothing but a comment."""
        rest = self.text.strip()
        return not rest or rest[0] == "#"


class Place(Record):
    """Where the cursor is: which node is being written, and the text of it so far.

    ``path`` leads to the node, with 0 for an item of a list. ``is_key`` and ``is_value`` say
    whether the text may be a key of the mapping there, and the scalar itself. ``others`` are
    the other keys of that mapping, or the other items of the list. ``start`` and ``end``
    delimit the text of the scalar, ``quote`` is what it is in, ``is_glued`` says that it
    directly follows a colon or a dash, and ``indent`` the column of
    the block that it is in. ``anchors`` are those of the nodes around it, each with the
    length of the path to its node.
    """

    path: tuple[Step, ...]
    is_key: bool
    is_value: bool
    start: int
    end: int
    at: int
    quote: str = ""
    in_flow: bool = False
    has_colon: bool = False
    others: frozenset[str] = frozenset()
    values: tuple[tuple[str, str], ...] = ()
    indent: int = 0
    anchors: tuple[tuple[str, int], ...] = ()
    is_glued: bool = False


class Inline(Record):
    """A Dockerfile that is written in a service: its text, and the cursor in it.

    ``moved`` is how much further an offset is in the file.
    """

    text: str
    at: int
    service: str
    moved: int


def unquoted(text: str) -> str:
    """Return a scalar without its quotes."""
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'":
        return text[1:-1]
    return text


def place(text: str, at: int) -> Place | None:
    """Return the place of an offset, or None in a comment, a block scalar or prose."""
    begin = text.rfind("\n", 0, at) + 1
    stop = text.find("\n", at)
    content = text[begin : len(text) if stop < 0 else stop].rstrip("\r")
    at = min(at, begin + len(content))
    # Spaces behind the cursor, as automatic indentation leaves them, say nothing.
    content = content[: max(at - begin, len(content.rstrip(" ")))]
    if len(content) > _LONGEST:
        return None
    line = Line(content, begin)
    if line.is_blank:
        line.column = at - begin
    elif line.dashes and line.value == at - begin == len(content):
        line.key = None  # `- name:`, which goes on as a text
        line.value = line.column
    column = line.column if line.is_blank else line.indent
    for opener in reversed([line, *_ancestors(text, begin, column)]):
        start = opener.begin + opener.value + _skipped(opener)
        if start < at and text[start : start + 1] in ("[", "{"):
            found = place_in(text, start, at)
            if found is not None:
                return _in_flow(text, at, opener, found)
    return None if _in_comment(text[begin:at]) else _in_block(text, line, at)


def inline_at(text: str, at: int) -> Inline | None:
    """Return the Dockerfile that is written at an offset of a Compose file."""
    begin = text.rfind("\n", 0, at) + 1
    column = len(text[begin:at]) - len(text[begin:at].lstrip(" "))
    for line in _ancestors(text, begin, column):
        rest = line.text[line.value :]
        if line.key == _INLINE and _BLOCK.match(rest) and "|" in rest:
            break
    else:
        return None
    lines = list[str]()
    first, inner = 0, -1
    for start, end in _lines_below(text, line.begin):
        bare = text[start:end].lstrip(" \r")
        indent = end - start - len(bare) if bare else column
        if bare and indent <= line.indent:
            break
        first = first or (indent if bare or start == begin else 0)
        if start == begin:
            inner = sum(map(len, lines)) + len(lines) + at - begin - first
        lines.append(text[start + first : max(end, start + first)])
    path = _Outer(text, line).path
    service = str(path[1]) if path[:1] == ["services"] and len(path) == 3 else ""
    if inner < 0 or at - begin < first:
        return None
    return Inline("\n".join(lines), inner, service, at - inner)


def _in_flow(text: str, at: int, opener: Line, found: FlowPlace) -> Place | None:
    """Return the place of an offset in the flow collection that a line opens."""
    outer = _Outer(text, opener)
    if outer.is_text:
        return None
    path = outer.path
    if opener.key is not None:
        path.append(opener.key)
    *around, last = found.frames
    path += [step for step in (frame.step for frame in around) if step is not None]
    step = last.step
    end = found.end + (len(found.quote) if text.startswith(found.quote, found.end) else 0)
    others = {*last.words, *words_after(text, end, last.bracket, opener.column)}
    if step is not None:
        path.append(step)
    others -= {last.key, ""}
    return Place(
        *(tuple(path), step is None, step is not None, found.start, found.end, at),
        quote=found.quote,
        in_flow=True,
        has_colon=_COLON.match(text, end) is not None,
        others=frozenset(others),
        values=tuple(last.values),
        anchors=outer.anchors,
    )


def _in_block(text: str, line: Line, at: int) -> Place | None:
    """Return the place of an offset of a line outside of flow collections."""
    outer = _Outer(text, line)
    column = at - line.begin
    if outer.is_text or (column < line.column and not line.is_blank):
        return None
    quote, is_value, path = "", True, tuple(outer.path)
    is_key = line.key is None or column < line.value
    if line.key is not None and is_key:
        is_value = False
        quote = line.text[line.column] if line.text[line.column] in _QUOTES else ""
        start = line.column + len(quote)
        end = line.column + len(line.text[line.column : line.value - 1].rstrip()) - len(quote)
    else:
        start, end, quote = _value(line, column)
        if line.key is not None and start == end and _goes_on_below(text, line):
            return None
    if line.key is not None and not is_key:
        path = *path, line.key
    if column < start:
        start = end = column
    return Place(
        *(path, is_key, is_value, line.begin + start, line.begin + end, at),
        quote=quote,
        has_colon=is_key and not is_value,
        others=frozenset((*outer.keys, *outer.items)) if is_key else frozenset(),
        values=tuple(outer.keys.items()),
        indent=line.column,
        anchors=outer.anchors,
        is_glued=column == line.value and line.text[column - 1 : column] in (":", "-"),
    )


class _Outer:
    """The nodes around the key, the item or the text of a line, and those next to it."""

    def __init__(self, text: str, line: Line) -> None:
        self.path: list[Step] = []
        self._anchored: list[tuple[str, int]] = []
        self.keys: dict[str, str] = {}
        self.items: list[str] = []
        self.is_text = False  # in a block scalar, or below another scalar
        self._column, self._is_item, self._in_items = line.column, False, False
        first = line.column
        dashes = [dash for dash in line.dashes if dash < line.column]
        if dashes:
            self._take_dashes(dashes)
            self._in_items = True
        for begin, end in _lines_above(text, line.begin):
            # Nothing else of a node that is found can be around the place.
            is_done = bool(self.path) and not self._is_item
            if _is_deeper(text, begin, self._column - is_done):
                continue
            above = Line(text[begin:end].rstrip("\r"), begin)
            if above.text.startswith(_MARKERS):
                break
            if not above.is_blank and above.indent <= self._column:
                self._take(above)
            is_top = self._column == 0 and not self._is_item and self.path
            if self.is_text or is_top:
                break
        self.path.reverse()
        size = len(self.path)
        self.anchors = tuple((name, size - below) for name, below in self._anchored)
        self._look_below(text, line, first, dashes)

    def _take(self, line: Line) -> None:
        """Take a line above: as a node around the place, or as one next to it."""
        if line.key is not None:
            is_list = self._is_item and not line.dashes and line.column == self._column
            if line.column < self._column or is_list:
                self._enter(line)
            elif line.column == self._column and not self._is_item and not self.path:
                self.keys[line.key] = _scalar(line.text[line.value :])
        elif line.dashes and line.dashes[-1] == self._column and (self._in_items or not self.path):
            self.items.append(_scalar(line.text[line.column :]))
        self._take_dashes([dash for dash in line.dashes if dash < self._column])

    def _take_dashes(self, dashes: list[int]) -> None:
        for dash in reversed(dashes):
            self.path.append(0)
            self._column, self._is_item, self._in_items = dash, True, False

    def _enter(self, line: Line) -> None:
        rest = line.text[line.value :]
        if _BLOCK.match(rest) or not _ALONE.match(rest):
            self.is_text = True
        anchor = _ANCHOR.search(rest)
        if anchor is not None:
            self._anchored.append((anchor[1], len(self.path)))
        self.path.append(line.key or "")
        self._column, self._is_item, self._in_items = line.column, False, False

    def _look_below(self, text: str, line: Line, column: int, dashes: list[int]) -> None:
        """Take the keys and items that follow next to the place."""
        last = dashes[-1] if dashes else column
        in_mapping = True
        for begin, end in _lines_below(text, line.begin):
            if _is_deeper(text, begin, max(last, column)):
                continue
            below = Line(text[begin:end].rstrip("\r"), begin)
            if below.is_blank:
                continue
            if below.text.startswith(_MARKERS) or below.indent < min(last, column):
                return
            if below.dashes and below.dashes[-1] == last:
                in_mapping = in_mapping and not dashes
                self.items.append(_scalar(below.text[below.column :]))
            elif below.indent < column:
                return
            elif below.key is not None and below.column == column and in_mapping:
                self.keys.setdefault(below.key, _scalar(below.text[below.value :]))


def _ancestors(text: str, begin: int, column: int) -> Iterator[Line]:
    """Yield the lines above that a line may be inside of, the nearest first."""
    for start, end in _lines_above(text, begin):
        if column == 0:
            return
        if not _is_deeper(text, start, column - 1):
            above = Line(text[start:end].rstrip("\r"), start)
            if not above.is_blank:
                column = above.indent
                yield above


def _is_deeper(text: str, begin: int, column: int) -> bool:
    """Return whether a line is blank, or begins behind a column."""
    return text[begin : begin + column + 1].isspace()


def _lines_above(text: str, end: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each line before an offset, the last one first."""
    for _ in range(_MOST_LINES):
        if end <= 0:
            return
        begin = text.rfind("\n", 0, end - 1) + 1
        yield begin, end - 1
        end = begin


def _lines_below(text: str, begin: int) -> Iterator[tuple[int, int]]:
    """Yield the start and the end of each line after the one with an offset."""
    begin = text.find("\n", begin) + 1
    for _ in range(_MOST_LINES):
        if not begin:
            return
        end = text.find("\n", begin)
        yield begin, len(text) if end < 0 else end
        begin = end + 1


def _goes_on_below(text: str, line: Line) -> bool:
    """Return whether the value of a key is on the lines below it."""
    for begin, end in _lines_below(text, line.begin):
        below = Line(text[begin:end].rstrip("\r"), begin)
        if not below.is_blank:
            is_item = bool(below.dashes) and not line.dashes
            return below.indent > line.column - is_item
    return False


def _value(line: Line, column: int) -> tuple[int, int, str]:
    """Return the columns of the scalar after a key or the dashes, and its quote."""
    start = line.value + _skipped(line)
    if start > column:
        start = column
    text = line.text[start:]
    if text[:1] in _QUOTES:
        inner, closing, _ = text[1:].partition(text[0])
        end = start + 1 + len(inner)
        if not closing or column <= end:
            return start + 1, end, text[0]
    comment = _COMMENT.search(text)
    end = start + len((text[: comment.start()] if comment else text).rstrip())
    return start, max(end, column), ""


def _skipped(line: Line) -> int:
    """Return the length of anchors and tags before a value."""
    found = _PROPERTIES.match(line.text, line.value)
    return found.end() - line.value if found is not None else 0


def _scalar(text: str) -> str:
    """Return the scalar of a value or an item, without properties, quotes and comment."""
    found = _PROPERTIES.match(text)
    text = text[found.end() :] if found is not None else text
    if text[:1] in _QUOTES:
        return text[1:].partition(text[0])[0]
    comment = _COMMENT.search(text)
    return (text[: comment.start()] if comment else text).strip()


def _in_comment(before: str) -> bool:
    """Return whether a line is in a comment at its end."""
    for found in _COMMENT.finditer(before):
        head = before[: found.start()]
        if head.count('"') % 2 == 0 and head.count("'") % 2 == 0:
            return True
    return False
