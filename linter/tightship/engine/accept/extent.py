"""How far a comment reaches: over all that begins on its line, or on the next one."""

from __future__ import annotations

from bisect import bisect_right

from tightship.lazy.regex import regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Sequence as Listed

    from tightship.syntax.dockerfile.nodes import Dockerfile
    from tightship.syntax.yaml.nodes import Node
    from tightship.text import Source, Span

    Extent = Callable[[Span], tuple[int, int] | None]

_COMMENT = regex(r"[ \t]*#")


def yaml_extent(documents: Listed[Node]) -> Extent:
    """Return what tells of a comment in a Compose file where it holds."""
    known: dict[int, tuple[int, int] | None] = {}

    def extent(comment: Span) -> tuple[int, int] | None:
        source = comment.source
        start = source.line_start(comment.start)
        line = (
            _line_below(source, comment.start, known)
            if not source.text[start : comment.start].strip()
            else (start, source.line_end(start))
        )
        if line is None:
            return None
        start, end = line
        for document in documents:
            if document.span.start <= end and start <= document.span.end:
                return start, max(end, _end_of_first(document, start, end))
        return line

    return extent


def _end_of_first(node: Node, start: int, end: int) -> int:
    """Return where the outermost entry or item ends that begins on a line."""
    from tightship.syntax.yaml.nodes import Mapping, Sequence  # a Dockerfile has none

    while True:
        if isinstance(node, Mapping):
            place = bisect_right(node.entries, end, key=_start_of_key) - 1
            # Of several on the line, the line as a whole is meant.
            while place > 0 and _start_of_key(node.entries[place - 1]) >= start:
                place -= 1
            if place < 0:
                return end
            key, below = node.entries[place]
            if key.span.start >= start:
                return max(key.span.end, below.span.end)
        elif isinstance(node, Sequence):
            place = bisect_right(node.items, end, key=_start_of) - 1
            while place > 0 and _start_of(node.items[place - 1]) >= start:
                place -= 1
            if place < 0:
                return end
            below = node.items[place]
            if below.span.start >= start:
                return below.span.end
        else:
            return end
        node = below


def _start_of(node: Node) -> int:
    return node.span.start


def _start_of_key(entry: tuple[Node, Node]) -> int:
    return entry[0].span.start


def dockerfile_extent(file: Dockerfile) -> Extent:
    """Return what tells of a comment in a Dockerfile where it holds."""
    starts = [one.span.start for one in file.instructions]
    stages = [one.span.start for one in file.instructions if one.name == "FROM"]
    known: dict[int, tuple[int, int] | None] = {}

    def extent(comment: Span) -> tuple[int, int] | None:
        line = _line_below(comment.source, comment.start, known)
        if line is None:
            return None
        above = bisect_right(starts, comment.start) - 1
        if above >= 0 and comment.start < file.instructions[above].span.end:
            return line  # within an instruction, it is about the next line
        below = above + 1
        if below == len(starts) or not line[0] <= starts[below] <= line[1]:
            return None
        if file.instructions[below].name != "FROM":
            return starts[below], file.instructions[below].span.end
        after = bisect_right(stages, starts[below])
        end = stages[after] if after < len(stages) else len(comment.source.text) + 1
        return starts[below], end - 1

    return extent


def _line_below(
    source: Source, offset: int, known: dict[int, tuple[int, int] | None]
) -> tuple[int, int] | None:
    """Return the next line that is no comment, unless a blank line comes before it.

    ``known`` holds the answer for the lines that were looked at.
    """
    number = first = source.point(offset)[0] + 1
    found = None
    while number < len(source.line_starts):
        if number in known:
            found = known[number]
            break
        text = source.line(number)
        if not _COMMENT.match(text):
            start = source.line_starts[number]
            found = (start, start + len(text)) if text.strip() else None
            break
        number += 1
    known.update(dict.fromkeys(range(first, number + 1), found))
    return found
